def helper(x):
    return x


def f(x):
    helper.calls = 1
    return x * x


ARGUMENTS = (1.0,)
