"""Modules whose function asks the world around it, in loops and branches, and statements that change this world between calls."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

PRELUDE = """\
import numpy as np
import s2sad


class Base:
    k = 2.0

    def m(self, v):
        return v * v * self.k

    def other(self, v):
        return v * 1.25

    @property
    def p(self):
        return 3.0

    @staticmethod
    def s(v):
        return v * 0.25

    @classmethod
    def c(cls, v):
        return v * cls.k


class Owner(Base):
    def m(self, v):
        return super().m(v) + self.s(v)

    def __getattr__(self, name):
        if name in ("z", "y"):
            return 5.0 if name == "z" else 0.5
        raise AttributeError(name)

    def __call__(self, v):
        return self.other(v) * self.z


class Unrelated:
    pass


ob, sub = Base(), Owner()
both = [ob, sub]
K, W = 0.75, np.array([1.0, 2.0, -1.0])
L = [0.4, 1.2]
M = L
D = {"a": 0.5, "b": L}


def h(v, w=2.0):
    return v * w * K


def through(o, v):
    return o.m(v) if v > 0.2 else o.other(v)


g = h


@s2sad.custom_vjp
def own(v):
    return v * v * K


@s2sad.custom_jvp
def pushed(v):
    return v * ob.k


def root(v):
    return (v * v + K * K) ** 0.5


solved = s2sad.implicit(root, lambda y, v: y * y - v * v - K * K)
own.defvjp(lambda v: (own(v), (v, L)), lambda kept, c: (c * kept[0] * 2.0 * K * kept[1][0],))
pushed.defjvp(lambda primals, moved: (pushed(primals[0]), moved[0] * ob.k * primals[0]))


def f(x, n):
    t = x * 0.5
"""
ASKED = (
    "ob.m(x)", "sub.m(x)", "sub(x)", "ob.other(t)", "ob.k * x", "sub.k * t", "sub.z * x", "sub.y + x", "ob.p * x", "sub.p",
    "Owner.s(x)", "sub.c(x)", "h(x)", "g(x, K)", "K * x", "L[1] * x", "M[0] * t", "D['a'] * x", "D['b'][0] * x", "abs(x)",
    "sum(L) * x", "len(M) * x", "max(x, K)", "float(np.sum(W * x))", "W[0] * x", "float(np.dot(W, W)) * x", "through(ob, x)",
    "through(sub, x)", "both[0].m(x)", "(x if isinstance(sub, Base) else 2.0 * x)", "(x if isinstance(ob, Owner) else 3.0 * x)",
    "(x if issubclass(Owner, Base) else 0.25 * x)", "(x if hasattr(ob, 'z') else 4.0 * x)", "getattr(ob, 'w', 1.5) * x",
    "(x if L is M else 6.0 * x)", "(x if g is h else 7.0 * x)", "sum(o.m(x) for o in both)",
    "own(x)", "pushed(t)", "solved(x)", "own(t) * pushed(x)", "s2sad.stop_gradient(h(x)) * t",
)  # fmt: skip
HEADS = ("if x > 0.3:", "if t < 1.0:", "for _ in range(n):", "for _ in range(3):", "for w in L:", "for o in both:", "while t < 0.4:")
CHANGES = (
    "ob.m = lambda v: v * 0.5", "sub.m = lambda v: v * 0.75", "ob.other = lambda v: v * v", "sub.other = abs", "sub.z = 1.5",
    "sub.y = 2.5", "ob.k = 7.0", "sub.k = 0.125", "Base.k = 5.0", "Owner.k = 6.0", "Owner.z = 8.0",
    "Base.m = lambda self, v: v * 3.0", "Base.other = lambda self, v: v * 9.0", "Owner.m = Base.m", "Owner.__getattr__ = lambda s, n: 4.0",
    "Owner.__call__ = lambda self, v: v * 11.0", "Base.s = staticmethod(lambda v: v * 13.0)", "Owner.s = staticmethod(lambda v: v)",
    "Base.c = classmethod(lambda cls, v: v * 17.0)", "Base.p = property(lambda self: 0.2)", "Owner.p = 0.3", "K = 3.5", "K = 2",
    "W = np.array([4.0])", "W = np.ones(4)", "L = [0.1, 0.2, 0.3]", "L[1] = -1.5", "L.append(0.7)", "M = [2.5, 3.5]", "M = L",
    "D = {'a': 1.5, 'b': M}", "D['b'] = [0.9]", "def h(v, w=0.5):\n    return v + w", "h.__defaults__ = (6.0,)",
    "h.__code__ = (lambda v, w: v * 19.0).__code__", "g = lambda v, w=1.0: v * w", "g = h", "abs = lambda v: v * v", "abs = float.__abs__",
    "isinstance = lambda o, c: False", "max = min", "sub.__class__ = Unrelated", "sub.__class__ = Owner", "ob.__class__ = Owner",
    "ob = Owner()", "sub = Owner()", "both = [sub, ob]", "both[0] = Owner()", "Owner = Base", "Base = Unrelated", "ob.w = 0.6",
    "vars(ob).clear()", "vars(sub).clear()", "through = lambda o, v: o.other(v)",
    "own.defvjp(lambda v: (own(v), v), lambda v, c: (c * 3.0 * v * K,))", "pushed.defjvp(lambda p, m: (pushed(*p), m[0] * W[0]))",
    "own = pushed", "pushed = lambda v: v * 0.75", "solved = s2sad.implicit(lambda v: v * K, lambda y, v: y - v * K)",
)  # fmt: skip


@st.composite
def asking(draw: Any) -> str:
    """A module whose function asks in straight code, loops, branches and loops within them."""
    lines: list[str] = []

    def block(depth: int, size: int) -> None:
        for number in range(size):
            pad, kind = "    " * depth, draw(st.integers(0, 9))
            if kind < 4 or depth > 3 or (number and kind < 5):
                lines.append(f"{pad}t = t + {draw(st.sampled_from(ASKED))}")
            else:
                head = draw(st.sampled_from(HEADS))
                lines.append(pad + head)
                if head.startswith("while"):
                    lines.append(f"{pad}    t = t + 0.3")
                block(depth + 1, draw(st.integers(1, 2)))
                if head.startswith("if") and draw(st.booleans()):
                    lines.append(f"{pad}else:")
                    block(depth + 1, 1)

    block(1, draw(st.integers(2, 5)))
    return PRELUDE + "\n".join(lines) + "\n    return t * x\n"


changes = st.lists(st.sampled_from(CHANGES), min_size=3, max_size=6)
