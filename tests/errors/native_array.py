import array


def f(x):
    return array.array('d', [x, 2.0])[0] * x


ARGUMENTS = (2.0,)
