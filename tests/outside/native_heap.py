import heapq

HEAP = [1.0]


def f(x):
    heapq.heappush(HEAP, 2.0)
    return x * x


ARGUMENTS = (1.0,)
