def f(x):
    for k in {i: 0 for i in range(600)}:
        x = x + k
    return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0,)
