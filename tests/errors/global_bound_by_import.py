def f(x):
    global math
    import math

    return math.sin(x)


ARGUMENTS = (2.0,)
