def f(x, n):
    a = [x, 2.0 * x]
    b = a
    if n > 2:
        b = [3.0 * x, x]
    b[0] = 5.0
    return a[0] + b[1]


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
