def f(x):
    try:
        return x * x
    except ValueError:
        return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0,)
