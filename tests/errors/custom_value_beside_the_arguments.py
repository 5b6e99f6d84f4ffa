from s2sad import custom_vjp


def f(x):
    scaled = custom_vjp(lambda y: x * y)
    scaled.defvjp(lambda y: (x * y, None), lambda _, g: (g,))
    return scaled(x)


ARGUMENTS = (2.0,)
