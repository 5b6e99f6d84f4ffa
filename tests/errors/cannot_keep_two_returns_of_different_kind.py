def f(x):
    if x > 1.0:
        return {1.0}
    return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0,)
