class Holder:
    item = 0.0


holder = Holder()


def f(x):
    return sum([x for holder.item in (1.0, 2.0)])


ARGUMENTS = (1.0,)
