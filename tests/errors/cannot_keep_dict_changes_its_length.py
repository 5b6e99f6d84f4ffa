def f(x, n):
    values = {}
    for k in range(n):
        values["last"] = x * k
    return values["last"]


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
