def f(x, n):
    if x > 9.0:
        return x
    return x * f(x * 1.5, n - 1)


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
