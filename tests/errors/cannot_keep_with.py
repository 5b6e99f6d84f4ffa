import contextlib


def f(x):
    with contextlib.nullcontext():
        return x * x


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0,)
