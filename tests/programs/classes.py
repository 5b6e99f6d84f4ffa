"""User classes and dataclasses made inside the function: attributes, properties, methods, inheritance, `super()`."""

from __future__ import annotations

import abc
import math
from collections import namedtuple
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from . import program
from .samples import positive, wave


class Particle:
    count_limit = 3
    default_mass = 1.5

    def __init__(self, position, velocity, mass=None):
        self.position = position
        self.velocity = velocity
        self.mass = mass if mass is not None else self.default_mass

    @property
    def momentum(self):
        return self.mass * self.velocity

    @momentum.setter
    def momentum(self, value):
        self.velocity = value / self.mass

    @property
    def energy(self):
        return 0.5 * self.momentum * self.velocity + self.position**2

    def step(self, dt):
        self.velocity -= dt * 2 * self.position / self.mass
        self.position += dt * self.velocity
        return self

    @classmethod
    def at_rest(cls, position, **options):
        return cls(position, 0.0, **options)

    @staticmethod
    def reduced_mass(a, b):
        return a.mass * b.mass / (a.mass + b.mass)


class Heavy(Particle):
    default_mass = 4.0

    def __init__(self, position, velocity, drag):
        super().__init__(position, velocity)
        self.drag = drag

    def step(self, dt):
        super().step(dt)
        self.velocity *= 1 - self.drag * dt
        return self


@program((0.7, 1.2), (-1.4, 0.3), argnums=(0, 1))
def attributes_and_methods(x, v):
    p = Particle(x, v)
    for _ in range(5):
        p.step(0.1)
    p.label = "done"
    p.mass = p.mass + x
    return p.energy * p.position + len(p.label)


@program((0.7, 1.2), (-1.4, 0.3), argnums=(0, 1))
def properties_with_setter(x, v):
    p = Particle(x, v, mass=2 + v * v)
    p.momentum = p.momentum + x
    p.momentum *= 0.5
    for name in ("position", "velocity"):
        setattr(p, name, getattr(p, name) * getattr(p, "missing_" + name, v))
    return p.energy + p.velocity


@program((0.7, 1.2, 0.1), (-1.4, 0.3, 0.5), argnums=(0, 1, 2))
def inheritance_and_super(x, v, drag):
    bodies = [Particle(x, v), Heavy(x, v, drag)]
    for body in bodies:
        body.step(0.2).step(0.1)
    heavy = [b for b in bodies if isinstance(b, Heavy)]
    return sum(b.energy for b in bodies) + heavy[0].drag * Particle.count_limit


@program((0.7, 1.2), (-1.4, 0.3), argnums=(0, 1))
def class_and_static_methods(x, m):
    a = Particle.at_rest(x, mass=m)
    b = Particle.at_rest(position=2 * x)
    mu = Particle.reduced_mass(a, b)
    a.momentum = mu
    return a.reduced_mass(b, a) * a.energy + mu**2


class Layer(abc.ABC):
    def __init__(self, weight, bias=0.0):
        self.weight, self.bias = weight, bias
        self.calls = 0

    @abc.abstractmethod
    def activate(self, z): ...

    def __call__(self, x):
        self.calls += 1
        return self.activate(self.weight @ x + self.bias)


class TanhLayer(Layer):
    def activate(self, z):
        return np.tanh(z)


class Leaky(Layer):
    slope = 0.1

    def activate(self, z):
        return np.where(z > 0, z, self.slope * z)


class Chain:
    def __init__(self, *layers):
        self.layers = layers

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def __len__(self):
        return len(self.layers)


@program((wave(3, 2), wave(2, 3)), (wave(4, 2, phase=1.0), wave(1, 4)), argnums=(0, 1))
def callable_layers(w1, w2):
    net = Chain(TanhLayer(w1), Leaky(w2, bias=0.3))
    out = net(np.array([0.5, -1.0])) + net(np.array([1.5, 0.25]))
    return np.sum(out**2) * len(net) + net.layers[0].calls


