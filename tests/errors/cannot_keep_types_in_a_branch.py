def f(x):
    value = None
    if x > 1.0:
        value = {1.0}
    return sum(value) * x


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0,)
