def f(x, n):
    values = []
    for k in range(n):
        values.append((k, x * k))
    return values[0][1]


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
