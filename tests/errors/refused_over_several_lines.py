def f(x):
    return x * eval(
        "2.0 + "
        "3.0"
    )


ARGUMENTS = (1.0,)
