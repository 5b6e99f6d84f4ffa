def f(x):
    try:
        y = 1.0 / x
    except* ZeroDivisionError:
        y = x
    return y


ARGUMENTS = (1.0,)
