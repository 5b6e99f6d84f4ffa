def f(x, n):
    state = [0]

    def more():
        state[0] = state[0] + 1
        return state[0] < n

    while more():
        x = x * 1.5
    return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
