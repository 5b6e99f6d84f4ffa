K = 2.0


def f(x):
    return locals()["x"] * x


ARGUMENTS = (1.0,)
