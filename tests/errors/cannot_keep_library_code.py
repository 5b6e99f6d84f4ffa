import statistics


def f(x):
    for _ in range(3):
        x = x * 2.0
    return statistics.multimode([x, 2.0])[0] * x


ARGUMENTS = (1.5,)
OPTIONS = {"control": "keep"}
