import time


def f(x):
    def key():
        return x

    time.sleep(key)
    return x


ARGUMENTS = (1.0,)
