def f(x, n):
    values = (x * k for k in range(n))
    for _ in range(n):
        x = x + sum(values)
    return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
