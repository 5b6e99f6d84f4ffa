K = 2.0


def f(x):
    return globals()["K"] * x


ARGUMENTS = (1.0,)
