def helper(größe):
    é = größe * 2.0; return é * eval("3.0")


def f(x):
    return helper(x)


ARGUMENTS = (1.0,)
