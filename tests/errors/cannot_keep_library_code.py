from collections import ChainMap


def f(x):
    table = ChainMap({"a": x})
    for _ in range(3):
        x = x * 2.0
    return table["a"] * x


ARGUMENTS = (1.0,)
OPTIONS = {"control": "keep"}
