class K:
    pass


class Other:
    pass


owner = K()


def f(x):
    owner.__class__ = Other
    return x * x


ARGUMENTS = (2.0,)
