LOG = []


def f(x):
    row = [x]
    LOG.append(row)
    row.append(1.0)
    return x * x


ARGUMENTS = (2.0,)
