COUNT = 0


def f(x):
    global COUNT
    COUNT += 1
    return x * COUNT


ARGUMENTS = (1.0,)
