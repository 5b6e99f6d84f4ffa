"""Functions calling functions: signatures, closures, scopes, decorators and the functional built-ins."""

from __future__ import annotations

import functools
import itertools
import math
import operator
from functools import partial, reduce

import numpy as np

from . import program
from .samples import positive, wave

SLOPE = 0.75
COEFFICIENTS = (0.5, -1.25, 2.0)
SETTINGS = {"gain": 1.5, "shape": np.array([1.0, -2.0, 0.5])}


def affine(x, slope=SLOPE, intercept=0.25):
    return slope * x + intercept


def weighted(*terms, weight=1.0, **scales):
    total = 0.0
    for k, term in enumerate(terms):
        total = total + weight * term / (k + 1)
    for name, value in scales.items():
        total = total * value + len(name)
    return total


def normalise(v, *, ord_=2, eps=1e-3):
    size = np.sum(np.abs(v) ** ord_) ** (1.0 / ord_)
    return v / (size + eps)


def scaled(factor):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return factor * function(*args, **kwargs)

        return wrapper

    return decorate


@scaled(2.5)
def scaled_bump(x, width=1.0):
    return math.exp(-((x / width) ** 2))


@functools.lru_cache(maxsize=64)
def binomial(n, k):
    return 1 if k in (0, n) else binomial(n - 1, k - 1) + binomial(n - 1, k)


@program((0.4, 2.0), (-1.1, 0.3), argnums=(0, 1))
def helpers_with_defaults_and_keywords(x, y):
    return affine(x) * affine(y, intercept=x) + affine(intercept=y, x=x, slope=2.0) + affine(affine(x), y)


@program((0.4, 2.0, 1.5), (-1.1, 0.3, 0.2), argnums=(0, 1, 2))
def varargs_and_kwargs_in_helper(x, y, z):
    base = weighted(x, y, x * y)
    extra = weighted(z, weight=y, alpha=x, be=2.0)
    options = {"weight": z, "gamma": y}
    return base * extra + weighted(*[x, y, z], **options) + weighted()


@program((1.0, 2.0, 3.0), (0.5,), (0.5, -1.5), argnums=0)
def varargs_in_signature(first, *rest):
    total = first**2
    for k, value in enumerate(rest, start=2):
        total += value**k * first
    return total


@program((positive(3),), (wave(5),), (wave(4, dtype=np.float32),))
def keyword_only_helper(v):
    u = normalise(v)
    w = normalise(v * v, ord_=4, eps=0.5)
    return np.sum(u * w) + normalise(v=v, ord_=1)[0]


@program((0.7, 3), (1.9, 0), argnums=0)
def closure_counter_with_nonlocal(x, repeats):
    calls = 0
    total = 0.0

    def accumulate(value):
        nonlocal calls, total
        calls += 1
        total = total * 0.5 + value * calls

    for k in range(repeats):
        accumulate(math.sin(x + k))
        if total > 1.0:
            accumulate(-x)
    return total + calls * x


@program((0.7, 1.2), (1.9, -0.5), argnums=(0, 1))
def closures_as_values(x, y):
    def adder(amount):
        return lambda v: v + amount

    def compose(*functions):
        def composed(v):
            for function in reversed(functions):
                v = function(v)
            return v

        return composed

    return compose(math.sin, adder(x), lambda v: v * y, adder(2.0))(x * y)


@program((0.5,), (2.0,))
def late_binding_in_closures(x):
    offset = 1.0

    def shifted(v):
        return v * (offset + x)

    first = shifted(x)
    offset = first * x
    bound = [lambda v, k=k: v**2 + k * offset for k in range(3)]
    offset = math.sin(offset)
    return first + shifted(x) + sum(f(0.5) for f in bound)


@program((positive(3),), (wave(3),), (wave(3, dtype=np.float32),))
def reads_globals_and_tables(v):
    a, b, c = COEFFICIENTS
    poly = a + b * v + c * v**2
    return np.sum(poly * SETTINGS["shape"]) * SETTINGS["gain"] + SLOPE * v[1]


@program((0.6, 1.4), (-0.8, 0.9), argnums=(0, 1))
def lambdas_on_one_line(x, y):
    f, g, h = (lambda t: t * t + y), (lambda t: math.exp(-t) * x), (lambda u, v=x: u / (1 + v * v))
    return f(g(x)) - g(f(y)) + h(y) * h(x, v=y)


@program((0.6, 1.4), (2.3, -0.4), argnums=(0, 1))
def partial_application(x, y):
    steep = partial(affine, slope=y)
    flat = partial(steep, slope=0.1, intercept=x)
    from_left = partial(pow, 1.5)
    return steep(x) * flat(y) + from_left(x) + partial(weighted, x, y)(x * y, weight=2.0)


