def f(x, n):
    values = [x]
    for k in range(n):
        values.append(x * k)
    return sum(values * 2)


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
