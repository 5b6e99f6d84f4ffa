def f(x, n):
    for _ in range(n):
        input()
    return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
