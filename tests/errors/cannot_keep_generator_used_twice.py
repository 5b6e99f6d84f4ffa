def terms(x, n):
    for k in range(n):
        yield x * k


def f(x, n):
    values = terms(x, n)
    return sum(values) + sum(values)


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
