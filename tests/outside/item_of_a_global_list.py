LOG = [1.0]


def f(x):
    LOG[0] = 2.0
    return x * x


ARGUMENTS = (1.0,)
