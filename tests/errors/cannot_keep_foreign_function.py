def f(x, n):
    for _ in range(n):
        print(x)
    return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
