def f(x, n):
    return sum({x**k for k in range(n)})


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
