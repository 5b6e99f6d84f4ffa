def helper(x):
    raise ValueError('no')


def f(x):
    return helper(x) + x


OPTIONS = {"control": "keep"}
ARGUMENTS = (1.0,)
