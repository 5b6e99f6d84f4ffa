def f(x):
    return x + 'text'


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0,)
