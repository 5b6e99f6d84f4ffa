def helper(x):
    if x > 1.0:
        return x


def f(x):
    return helper(x) * 2.0


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0,)
