"""Arguments that are containers: list, tuple, dict, namedtuple, dataclass, nested; differentiated leaf by leaf."""

from __future__ import annotations

import math
from collections import namedtuple
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from . import program
from .samples import positive, wave


class Pendulum(NamedTuple):
    length: float
    gravity: float = 9.81

    def frequency(self):
        return math.sqrt(self.gravity / self.length)


State = namedtuple("State", ["position", "velocity"])


@dataclass
class Model:
    weights: np.ndarray
    bias: float
    name: str = "model"

    def predict(self, x):
        return x @ self.weights + self.bias


@dataclass
class Network:
    layers: list
    output: Model
    options: dict


@program(([0.5, 1.5, -2.0],), ([0.3],), ([1.0, 2.0, 3.0, 4.0],))
def list_of_floats(values):
    mean = sum(values) / len(values)
    return sum((v - mean) ** 2 for v in values) + values[0] * values[-1]


@program(((0.5, 1.5), 2.0), ((-0.7, 0.2), 0.4), argnums=(0, 1))
def tuple_and_scalar(point, scale):
    x, y = point
    return math.atan2(y, x) * scale + math.hypot(*point)


@program(({"a": 0.5, "b": wave(3)},), ({"a": -1.1, "b": wave(2, 2)},), ({"b": positive(4), "a": 2.0},))
def dict_of_scalar_and_array(params):
    total = params["a"] * np.sum(np.sin(params["b"]))
    for name, value in params.items():
        if name == "a":
            total += value**2
    return total


@program((Pendulum(1.2), 0.4), (Pendulum(0.7, 1.62), 1.1), argnums=(0, 1))
def named_tuple_of_floats(pendulum, t):
    return math.cos(pendulum.frequency() * t) * pendulum.length + pendulum[1] * t**2 / 100


@program((State(wave(3), positive(3)), 0.1, 4), (State(positive(2), wave(2)), 0.3, 1), argnums=(0, 1))
def named_tuple_of_arrays(state, dt, steps):
    for _ in range(steps):
        velocity = state.velocity - dt * np.sin(state.position)
        state = State(position=state.position + dt * velocity, velocity=velocity)
    return np.sum(state.position**2) + np.sum(state.velocity) * state.position[0]


@program((Model(wave(3), 0.5), wave(4, 3)), (Model(wave(2), -0.5, "other"), wave(1, 2)), argnums=(0, 1))
def dataclass_with_a_string(model, x):
    scale = 2.0 if model.name == "model" else 3.0
    return scale * np.mean(model.predict(x) ** 2) + model.bias**2


@program(
    ([(wave(4, 3), wave(4)), (wave(1, 4), wave(1))], wave(3)),
    ([(wave(2, 2), wave(2)), (wave(5, 2), wave(5)), (wave(1, 5), wave(1))], positive(2)),
    ([(wave(1, 3), wave(1))], wave(3)),
)
def list_of_tuples_of_arrays(layers, x):
    *hidden, (w_out, b_out) = layers
    for w, b in hidden:
        x = np.tanh(w @ x + b)
    return (w_out @ x + b_out)[0] ** 2


@program(
    ({"net": {"w": [wave(2, 2), wave(2)], "b": (0.5, -0.3)}, "lr": 0.1},),
    ({"net": {"w": [positive(3, 3), positive(3)], "b": (1.5, 0.2)}, "lr": 0.4},),
)
def nested_dict_list_tuple(config):
    (first, second), (b0, b1) = config["net"]["w"], config["net"]["b"]
    hidden = first @ second + b0
    return np.sum(hidden**2) * b1 + config["lr"] * second[0]


@program(
    (Network([wave(3, 2), wave(3, 3)], Model(wave(3), 0.2), {"gain": 1.5}), wave(2)),
    (Network([wave(4, 2)], Model(wave(4), 0.7, "b"), {"gain": 0.5, "power": 3.0}), positive(2)),
    argnums=(0, 1),
)
def dataclass_of_everything(network, x):
    for w in network.layers:
        x = np.arctan(w @ x) * network.options["gain"]
    return network.output.predict(x) ** network.options.get("power", 2.0)


@program(
    ({"x": 0.5, "unused": 3.0, "deep": [[1.0], [2.0, -1.0]]},),
    ({"x": 1.5, "unused": -1.0, "deep": [[0.4, 0.2], [], [0.1]]},),
)
def leaves_that_do_not_matter(tree):
    lengths = [len(branch) for branch in tree["deep"]]
    return tree["x"] * tree["deep"][0][0] + lengths[-1]


@program((0.5, 1.5), (0.5, 1.5, 2.5), (0.5,), argnums=0)
def arguments_with_defaults(x, scale: float = 2.0, *extra: Any, table=(1.0, -1.0), **unused):
    total = x * scale
    for k, value in enumerate((*extra, *table)):
        total += value * x ** (k + 2)
    return total + len(unused)


@program(([wave(3), positive(3)],), ([wave(2, 2), wave(2, 2, phase=1.0), positive(2, 2)],), ([wave(1)],))
def same_leaf_reached_twice(arrays):
    pool = arrays + [arrays[0]] + arrays[::-1]
    total = 0.0
    for k, a in enumerate(pool):
        total = total + np.sum(a * pool[k - 1]) * (k + 1)
    return total


@program(({1: 0.5, (0, 1): 2.0, "k": [1.0]},), ({1: 1.5, (0, 1): -1.0, "k": [0.3, 0.2]},))
def dict_keys_of_several_types(table):
    total = table[1] * table[0, 1]
    for key, value in table.items():
        total += sum(value) if isinstance(key, str) else value**2
    return total
