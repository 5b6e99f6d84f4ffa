LOG = [1.0]


def f(x):
    del LOG[0]
    return x * x


ARGUMENTS = (1.0,)
