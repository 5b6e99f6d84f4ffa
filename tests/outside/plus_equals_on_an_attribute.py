class K:
    k = 1.0


owner = K()


def f(x):
    owner.k += x
    return x * x


ARGUMENTS = (1.0,)
