def f(x):
    return x * x


ARGUMENTS = (1.0,)
OPTIONS = {"has_aux": True}
