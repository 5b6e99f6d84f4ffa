def f(x, n):
    numbered = enumerate((x, 2.0 * x))
    total = 0.0
    for _ in range(n):
        for k, v in numbered:
            total += k * v
    return total


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 3)
