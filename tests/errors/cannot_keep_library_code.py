from collections import UserDict


def f(x):
    table = UserDict(a=x)
    for _ in range(3):
        x = x * 2.0
    return table.get("a") * x


ARGUMENTS = (1.0,)
OPTIONS = {"control": "keep"}
