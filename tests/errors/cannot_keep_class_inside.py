def f(x, n):
    class Box:
        value = 2.0

    return x * Box.value


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
