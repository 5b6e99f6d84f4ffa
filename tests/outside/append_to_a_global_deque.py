import collections

LOG = collections.deque()


def f(x):
    LOG.append(x)
    return x * x


ARGUMENTS = (1.0,)
