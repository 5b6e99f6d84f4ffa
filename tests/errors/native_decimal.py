from decimal import Decimal


def f(x):
    return float(Decimal(x)) * x


ARGUMENTS = (2.0,)
