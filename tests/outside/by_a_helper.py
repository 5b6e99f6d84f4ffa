LOG = []


def note(x):
    LOG.append(x)


def f(x):
    note(x)
    return x * x


ARGUMENTS = (1.0,)