@program((wave(5),), (positive(2),), (wave(3, dtype=np.float32),))
def reduce_three_ways(v):
    product = reduce(operator.mul, v)
    horner = reduce(lambda acc, c: acc * 0.5 + c, v, 1.0)
    chosen = reduce(lambda a, b: a if a > 2 * b else a + b, v)
    return product + horner * chosen


@program(([1.0, -2.0, 0.5],), ([0.3, 0.9],), ([2.0, -0.7, -1.6, 1.1],))
def map_and_filter(values):
    def square(v):
        return v * v

    squares = map(square, values)
    positives = list(filter(lambda v: v > 0, values))
    products = map(operator.mul, values, values[1:])
    return sum(squares) + sum(positives) * len(positives) + math.prod(products)


@program(([1.0, -2.0, 0.5, 0.2],), ([-0.3, 0.9],), ([2.0, -0.7, -1.6],))
def sorted_with_key(values):
    by_size = sorted(values, key=abs, reverse=True)
    ascending = sorted(values)
    total = 0.0
    for rank, (big, small) in enumerate(zip(by_size, ascending)):
        total += (rank + 1) * big * big + small / (rank + 2)
    return total


@program(([1.0, -2.0, 0.5], 0.3), ([], 1.5), ([0.25], 0.75), argnums=1)
def min_max_with_key_and_default(values, x):
    shifted = [v * x for v in values]
    top = max(shifted, default=x * x)
    far = max(shifted, key=lambda v: abs(v), default=3 * x)
    low = min(x, 0.9, 2 * x) + min(shifted, default=-x, key=lambda v: -v)
    return top * 2 + far + low


@program((0.3, 0.8, -0.5), (0.8, 0.3, -0.1), (-0.7, -0.2, 0.6), argnums=(0, 1, 2))
def min_max_of_several(x, y, z):
    return max(x, y, z) ** 2 + min(x * y, z) + max((x, 0.1)) * min([y, z, 0.5]) + max("ab", "b", key=len).count("a") * x


@program(([0.5, 2.0, -1.0], 0.7), ([1.5], -0.2), ([], 1.1), argnums=1)
def sum_with_start(values, x):
    total = sum(values, start=x) * 2
    nested = sum(((x, 2 * x), (x * x,)), ())
    return total + sum(v * x for v in values) + sum(nested, 0.5)


@program((wave(4), 1.2), (positive(4), 0.4), (-positive(3), 0.9), argnums=(0, 1))
def any_all_choose_path(v, limit):
    if all(x > 0 for x in v):
        return np.sum(np.log(v)) * limit
    if any(abs(x) > limit for x in v):
        return np.sum(v) * limit**2
    return limit * 3 + v[0]


@program((0.8,), (-1.7,))
def decorated_helper(x):
    local = scaled(0.5)(lambda t: t**3 + x)
    return scaled_bump(x) + scaled_bump(x / 2, width=1.5 + x * x) * local(x)


@program((0.3, 4), (0.6, 7), argnums=0)
def cached_integer_helper(p, n):
    return sum(binomial(n, k) * p**k * (1 - p) ** (n - k) * math.sqrt(k + 1) for k in range(n + 1))


@program((0.6, ["sin", "square"]), (0.6, []), (-1.1, ["square", "shift", "sin"]), argnums=0)
def dispatch_table(x, steps):
    table = {"sin": math.sin, "square": lambda v: v**2, "shift": partial(affine, slope=1.5)}
    return reduce(lambda value, step: table[step](value), steps, x) + 0.1 * x


@program(([0.5, -1.0, 2.0, 0.7],), ([1.5, 0.2, 0.9],))
def itertools_helpers(values):
    pairs = sum(a * b for a, b in itertools.combinations(values, 2))
    running = list(itertools.accumulate(values))
    chained = sum(itertools.chain(values, running[1:]))
    return pairs + running[-1] * running[1] + chained * sum(itertools.islice(values, 2))


@program((0.8, 1.5), (1.2, -0.6), argnums=(0, 1))
def functions_returning_tuples(x, y):
    def polar(a, b):
        radius = math.hypot(a, b)
        return radius, math.atan2(b, a)

    def rotate(a, b, *, by):
        r, angle = polar(a, b)
        return r * math.cos(angle + by), r * math.sin(angle + by)

    u, v = rotate(x, y, by=0.3)
    u, v = rotate(*rotate(u, v, by=y), by=-0.1)
    return u * v + polar(*(x, y))[0]
