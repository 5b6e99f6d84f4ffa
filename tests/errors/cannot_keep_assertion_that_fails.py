def f(x):
    if x > 5.0:
        assert isinstance(x, str)
    return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (1.0,)
