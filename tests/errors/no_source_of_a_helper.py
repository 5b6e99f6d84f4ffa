import s2sad

namespace = {}
exec(compile("def helper(x):\n    return x * x\n", "<nowhere>", "exec"), namespace)
helper = namespace["helper"]


def f(x):
    return helper(x) + 1.0


def run():
    return s2sad.grad(f)(1.0)
