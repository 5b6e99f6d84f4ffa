K = 2.0


def f(x):
    return vars()["x"] * x


ARGUMENTS = (1.0,)
