class Metres(float):
    pass


def f(x):
    return Metres(x) * x


ARGUMENTS = (2.0,)
