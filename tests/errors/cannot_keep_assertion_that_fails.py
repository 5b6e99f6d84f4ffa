def f(x):
    assert isinstance(x, str)
    return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (1.0,)
