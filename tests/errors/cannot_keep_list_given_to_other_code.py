def f(x, n):
    values = []
    for k in range(n):
        values.append(x * k)
    return sorted(values)[0]


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
