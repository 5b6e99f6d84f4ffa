"""The `match` statement: literal, sequence, mapping, class, or, as and guarded patterns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from . import program
from .samples import wave


class Kind(Enum):
    HEAT = 1
    WORK = 2


@dataclass
class Circle:
    radius: float


@dataclass
class Box:
    width: float
    height: float
    corner: float = 0.0


class Pair:
    __match_args__ = ("left", "right")

    def __init__(self, left, right):
        self.left, self.right = left, right


@program((0.7, "relu"), (-0.7, "relu"), (0.7, "tanh"), (0.7, "swish"), (0.7, "none"), (0.7, 2), argnums=0)
def literal_patterns(x, activation):
    match activation:
        case "relu":
            return x * 1.0 if x > 0 else 0.01 * x
        case "tanh" | "sigmoid":
            return math.tanh(x)
        case 2 | 3 as power:
            return x**power
        case "swish":
            y = x / (1 + math.exp(-x))
        case _:
            y = x
    return y * 2.0


@program(([0.5],), ([0.5, 1.5],), ([0.5, 1.5, -1.0],), ([0.5, 1.5, -1.0, 2.0, 0.3],))
def sequence_patterns(values):
    match values:
        case []:
            return 1.25
        case [only]:
            return only**2
        case [a, b]:
            return a * b
        case [a, _, c]:
            return a / c
        case [first, second, *rest, last]:
            return first * last + second * sum(rest)


@program(
    ({"op": "mul", "a": 0.5, "b": 2.0},),
    ({"op": "exp", "arg": 0.3, "scale": 1.5},),
    ({"op": "poly", "c2": 0.7},),
)
def mapping_patterns(node):
    match node:
        case {"op": "mul", "a": a, "b": b}:
            return a * b + a
        case {"op": "exp", "arg": x, **rest}:
            return math.exp(x) * sum(rest.values())
        case {"op": str(), "c2": c}:
            return c * c * 3
        case _:
            raise ValueError(f"unknown node {node}")


def area(shape):
    match shape:
        case Circle(radius=r) if r > 1:
            return math.pi * r * r
        case Circle(r):
            return 3.0 * r * r
        case Box(width=w, height=h, corner=0.0):
            return w * h
        case Box(w, h) as box:
            return w * h - box.corner**2
        case Pair(left, right):
            return area(left) - 0.5 * area(right)
        case float() | np.floating():
            return shape * 2


@program((1.5, 0.4), (0.5, 2.0), argnums=(0, 1))
def class_patterns(x, y):
    scene = [Circle(x), Box(x, y), Box(y, x, corner=0.1 * x), Pair(Circle(y), Box(2.0, x)), x * y]
    return sum((k + 1) * area(shape) for k, shape in enumerate(scene))


@program((0.4, 2.0), (-0.4, 2.0), (3.0, 3.5), (0.4, -1.0), argnums=(0, 1))
def guards_on_values(x, y):
    match (x, y):
        case (a, b) if a < 0:
            return b * a**2
        case (a, b) if b < 0 or a > 5:
            return a - b
        case (a, b) if (d := a * b) > 10:
            return d * d
        case other:
            return other[0] * other[1]


@program((0.6, Kind.HEAT), (0.6, Kind.WORK), argnums=0)
def value_and_singleton_patterns(x, kind):
    total = 0.0
    for item in (kind, None, True, Kind.WORK):
        match item:
            case Kind.HEAT:
                total += x * 2
            case Kind.WORK:
                total = total * x + 1
            case None:
                total -= math.sin(x)
            case True:
                total *= 1.5
    return total


@program(
    (["+", 0.5, ["*", 2.0, 0.7]],), (["sin", ["+", 1.0, ["neg", 0.2]]],), (0.9,), (["sum", 0.4, 0.5, ["*", 0.6, 0.1]],)
)
def expression_evaluator(tree):
    def evaluate(node):
        match node:
            case ["+" | "sum", *terms]:
                return sum(evaluate(term) for term in terms)
            case ["*", left, right]:
                return evaluate(left) * evaluate(right)
            case ["sin" | "neg" as name, (float() | list()) as inner]:
                value = evaluate(inner)
                return math.sin(value) if name == "sin" else -value
            case number:
                return number

    return evaluate(tree) * 3.0


@program((wave(2, 3),), (wave(4),), (wave(1, 2, 2),))
def match_on_shape(v):
    match v.shape:
        case (n,):
            return np.sum(v**2) / n
        case (n, m) if n < m:
            return np.sum(v[0] * v[-1]) + n * m
        case (_, *rest):
            return np.sum(np.cos(v)) * len(rest)
