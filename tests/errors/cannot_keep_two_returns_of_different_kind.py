def f(x):
    if x > 1.0:
        return [x, x]
    return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0,)
