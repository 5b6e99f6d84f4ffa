def f(x, n):
    return x * len(range(n))


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
