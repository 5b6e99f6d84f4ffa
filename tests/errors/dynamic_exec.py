K = 2.0


def f(x):
    return exec("y = x") or x


ARGUMENTS = (1.0,)
