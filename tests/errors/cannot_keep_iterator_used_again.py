def f(x, y):
    pairs = zip((x, y), (y, x))
    first = list(pairs)
    return first[0][1] + len(list(pairs))


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3.0)