@dataclass
class Gaussian:
    mean: float
    scale: float = 1.0
    tags: list = field(default_factory=list)

    def __post_init__(self):
        self.precision = 1 / self.scale**2

    def log_density(self, x):
        return -0.5 * self.precision * (x - self.mean) ** 2 - math.log(self.scale)

    def shifted(self, by):
        return replace(self, mean=self.mean + by)


@dataclass(frozen=True)
class Bounds:
    low: float
    high: float

    def squash(self, x):
        return self.low + (self.high - self.low) / (1 + math.exp(-x))


@program((0.3, 1.4), (-2.0, 0.6), argnums=(0, 1))
def dataclass_with_methods(mean, scale):
    g = Gaussian(mean, scale)
    h = g.shifted(scale).shifted(by=mean * 0.5)
    g.tags.append(h)
    total = sum(d.log_density(0.7) for d in (g, *g.tags))
    return total + Bounds(low=mean - 3, high=h.mean + 4).squash(scale) + (Bounds(0.0, 1.0) == Bounds(0.0, 1.0))


class Point(NamedTuple):
    x: float
    y: float = 0.5

    @property
    def norm2(self):
        return self.x**2 + self.y**2

    def rotated(self, angle):
        c, s = math.cos(angle), math.sin(angle)
        return Point(c * self.x - s * self.y, s * self.x + c * self.y)


Line = namedtuple("Line", "start end")


@program((0.3, 1.4), (-2.0, 0.6), argnums=(0, 1))
def named_tuples_with_methods(x, angle):
    p = Point(x)
    q = p.rotated(angle)._replace(x=x * angle)
    line = Line(start=p, end=q)
    (x0, y0), (x1, y1) = line
    return (x1 - x0) * (y1 - y0) + line.end.norm2 + q[1] * line[0].x


@program((0.3, 1.4), (-2.0, 0.6), argnums=(0, 1))
def namespaces_and_class_made_in_function(x, y):
    class Counter:
        step = y

        def __init__(self):
            self.total = 0.0

        def advance(self, times=1):
            for _ in range(times):
                self.total = self.total * x + self.step
            return self

    state = SimpleNamespace(inner=Counter(), weight=x)
    state.inner.advance().advance(times=3)
    state.weight *= state.inner.total
    return state.weight + state.inner.step


class Fallback:
    def __init__(self, **known):
        self.__dict__.update(known)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return len(name) * 0.5


@program((0.9,), (-1.3,))
def dynamic_attributes(x):
    store = Fallback(gain=x, bias=x * x)
    store.extra = math.sin(x)
    total = 0.0
    for name in ("gain", "bias", "extra", "unknown"):
        total = total * store.gain + getattr(store, name)
    return total + (hasattr(store, "_hidden") or x)


class Mixin:
    def describe(self):
        return self.value() * 2


class Base:
    def __init__(self, x):
        self.x = x

    def value(self):
        return self.x

    def __init_subclass__(cls, order=1, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.order = order


class Squared(Mixin, Base, order=2):
    def value(self):
        return super().value() ** self.order


class Shifted(Squared, order=3):
    def value(self):
        return super().value() + super(Squared, self).value()


@program((0.9, 0.5), (-1.3, 2.0), argnums=(0, 1))
def multiple_inheritance(x, y):
    bound = Shifted(y).describe
    return Squared(x).describe() + bound() * x + Base.value(Squared(x * y))


class Ema:
    """Keeps an array as its state and replaces it at each update."""

    def __init__(self, decay):
        self.decay = decay
        self.state = None

    def update(self, v):
        self.state = v if self.state is None else self.decay * self.state + (1 - self.decay) * v
        return self.state


@program((wave(3, 4), 0.7), (positive(5, 2), 0.2), (wave(1, 3), 0.5), argnums=(0, 1))
def stateful_object_over_rows(rows, decay):
    ema, peaks = Ema(decay), []
    for row in rows:
        peaks.append(ema.update(row).sum())
    return sum(p * p for p in peaks) + ema.state[0]
