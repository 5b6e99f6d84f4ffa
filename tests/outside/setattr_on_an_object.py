class K:
    k = 1.0


owner = K()


def f(x):
    setattr(owner, "k", x)  # noqa: B010
    return x * x


ARGUMENTS = (1.0,)
