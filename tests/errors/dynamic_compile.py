K = 2.0


def f(x):
    return eval(compile("x", "", "eval"))


ARGUMENTS = (1.0,)
