history = []


def f(x, n):
    for _ in range(n):
        history.append(x)
        x = x * len(history)
    return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
