from fractions import Fraction


def f(x):
    return float(Fraction(x)) * x


ARGUMENTS = (2.0,)
