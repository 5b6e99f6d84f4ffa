def f(x, n):
    if n == 0:
        return x
    return x * f(x, n - 1)


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
