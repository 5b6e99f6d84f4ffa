def f(x, n):
    values = []
    for k in range(n):
        values.append(x * k)
    for v in values:
        if v > 3.0:
            values.append(v / 2)
    return values[-1]


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
