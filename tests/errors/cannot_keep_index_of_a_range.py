def f(x, n):
    return x * range(n).index(1)


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
