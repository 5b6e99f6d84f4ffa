def make():
    count = 0

    def f(x):
        nonlocal count
        count += 1
        return x * count

    return f


f = make()
ARGUMENTS = (1.0,)
