def helper(x):
    raise ValueError('no')


def f(x):
    if x > 5.0:
        x = helper(x)
    return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (1.0,)
