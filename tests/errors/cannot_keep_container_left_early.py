def f(x):
    for name in ('a', 'b'):
        if x > 1.0:
            break
        x = x * len(name)
    return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0,)
