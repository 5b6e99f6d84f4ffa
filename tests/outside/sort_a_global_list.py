LOG = [2.0, 1.0]


def f(x):
    LOG.sort()
    return x * x


ARGUMENTS = (1.0,)
