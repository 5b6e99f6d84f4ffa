import bisect

TIMES = [1.0, 3.0]


def f(x):
    bisect.insort(TIMES, 2.0)
    return x * TIMES[1]


ARGUMENTS = (1.0,)
