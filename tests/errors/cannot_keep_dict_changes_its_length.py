def f(x, n):
    values = {}
    for k in range(n):
        values["last"] = x * k
    return values["0"]


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
