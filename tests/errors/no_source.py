import s2sad

namespace = {}
exec(compile("def f(x):\n    return x * x\n", "<nowhere>", "exec"), namespace)


def run():
    return s2sad.grad(namespace["f"])(1.0)
