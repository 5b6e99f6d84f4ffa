class K:
    k = 1.0


owner = K()
owner.k = 2.0


def f(x):
    del owner.k
    return x * x


ARGUMENTS = (1.0,)
