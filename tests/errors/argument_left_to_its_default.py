def f(x, y=1.0):
    return x * y


ARGUMENTS = (1.0,)
OPTIONS = {"argnums": "y"}
