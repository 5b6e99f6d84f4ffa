import operator

pick = operator.methodcaller("tobytes")


def f(x):
    return len(pick(x)) * x[0]


ARGUMENTS = (__import__("numpy").ones(2),)
