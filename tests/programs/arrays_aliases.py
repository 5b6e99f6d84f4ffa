"""One array under several names: in variables, containers, attributes, closures and arguments, one idea each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import program
from .samples import positive, wave

VECTORS = ((wave(5),), (positive(3),), (wave(4, dtype=np.float32),))
MATRICES = ((wave(3, 4),), (positive(2, 3),), (wave(4, 3, dtype=np.float32),))

# Two names


@program(*VECTORS)
def write_through_either_name(x):
    y = x.copy()
    z = y
    z[0] = x[1] ** 2
    y[1] = z[0] * 2.0
    z *= 1.5
    return np.sum(y * z) + (z is y)


@program(*VECTORS)
def augmented_assignment_keeps_the_alias(x):
    y = x.copy()
    z = y
    y += 1.0
    y = y + 1.0
    z[0] = 0.5
    return np.sum(y**2) + np.sum(z**3)


@program((wave(4), 3), (positive(3), 4), (wave(4, dtype=np.float32), 2), argnums=0)
def two_buffers_swapped_in_a_loop(x, steps):
    old, new = x.copy(), np.empty_like(x)
    for _ in range(steps):
        new[:] = np.sin(old) + 0.5 * old[::-1]
        new, old = old, new
    return np.sum(old**2) + np.sum(new)


@program((wave(4), 4), (positive(3), 5), argnums=0)
def three_buffers_rotated_in_a_loop(x, steps):
    a, b, c = x.copy(), x**2, np.zeros_like(x)
    for _ in range(steps):
        c[:] = np.tanh(a * b)
        a, b, c = b, c, a
    return np.sum(a + 2 * b + 3 * c)


@program(*VECTORS)
def alias_chosen_by_a_branch(x):
    a, b = x**2, x + 1.0
    y = a if x[0] > 1.0 else b
    y[0] = 3.0 * x[1]
    (a if x[1] > 0 else b)[-1] *= 2.0
    return np.sum(a**2) + np.sum(b**3)


@program(*VECTORS)
def chained_assignment(x):
    y = z = np.zeros(len(x))
    y[0] = x[0]
    z[1] = y[0] * x[1]
    y[2:] = z[-1] = x[0] ** 2
    return np.sum(y * y) + np.sum(z)


@program((1.3, -0.4), (0.2, 2.0), argnums=(0, 1))
def unpacking_into_items(a, b):
    y = np.zeros(4)
    y[0], (y[1], *rest) = a, (b, a * b, a**2)
    y[2], y[3] = rest
    [y[0], y[1]] = y[1], y[0] * 2.0
    return np.sum(y**2) + y[0] * y[3]


@program(*VECTORS)
def loop_variable_is_an_item_or_an_attribute(x):
    y, box = np.zeros(2), Box(np.zeros(1))
    for y[0] in x:
        y[1] += y[0] ** 2
    for box.items in (x, y):
        box.items = box.items * 2.0
    return y[1] * y[0] + np.sum(box.items)


# Containers


@program(*VECTORS)
def array_in_a_list_a_tuple_and_a_dict(x):
    y = x.copy()
    items, pair, table = [y, y], (y, 2.0), {"y": y}
    items[0][0] = x[1]
    pair[0][1] *= pair[1]
    table["y"][-1] += 3.0
    items[1] += 1.0
    table["y"] *= 2.0
    return np.sum(y**2) + (items[1] is y) + (table["y"] is y)


@program(*VECTORS)
def item_of_a_list_replaced_is_no_write(x):
    y = x.copy()
    items = [y, y]
    items[0] = items[0] * 2.0
    items[0][0] = 9.0
    return np.sum(items[0] ** 2) + np.sum(y**2) + np.sum(items[1])


@program(*VECTORS)
def list_of_new_arrays_against_a_list_of_one(x):
    many, one = [np.zeros(2) for _ in range(2)], [np.zeros(2)] * 2
    for k in range(2):
        many[k][k] = x[k]
        one[k][k] = x[k] ** 2
    return np.sum(many[0] * 2.0 + many[1]) + np.sum(one[0] * one[1])


@program(*VECTORS)
def list_append_pop_insert_extend(x):
    y = x.copy()
    items = [y]
    items.append(y[1:])
    items.insert(0, x**2)
    items.extend([y * 2.0, np.ones(1)])
    last = items.pop()
    last += x[0]
    items.pop(0)[0] = 4.0
    items[1][0] = x[0]
    items[0][0] *= 3.0
    return sum(np.sum(i**2) for i in items) + last[0]


@program(*VECTORS)
def list_slices_hold_the_same_arrays(x):
    items = [x * k for k in range(1, 5)]
    part = items[1:3]
    part[0][0] = x[1] ** 2
    part[1] = np.zeros(1)
    items[:1] = [x**2, x**3]
    del items[1]
    items += part
    items[-1][0] += x[0]
    items.reverse()
    return sum(np.sum(i) * (k + 1) for k, i in enumerate(items)) + np.sum(part[0] ** 2)


@program((0.7, 4), (-1.3, 3), argnums=0)
def list_of_numbers_updated_by_item(x, n):
    values = [x * k for k in range(n)]
    values[0] = x**2
    values[1] += values[0]
    values[-1] *= values[1]
    values[1:3] = [values[2], values[1]]
    for i in range(1, n):
        values[i] = values[i - 1] * 0.5 + values[i]
    return np.sum(np.array(values) ** 2) + values.index(values[-1])


@program(*VECTORS)
def dictionary_updated(x):
    y = x.copy()
    table = {"a": y, "b": x**2}
    table.update(c=y[1:], b=y)
    table["b"][0] = x[1] ** 2
    table.setdefault("c", None)[0] *= 2.0
    table.setdefault("d", np.zeros(1))[0] = x[0]
    table["a"] = table["a"] + 1.0
    table["d"] += table.pop("c")[0]
    counts = {}
    for value in x:
        key = bool(value > 0.3)
        counts[key] = counts.get(key, 0.0) + value**2
    return sum(np.sum(v**2) for v in table.values()) + sum(counts.values()) * len(counts)


@program(*VECTORS)
def set_of_places_decides_the_writes(x):
    y, seen = np.zeros(len(x)), set()
    for i in (0, 1, 0, -1, 1):
        if i not in seen:
            seen.add(i)
            y[i] += x[i] ** 2
        seen.discard(-1)
    return np.sum(y * x) * len(seen)


@program(*VECTORS)
def parameters_updated_in_a_dictionary(x):
    parameters = {"w": x.copy(), "b": np.zeros(1)}
    slopes = {k: np.zeros_like(v) for k, v in parameters.items()}
    for _ in range(3):
        slopes["w"][:] = np.cos(parameters["w"]) + parameters["b"]
        slopes["b"][0] = np.sum(parameters["w"])
        for name in parameters:
            parameters[name] -= 0.1 * slopes[name]
    return np.sum(parameters["w"] ** 2) + parameters["b"][0]


@program(*VECTORS)
def object_array_of_arrays(x):
    cells = [[None] * 2 for _ in range(2)]
    for i in range(2):
        for j in range(2):
            cells[i][j] = x[i : i + 2] * (j + 1.0)
    cells[0][1][0] = cells[1][0][1] ** 2
    cells[1][1] *= cells[0][1]
    return sum(np.sum(c) for row in cells for c in row)


# Attributes


class Box:
    scale = 2.0

    def __init__(self, items):
        self.items = items

    def write(self, place, value):
        self.items[place] = value
        return self

    def __setitem__(self, place, value):
        self.items[place] = value * self.scale

    def __getitem__(self, place):
        return self.items[place]

    def __iadd__(self, other):
        self.items += other
        return self


@dataclass
class State:
    position: Any
    velocity: Any
    history: list = field(default_factory=list)

    def step(self, dt):
        self.velocity -= dt * np.sin(self.position)
        self.position += dt * self.velocity
        self.history.append(self.position[0])


@dataclass(frozen=True)
class Frozen:
    items: Any


@program(*VECTORS)
def attribute_is_written_through(x):
    y = x.copy()
    box = Box(y)
    box.items[0] = x[1] ** 2
    y[1] *= 2.0
    box.items *= 1.5
    box.items = box.items + 1.0
    box.items[0] = 9.0
    return np.sum(y**2) + np.sum(box.items * x)


@program(*VECTORS)
def methods_that_write(x):
    box = Box(np.zeros(len(x)))
    box.write(0, x[0]).write(1, x[1] ** 2)
    box[-1] = x[0]
    box += x
    box[0] += 1.0
    box.scale = x[1]
    box[1:] = x[1:]
    return np.sum(box.items**2)


@program((wave(3), wave(3, phase=1.0), 3), (positive(2), positive(2), 4), argnums=(0, 1))
def dataclass_that_steps(q, v, steps):
    state = State(q.copy(), v.copy())
    for _ in range(steps):
        state.step(0.2)
    return np.sum(state.position**2) + sum(state.history) * state.velocity[-1]


@program(*VECTORS)
def frozen_dataclass_with_an_array_that_changes(x):
    one = Frozen(x**2)
    two = Frozen(one.items)
    one.items[0] = x[1]
    two.items[1:] *= 2.0
    return np.sum(one.items * two.items)


@program(*VECTORS)
def linked_objects_share_an_array(x):
    left, right = Box(x.copy()), Box(None)
    right.items = left.items[::-1]
    right.partner = left
    left.partner = right
    right.partner.items[0] = x[1] ** 2
    left.partner.items[0] *= 2.0
    return np.sum(left.items**2 * np.arange(len(x)))


@program(*VECTORS)
def attribute_of_numbers_written_and_read_back(x):
    box = Box(0.0)
    for value in x:
        box.items += value**2
        box.last = value
        if box.items > 3.0:
            box.items *= 0.5
    return box.items * box.last


# Helpers and closures


def double_in_place(v, factor=2.0):
    v *= factor


def fill_with_squares(out, source):
    for i in range(len(source)):
        out[i] = source[i] ** 2
    return out


def rebind_then_write(v):
    v = v * 2.0
    v[0] = 0.0
    return v


def add_to_all(*arrays, amount, **named):
    for array in (*arrays, *named.values()):
        array += amount


@program(*VECTORS)
def helper_writes_into_its_argument(x):
    y = x.copy()
    double_in_place(y)
    double_in_place(y[1:], x[0])
    double_in_place(factor=0.5, v=y[::-1])
    z = fill_with_squares(np.empty(len(x)), y)
    return np.sum(z * y)


@program(*VECTORS)
def helper_that_rebinds_first(x):
    y = x.copy()
    z = rebind_then_write(y)
    y[0] = x[1]
    return np.sum(z**2) + np.sum(y**3)


@program(*VECTORS)
def helper_gets_the_same_array_twice(x):
    def mix(a, b):
        a[0] = b[1] ** 2
        b[1:] *= a[0]
        return a is b

    y, z = x.copy(), x.copy()
    same = mix(y, y) + mix(y, z)
    return np.sum(y**2) + np.sum(z) * same


@program(*VECTORS)
def helper_with_star_arguments(x):
    y, z = x.copy(), x**2
    add_to_all(y, z[1:], y, amount=x[0], again=z)
    return np.sum(y**2) + np.sum(z**2)


@program(*VECTORS)
def closure_writes_an_array_of_the_function(x):
    y = np.zeros(len(x))

    def put(i, v):
        y[i] = v

    def update():
        nonlocal y
        y += 1.0
        y = y * x

    put(0, x[0] ** 2)
    update()
    put(1, y[0] * x[1])
    return np.sum(y**2)


@program(*VECTORS)
def accumulator_made_by_a_function(x):
    def make(n):
        total, count = np.zeros(n), [0]

        def add(v):
            nonlocal total
            total += v
            count[0] += 1
            return total

        return add

    one, two = make(len(x)), make(1)
    first = one(x)
    one(x**2)
    two(x[0])
    return np.sum(first**2) + two(first[1])[0]


@program(*VECTORS)
def default_argument_holds_the_buffer(x):
    buffer = np.zeros(2)

    def push(v, into=buffer):
        into[0], into[1] = into[1], v
        return into[0]

    seen = [push(v) for v in x]
    return seen[-1] * buffer[1] + np.sum(buffer**2) + seen[1]


@program(*VECTORS)
def generator_writes_between_yields(x):
    y = np.zeros(len(x))

    def stages():
        for i in range(len(x)):
            y[i] = x[i] ** 2 + (y[i - 1] if i else 0.0)
            yield y

    total = 0.0
    for k, stage in enumerate(stages()):
        total += np.sum(stage)
        stage[0] += k
    return total * y[-1]


@program(*MATRICES)
def lambda_comprehension_and_map_that_write(m):
    y = m.copy()
    [row.__imul__(2.0) for row in y[1:]]
    list(map(lambda row: row.fill(m[0, 0]), y[:1]))
    sums = [np.sum(row) for row in y if row.sort() is None]
    return np.sum(y**2 * np.arange(m.shape[1])) + sums[0] * sums[1]


@program(*VECTORS)
def recursion_that_writes(x):
    def fill(y, i):
        if i < len(y):
            y[i] = x[i] * (y[i - 1] if i else 1.0)
            fill(y, i + 1)
            y[0] += y[i]
        return y

    return np.sum(fill(np.zeros(len(x)), 0) ** 2)


# Arguments


@program(*VECTORS)
def argument_written_by_the_function_itself(x):
    s = np.sum(x**2)
    x[0] = x[1] ** 2
    x *= 2.0
    return s * np.sum(np.sin(x))


@program((wave(4), wave(4, phase=1.0)), (positive(3), wave(3)), argnums=(0, 1))
def both_arguments_written(x, y):
    x += y
    y *= x
    x[1:] = y[:-1]
    return np.sum(x**2) + np.sum(y)


@program((wave(4), np.zeros(4)), (positive(3), np.ones(3)), argnums=0)
def work_array_given_as_an_argument(x, work):
    np.sin(x, out=work)
    work *= x
    return np.sum(work**2)


@program(([wave(3), wave(2)], 0.5), ([positive(2), positive(4)], 1.5), argnums=(0, 1))
def arrays_of_a_list_argument_written(layers, rate):
    for layer in layers:
        layer -= rate * np.cos(layer)
    layers[0][1] = layers[1][0] ** 2
    return sum(np.sum(layer**2) for layer in layers)


@program(({"w": wave(3), "b": wave(1)},), ({"w": positive(2), "b": positive(1)},), argnums=0)
def arrays_of_a_dictionary_argument_written(parameters):
    parameters["w"] *= parameters["b"]
    parameters["b"][0] += np.sum(parameters["w"])
    return np.sum(parameters["w"] ** 2) * parameters["b"][0]


@program((wave(4),), (positive(3),))
def argument_copied_only_when_needed(x):
    y = np.asarray(x)
    z = x if len(x) > 3 else x.copy()
    z[0] *= y[1]
    return np.sum(y**2) + np.sum(z)


# The item is read before the value that is added to it is computed


def overwritten(y):
    y[0] = 10.0
    return y[1]


@program((0.7,), (-0.4,))
def item_of_a_list_is_read_before_the_value(x):
    y = [x, 2 * x]
    y[0] += overwritten(y)
    return y[0] * x


@program(*VECTORS)
def element_is_read_before_the_value(x):
    y = x * 2.0
    y[0] *= overwritten(y)
    y[1] -= np.sum(y) * overwritten(y)
    return y[0] * x[0] + y[1]


@program(*VECTORS)
def elements_by_a_list_are_read_before_the_value(x):
    y = x * 2.0
    y[[0, 1]] *= overwritten(y)
    return y[0] * x[0] + y[1]


@program(*VECTORS)
def part_sees_what_the_value_writes(x):
    y = x * 2.0
    y[:2] += overwritten(y)
    return y[0] * x[0] + y[1] ** 2
