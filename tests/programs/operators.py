"""User classes with operators: arithmetic, comparison, containers, iteration, descriptors."""

from __future__ import annotations

import functools
import math

import numpy as np

from . import program
from .samples import positive, wave


class Vec:
    """A vector in the plane with the operators one would give it."""

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        if isinstance(other, Vec):
            return Vec(self.x + other.x, self.y + other.y)
        return NotImplemented

    def __radd__(self, other):
        return Vec(self.x + other, self.y + other)

    def __sub__(self, other):
        return self + -other

    def __neg__(self):
        return Vec(-self.x, -self.y)

    def __mul__(self, k):
        return Vec(self.x * k, self.y * k)

    __rmul__ = __mul__

    def __truediv__(self, k):
        return self * (1 / k)

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y

    def __pow__(self, n):
        return Vec(self.x**n, self.y**n)

    def __abs__(self):
        return math.sqrt(self @ self)

    def __iadd__(self, other):
        self.x += other.x
        self.y += other.y
        return self

    def __iter__(self):
        yield self.x
        yield self.y

    def __getitem__(self, index):
        return (self.x, self.y)[index]

    def __len__(self):
        return 2

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def __lt__(self, other):
        return abs(self) < abs(other)

    def __bool__(self):
        return self.x > 0

    def __float__(self):
        return float(abs(self))

    def __contains__(self, value):
        return value in (self.x, self.y)

    def __repr__(self):
        return f"Vec({self.x:.2f}, {self.y:.2f})"


@program((0.5, 1.2), (-1.7, 0.4), argnums=(0, 1))
def vector_arithmetic(x, y):
    a, b = Vec(x, y), Vec(1.0, x * y)
    c = 2 * a + b / 4 - a * y
    d = sum([a, b, c], Vec(0.0, 0.0))
    return (c @ d) * abs(a) + (a**2 @ b) + (1.5 + b).y


@program((0.5, 1.2), (-1.7, 0.4), argnums=(0, 1))
def vector_in_place_and_aliases(x, y):
    a = Vec(x, y)
    alias = a
    for k in range(3):
        a += Vec(k * x, y * y)
    alias.x *= 2
    return a @ alias + a.x


@program((0.5, 1.2), (-1.7, 0.4), argnums=(0, 1))
def vector_as_sequence(x, y):
    v = Vec(x, y)
    first, second = v
    total = v[0] * v[-1] + sum(v) * len(v) + max(v)
    for k, part in enumerate(v):
        total += part ** (k + 2)
    return total + first * math.hypot(*v) + (x in v) * second


@program((0.5, 1.2), (-1.7, 0.4), (0.2, -2.2), argnums=(0, 1))
def comparison_and_truth_of_objects(x, y):
    a, b = Vec(x, 0.3), Vec(y, 0.5)
    small, large = sorted([a, b])
    total = small.x * 2 + large.x**2
    if a and not b:
        total *= 3
    if a != b or a > b:
        total += float(a) * y
    return total if len(repr(a)) > 3 else -total


@functools.total_ordering
class Dual:
    """Forward mode by hand, inside the function that is differentiated."""

    def __init__(self, value, slope=0.0):
        self.value, self.slope = value, slope

    def __add__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    __radd__ = __add__

    def __mul__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    __rmul__ = __mul__

    def __lt__(self, other):
        return self.value < other

    def __eq__(self, other):
        return self.value == other

    def sin(self):
        return Dual(math.sin(self.value), math.cos(self.value) * self.slope)


@program((0.5, 1.2), (1.9, 0.4), argnums=(0, 1))
def dual_numbers_by_hand(x, y):
    d = Dual(x, 1.0)
    f = 3 * d * d + y * d.sin() + 1.0
    if d >= 1.0:
        f = f * d
    return f.slope * y + f.value


class Polynomial:
    def __init__(self, *coefficients):
        self.coefficients = coefficients

    def __call__(self, x):
        return functools.reduce(lambda acc, c: acc * x + c, reversed(self.coefficients), 0.0)

    def __mul__(self, other):
        n = len(self.coefficients) + len(other.coefficients) - 1
        out = [0.0] * n
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(other.coefficients):
                out[i + j] += a * b
        return Polynomial(*out)

    def derivative(self):
        return Polynomial(*(k * c for k, c in enumerate(self.coefficients) if k))


@program((0.5, 1.2), (-1.7, 0.4), argnums=(0, 1))
def polynomial_objects(x, c):
    p = Polynomial(1.0, c, -0.5)
    square = p * p
    return square(x) + (p * square).derivative()(c) - p(p(x))


class Positive:
    """A descriptor: stores the logarithm, reads as a positive number."""

    def __set_name__(self, owner, name):
        self.slot = "_" + name

    def __get__(self, instance, owner=None):
        return math.exp(getattr(instance, self.slot))

    def __set__(self, instance, value):
        setattr(instance, self.slot, value)


class Kernel:
    length = Positive()
    gain = Positive()

    def __init__(self, length, gain):
        self.length = length
        self.gain = gain

    def __call__(self, a, b):
        return self.gain * np.exp(-((a - b) ** 2) / self.length)

    def gram(self, points):
        return np.array([[self(a, b) for b in points] for a in points])


@program((0.2, -0.5), (1.1, 0.3), argnums=(0, 1))
def descriptors_of_a_kernel(log_length, log_gain):
    kernel = Kernel(log_length, log_gain)
    gram = kernel.gram(np.array([0.0, 0.7, 1.9])) + 0.1 * np.eye(3)
    return np.linalg.slogdet(gram)[1] + kernel.gain


class Window:
    """An iterator with state of its own, and item access by slice."""

    def __init__(self, data, size):
        self.data, self.size, self.at = data, size, 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.at + self.size > len(self.data):
            raise StopIteration
        self.at += 1
        return self[self.at - 1 : self.at - 1 + self.size]

    def __getitem__(self, index):
        return self.data[index]


@program((wave(6), 2), (positive(5), 4), (wave(4, dtype=np.float32), 3), argnums=0)
def iterator_class_over_array(v, size):
    total = 0.0
    for k, part in enumerate(Window(v, size)):
        total += np.prod(part) * (k + 1)
    return total + Window(v, 1)[-1] ** 2


class Table:
    def __init__(self):
        self.cells = {}

    def __setitem__(self, key, value):
        self.cells[key] = self.cells.get(key, 0.0) + value

    def __getitem__(self, key):
        return self.cells[key]

    def __delitem__(self, key):
        del self.cells[key]

    def __missing__(self, key):
        return 0.0


@program((0.6, 4), (-1.1, 2), argnums=0)
def accumulating_item_assignment(x, n):
    table = Table()
    for i in range(n):
        for j in range(i + 1):
            table[i - j] = x ** (j + 1)
            table[0, j] = math.cos(i * x)
    table[0] += x
    del table[0, 0]
    return sum(table.cells.values()) * table[0]
