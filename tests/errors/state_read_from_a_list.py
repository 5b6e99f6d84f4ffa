LOG = []


def f(x):
    LOG.append(x * x)
    return LOG[-1] * x


ARGUMENTS = (2.0,)
