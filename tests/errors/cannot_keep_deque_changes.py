import collections


def f(x, n):
    values = collections.deque([x])
    for _ in range(n):
        values.append(x * values[0])
    return values[0]


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
