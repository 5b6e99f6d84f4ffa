LOG = []


def f(x):
    log = LOG
    log += [1.0]
    return x * x


ARGUMENTS = (1.0,)
