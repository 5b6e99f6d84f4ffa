class Box:
    pass


def f(x, n):
    box = Box()
    box.value = x
    for _ in range(n):
        x = x * box.value
        del box.value
    return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (1.0, 1)
