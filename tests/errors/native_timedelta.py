from datetime import timedelta


def f(x):
    return timedelta(seconds=x).total_seconds()


ARGUMENTS = (2.0,)
