class K:
    k = 1.0


def f(x):
    K.k = x
    return x * x


ARGUMENTS = (1.0,)
