def f(x):
    value = None
    if x > 1.0:
        value = [x]
    return value[0] * 2.0


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0,)
