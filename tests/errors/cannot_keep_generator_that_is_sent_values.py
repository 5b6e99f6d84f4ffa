def terms(x, n):
    for k in range(n):
        y = yield x * k
        x = x if y is None else y


def f(x, n):
    total = 0.0
    for v in terms(x, n):
        total += v
    return total


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
