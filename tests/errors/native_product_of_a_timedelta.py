from datetime import timedelta

HOUR = timedelta(hours=1)


def f(x):
    return (HOUR * x).total_seconds() * x


ARGUMENTS = (2.0,)
