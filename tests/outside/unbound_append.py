LOG = []


def f(x):
    list.append(LOG, x)
    return x * x


ARGUMENTS = (1.0,)
