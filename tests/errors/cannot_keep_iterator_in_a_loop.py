def f(x, n):
    items = iter([1.0, 2.0, 3.0])
    for _ in range(n):
        x = x * 2.0
    return x * next(items)


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
