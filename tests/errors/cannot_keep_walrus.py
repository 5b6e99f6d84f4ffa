def f(x):
    return (y := x * x) * y


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0,)
