def f(x, y):
    return sorted([x, y, x * y, x + y, x - y])[0] * x


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3.0)
