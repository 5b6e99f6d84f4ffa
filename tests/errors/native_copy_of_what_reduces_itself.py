import copy


class Point:
    def __init__(self, k):
        self.k = k

    def __reduce__(self):
        return Point, (self.k,)


def f(x):
    return copy.deepcopy(Point(x)).k * x


ARGUMENTS = (2.0,)
