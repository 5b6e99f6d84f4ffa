import types

settings = types.ModuleType("settings")


def f(x):
    settings.tau = x
    return x * x


ARGUMENTS = (1.0,)
