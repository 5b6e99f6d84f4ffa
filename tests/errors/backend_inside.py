import s2sad


def f(x):
    with s2sad.backend("auto"):
        return x * x


ARGUMENTS = (2.0,)
