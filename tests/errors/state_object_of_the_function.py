LOG = []


class State:
    pass


def f(x):
    state = State()
    state.x = x
    LOG.append(state)
    return x * x


ARGUMENTS = (2.0,)
