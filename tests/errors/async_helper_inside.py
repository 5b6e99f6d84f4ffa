def f(x):
    async def helper():
        return x

    return x * x


ARGUMENTS = (1.0,)
