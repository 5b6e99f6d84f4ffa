async def f(x):
    return x * x


ARGUMENTS = (1.0,)
