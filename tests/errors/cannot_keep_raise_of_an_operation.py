def f(x):
    if x > 5.0:
        return x + 'text'
    return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0,)
