"""Arguments of container classes that are not Python's own: the function sees an instance of the class, the gradient is one."""

from __future__ import annotations

import copy
import dataclasses
import functools
import types
from collections import Counter, OrderedDict, UserDict, UserList, defaultdict, namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from s2sad import NotDifferentiable, UnsupportedMutation, check_grads, grad, tape, trees, value_and_grad, vjp
from s2sad.errors import CannotKeep
from tests.oracles import assert_close, assert_identical

CALLS = (0.7, 1.3, 0.7, 0.4, 2.5, 0.1, 1.9, 1.1, 0.6, 3.2)


class Params(dict):  # type: ignore[type-arg]
    pass


class AttrDict(dict):  # type: ignore[type-arg]
    """Items as attributes."""

    def __getattr__(self, name: str) -> Any:
        return self[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value


class OneDict(dict):  # type: ignore[type-arg]
    """Items that are its attributes."""

    def __init__(self, *args: Any, **items: Any) -> None:
        super().__init__(*args, **items)
        self.__dict__ = self


class Scaled(dict):  # type: ignore[type-arg]
    """Reads that are scaled by an attribute, and counted in another; made with other arguments than a dict is."""

    def __init__(self, scale: Any, **items: Any) -> None:
        super().__init__(items)
        self.scale, self.reads = scale, 0

    def __getitem__(self, key: str) -> Any:
        self.reads += 1
        return super().__getitem__(key) * self.scale


class Lengths(dict):  # type: ignore[type-arg]
    def __missing__(self, key: str) -> float:
        return 0.5 * len(key)


class Slotted(dict):  # type: ignore[type-arg]
    __slots__ = ("__twice", "k", "unset")

    def __init__(self, k: Any, **items: Any) -> None:
        super().__init__(items)
        self.k, self.__twice = k, 2.0 * k

    def twice(self) -> Any:
        return self.__twice


class Vector(list):  # type: ignore[type-arg]
    def dot(self, other: Any) -> Any:
        return sum(a * b for a, b in zip(self, other, strict=True))


class Doubling(list):  # type: ignore[type-arg]
    def __iter__(self) -> Iterator[Any]:
        return (2.0 * v for v in list.__iter__(self))

    def __getitem__(self, index: Any) -> Any:
        return super().__getitem__(index) * 3.0


class Row(tuple):  # type: ignore[type-arg]
    def total(self) -> Any:
        return sum(self)


class Pair(namedtuple("Pair", "a b")):
    """A named tuple that is made of one number."""

    def __new__(cls, a: Any) -> Any:
        return super().__new__(cls, a, 2.0 * a)

    @property
    def sum(self) -> Any:
        return self.a + self.b


class Table(Mapping):  # type: ignore[type-arg]
    def __init__(self, held: dict[str, Any]) -> None:
        self._held = held

    def __getitem__(self, key: str) -> Any:
        return self._held[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


class Items(Sequence):  # type: ignore[type-arg]
    def __init__(self, *values: Any) -> None:
        self.values = list(values)

    def __getitem__(self, index: Any) -> Any:
        return self.values[index]

    def __len__(self) -> int:
        return len(self.values)


@dataclasses.dataclass
class Line:
    a: float
    b: float = 2.0
    K = 5.0

    @functools.cached_property
    def norm(self) -> Any:
        return self.a * self.a + self.b * self.b


@dataclasses.dataclass
class Both(dict):  # type: ignore[type-arg]
    a: float = 1.0


RATE = 1.5


def rate() -> float:
    return RATE


# What the functions do with them


def folded(p: Any) -> Any:
    t = 0.0
    for k in p:
        t = t * 0.5 + p[k] * p[k]
    return t


def written(p: Any) -> Any:
    v = p.setdefault("q", p["a"] * 2.0)
    p.update(b=v * p["b"])
    w = p.pop("a")
    return p["b"] * w + v


def by_attribute(p: Any) -> Any:
    p.c = p.a * p.b
    p["d"] = p.c + p.a
    return p["c"] * p.d


def counting(p: Any) -> Any:
    return p["a"] * p["b"] + p.reads * p["a"] + p.scale * p.get("a")


def filled(p: Any) -> Any:
    p["n"] += p["a"]
    p["n"] += p["a"] * p["m"]
    return p["n"] * p["a"] + len(p)


def reordered(p: Any) -> Any:
    p.move_to_end("a")
    _, v = p.popitem(last=False)
    return v * 3.0 + (p["a"] if "a" in p else p["b"]) * 2.0


def commonest(p: Any) -> Any:
    t = p["absent"]
    for _, v in p.most_common():
        t = t + v * v
    return t


def appended(p: Any) -> Any:
    p.append(p[0] * 2.0)
    p.sort()
    return sum(p) * p[-1]


def copied(p: Any) -> Any:
    q, r = copy.deepcopy(p), p.copy()
    q["a"] = q["a"] * 2.0
    return q["a"] * p["b"] * r["a"] * (2.0 if type(q) is type(p) else 5.0)


def alone(p: Any) -> Any:
    return p["a"] * (2.0 if isinstance(p, dict) and type(p) is Params else 3.0) * (7.0 if p == {"a": p["a"]} else 11.0)


def shared(p: Any) -> Any:
    return p["c"] * (3.0 if p["a"] is p["b"] else 2.0)


def in_array(p: Any) -> Any:
    p["v"][0] = p["s"] ** 2
    return np.sum(p["v"] ** 2)


def looped(p: Any) -> Any:
    t = 0.0
    for _ in range(7):
        t = t + p["a"] * 0.5
        if t > 1.0:
            p["b"] = p["b"] * 1.1
        p["a"] = p["a"] * 0.9
    return t * p["b"]


def counted_in_a_loop(p: Any) -> Any:
    t = 0.0
    for _ in range(6):
        t = t + p["a"]
        if t > 1.5:
            p.scale = p.scale * 1.1
    return t * p.scale + p.reads


def items_in_a_loop(p: Any) -> Any:
    for i in range(len(p)):
        p[i] = p[i] * p[i - 1]
        if p[i] > 0.5:
            p[0] = p[0] + 1.0
    return p[0] * p[1] + sum(p)


def attributes_in_a_loop(p: Any) -> Any:
    for _ in range(6):
        p.a = p.a * 1.1 + p.b.c
        if p.a > 1.0:
            p.b.c = p.b.c * 0.5
    return p.a * p.b.c


def extended(x: float) -> Line:
    line = Line(x)
    line.extra, line.K = x + 1.0, 7.0  # type: ignore[attr-defined]
    return line


def both(x: float) -> Both:
    value = Both(x)
    value["k"] = 2.0 * x
    return value


def last_first(x: float) -> OrderedDict[str, float]:
    value = OrderedDict(b=x, a=2.0)
    value.move_to_end("b")
    return value


def with_shared(x: float) -> Params:
    v = np.ones(2)
    return Params(a=v, b=v if x > 1.0 else v.copy(), c=x)


Program = tuple[Callable[[Any], Any], Callable[[float], Any]]
PROGRAMS: dict[str, Program] = {
    "dict subclass": (folded, lambda x: Params(a=x, b=2.0 * x)),
    "dict subclass, written": (written, lambda x: Params(a=x, b=2.0 * x)),
    "its class": (alone, lambda x: Params(a=x)),
    "attributes are items": (by_attribute, lambda x: AttrDict(a=x, b=2.0 * x)),
    "attributes and items are one": (by_attribute, lambda x: OneDict(a=x, b=2.0 * x)),
    "__getitem__, state": (counting, lambda x: Scaled(x, a=x, b=2.0)),
    "__missing__": (lambda p: p["a"] * p["xyz"] + len(p), lambda x: Lengths(a=x)),
    "slots": (lambda p: p.k * p["a"] + p.twice() * p["a"], lambda x: Slotted(x, a=2.0 * x)),
    "OrderedDict": (reordered, last_first),
    "order of an OrderedDict": (folded, last_first),
    "defaultdict": (filled, lambda x: defaultdict(float, a=x, m=x)),
    "factory written in Python": (filled, lambda x: defaultdict(rate, a=x, m=x)),
    "Counter": (commonest, lambda x: Counter(a=x, b=2.0)),  # type: ignore[arg-type]
    "list subclass": (lambda p: p.dot(p) + p[0] * len(p), lambda x: Vector([x, 2.0, 3.0 * x])),
    "list subclass, written": (appended, lambda x: Vector([x, 2.0, 3.0 * x])),
    "__iter__": (lambda p: sum(p) * p[1], lambda x: Doubling([x, 2.0])),
    "tuple subclass": (lambda p: p.total() * p[0], lambda x: Row((x, 2.0))),
    "namedtuple with __new__": (lambda p: p.sum * p.a, Pair),
    "Mapping": (lambda p: p["a"] * sum(p.values()) + p.get("z", 1.0), lambda x: Table({"a": x, "b": 2.0 * x})),
    "Sequence": (lambda p: sum(p) * p[0] + len(p) + sum(reversed(p)), lambda x: Items(x, 2.0, x)),
    "UserDict": (written, lambda x: UserDict(a=x, b=2.0 * x)),
    "UserList": (appended, lambda x: UserList([x, 2.0])),
    "SimpleNamespace": (lambda p: p.a * p.b.c, lambda x: types.SimpleNamespace(a=x, b=types.SimpleNamespace(c=2.0 * x))),
    "more attributes than fields": (lambda p: p.a * p.b * p.extra * p.K, extended),
    "a cached value": (lambda p: p.norm * p.a, Line),
    "dataclass of dict": (lambda p: p.a * p["k"], both),
    "nested": (lambda p: p["l"][0]["w"] * p["o"]["b"] * p["l"][1],
               lambda x: {"l": Vector([Params(w=x), 2.0 * x]), "o": OrderedDict(b=x)}),
    "arrays": (lambda p: np.sum(p["w"] @ p["v"]) * p["s"], lambda x: Params(w=np.eye(2) * x, v=np.full(2, 2.0), s=x)),
    "written array": (in_array, lambda x: Params(v=np.full(2, x), s=x)),
    "single precision": (lambda p: np.sum(p["v"] * p["v"]), lambda x: OrderedDict(v=np.full(3, x, np.float32))),
    "items that are one": (shared, with_shared),
    "copies": (copied, lambda x: Params(a=x, b=2.0 * x)),
    "unpacked": (lambda p: sum({**p, "z": p["a"]}.values()) + sum(dict(p).values()) * p["b"], lambda x: Params(a=x, b=3.0 * x)),
    "items in a loop": (looped, lambda x: Params(a=x, b=2.0 * x)),
    "OrderedDict in a loop": (looped, lambda x: OrderedDict(a=x, b=2.0 * x)),
    "UserDict in a loop": (looped, lambda x: UserDict(a=x, b=2.0 * x)),
    "state in a loop": (counted_in_a_loop, lambda x: Scaled(x, a=x)),
    "list in a loop": (items_in_a_loop, lambda x: Vector([x, 2.0, 3.0 * x])),
    "__iter__ in a loop": (items_in_a_loop, lambda x: Doubling([x, 2.0])),
    "namespace in a loop": (attributes_in_a_loop, lambda x: types.SimpleNamespace(a=x, b=types.SimpleNamespace(c=2.0 * x))),
}  # fmt: skip
RECORDED_ONLY = ("Sequence", "UserList")


def numbers(gradient: Any) -> list[Any]:
    return [leaf for leaf in trees.flatten(gradient, opened=trees.EVERY)[0] if leaf is not None]


def agree(program: Program, derived: Callable[[Any], Any]) -> None:
    """Value, class and gradient in ten calls."""
    function, make = program
    for x in CALLS:
        value, gradient = derived(make(x))
        assert_identical(value, function(make(x)))
        assert type(gradient) is type(make(x))
        wanted = numbers(tape.gradient(function, (make(x),))[1])
        found = numbers(gradient)
        assert list(map(type, found)) == list(map(type, wanted))
        for one, other in zip(found, wanted, strict=True):
            assert_close(one, other, 1e-6)


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_an_argument_behaves_as_its_class_does(name: str, control: str) -> None:
    if control == "keep" and name in RECORDED_ONLY:
        with pytest.raises(CannotKeep):
            agree(PROGRAMS[name], value_and_grad(PROGRAMS[name][0], control=control))
    else:
        agree(PROGRAMS[name], value_and_grad(PROGRAMS[name][0], control=control))


@pytest.mark.parametrize("name", PROGRAMS)
def test_differences_find_the_same(name: str) -> None:
    function, make = PROGRAMS[name]
    check_grads(function, (make(0.7),))


def test_gradients_worked_out_by_hand() -> None:
    assert grad(lambda p: p["a"] ** 2 * p["b"])(OrderedDict(b=3.0, a=2.0)) == OrderedDict(b=4.0, a=12.0)
    gradient = grad(lambda p: p["a"] * p["a"])(Scaled(3.0, a=2.0))  # (2 * 3)**2 by a: 2 * 6 * 3; by the scale: 2 * 6 * 2
    assert (dict.__getitem__(gradient, "a"), gradient.scale, gradient.reads) == (36.0, 24.0, 0.0)
    assert grad(lambda p: p.dot(p))(Vector([1.0, 2.0])) == [2.0, 4.0]
    assert vars(grad(lambda p: p.a * p.b)(types.SimpleNamespace(a=2.0, b=5.0))) == {"a": 5.0, "b": 2.0}


def test_a_gradient_keeps_what_is_no_part_of_it() -> None:
    gradient = grad(lambda p: p["a"] * p["b"])(defaultdict(rate, a=2.0, b=3.0))
    assert (gradient.default_factory, gradient) == (rate, {"a": 3.0, "b": 2.0})
    one = grad(by_attribute)(OneDict(a=1.0, b=2.0))
    assert one.a == one["a"] and vars(one) is one


def test_arguments_are_not_changed_and_share_nothing_with_the_gradient() -> None:
    p = Params(v=np.ones(2), s=2.0)
    gradient = grad(in_array)(p)
    assert p["v"].tolist() == [1.0, 1.0] and not np.shares_memory(gradient["v"], p["v"])


def test_by_name_several_with_a_second_result_and_by_a_pullback() -> None:
    assert grad(lambda n, p: p["a"] * n, argnums="p")(3.0, p=Params(a=2.0)) == {"a": 3.0}
    assert grad(lambda p, q: p["a"] * q[0], argnums=(0, "q"))(Params(a=2.0), q=Vector([5.0])) == ({"a": 5.0}, [2.0])
    value, pullback = vjp(lambda p: OrderedDict(u=p["a"] * p["b"], v=p["a"]), Params(a=2.0, b=3.0))
    assert type(value) is OrderedDict and value == {"u": 6.0, "v": 2.0}
    assert pullback(OrderedDict(u=1.0, v=10.0)) == ({"a": 13.0, "b": 2.0},)
    assert pullback(OrderedDict(u=0.0, v=1.0)) == ({"a": 1.0, "b": 0.0},)
    with pytest.raises(NotDifferentiable, match="structure"):
        pullback([1.0, 10.0])


def test_results_of_any_container_class_are_made_anew_in_each_call() -> None:
    def f(p: Any) -> Any:
        groups = defaultdict(list, z=[p["a"]])
        groups["q"].append(p["a"] * 3.0)
        return p["a"] ** 2, (groups, p, Scaled(p["a"], n=1), types.SimpleNamespace(u=p["a"]), Counter("ab"))

    derived = value_and_grad(f, has_aux=True)
    seen = []
    for a in (1.0, 2.0, 3.0):
        (value, (groups, p, scaled, space, count)), gradient = derived(Params(a=a))
        assert (value, gradient, p, vars(space), count) == (a * a, {"a": 2.0 * a}, {"a": a}, {"u": a}, {"a": 1, "b": 1})
        assert groups == {"z": [a], "q": [3.0 * a]} and groups.default_factory is list
        assert type(p) is Params and (type(scaled), scaled.scale, scaled.reads) == (Scaled, a, 0)
        seen += [groups, p, scaled, space, count]
    assert len(set(map(id, seen))) == len(seen)


def test_second_derivatives() -> None:
    def slopes(p: Any) -> Any:
        return sum(grad(lambda q: q.a ** 3 * q.b)(p).values())

    # 3 a**2 b + a**3 by a: 6 a b + 3 a**2; by b: 3 a**2
    assert grad(slopes)(AttrDict(a=2.0, b=3.0)) == {"a": 48.0, "b": 12.0}
    assert grad(lambda x: grad(lambda q: q["a"] ** 3)(Params(a=x))["a"])(2.0) == 12.0


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
def test_methods_attributes_and_keys_are_those_of_each_call(control: str) -> None:
    class Changing(dict):  # type: ignore[type-arg]
        def factor(self) -> float:
            return 2.0

    derived = grad(lambda p: p["a"] * p.factor() * p.k, control=control)

    def call(k: Any) -> Any:
        p = Changing(a=1.0)
        p.k = k  # type: ignore[attr-defined]
        return dict.__getitem__(derived(p), "a")

    assert [call(2.0), call(3.0), call(4), call(np.float32(0.5))] == [4.0, 6.0, 8.0, 1.0]
    Changing.factor = lambda self: 7.0  # type: ignore[method-assign, assignment]
    assert [call(2.0), call(4)] == [14.0, 28.0]
    Changing.__getitem__ = lambda self, key: dict.__getitem__(self, key) * 10.0  # type: ignore[method-assign, assignment]
    assert call(2.0) == 140.0


def test_an_attribute_hides_that_of_the_class() -> None:
    class Shadowed(dict):  # type: ignore[type-arg]
        k = 2.0

    derived = grad(lambda p: p["a"] * p.k)
    hiding = Shadowed(a=1.0)
    hiding.k = 5.0
    assert [derived(Shadowed(a=1.0))["a"], derived(hiding)["a"], derived(Shadowed(a=1.0))["a"]] == [2.0, 5.0, 2.0]
    Shadowed.k = 3.0
    assert derived(Shadowed(a=1.0))["a"] == 3.0


def test_the_order_of_keys_and_their_bits_are_part_of_the_structure() -> None:
    derived = value_and_grad(folded)
    assert derived(OrderedDict(a=1.0, b=2.0)) == (4.5, OrderedDict(a=1.0, b=4.0))
    assert derived(OrderedDict(b=2.0, a=1.0)) == (3.0, OrderedDict(b=2.0, a=2.0))
    signed = grad(lambda p: sum(np.copysign(1.0, k) * v for k, v in p.items()))
    assert [signed(Params({k: 2.0})) for k in (0.0, -0.0)] == [{0.0: 1.0}, {0.0: -1.0}]


@pytest.mark.parametrize("make", [lambda: Params(a=2.0), lambda: {"a": 2.0}, lambda: types.SimpleNamespace(a=2.0), lambda: Line(2.0),
                                  lambda: defaultdict(float, a=2.0)])  # fmt: skip
def test_what_is_passed_twice_is_one_object(make: Callable[[], Any]) -> None:
    """A write into it would have to be seen under both names."""
    p = make()
    get = "p.a" if not isinstance(p, dict) else "p['a']"
    assert get and grad(lambda p, q: (p["a"] if isinstance(p, dict) else p.a) * (3.0 if p is q else 5.0), argnums=1)(p, p) is not None

    def write(p: Any, q: Any) -> Any:
        if isinstance(p, dict):
            p["a"] = p["a"] * 2.0
            return p["a"] * q["a"]
        p.a = p.a * 2.0
        return p.a * q.a

    for derived in (grad(write), lambda *args: vjp(write, *args), lambda *args: tape.gradient(write, args)):
        with pytest.raises(UnsupportedMutation, match="passed twice"):
            derived(p, p)
    assert grad(write)(make(), make()) is not None


def test_other_writes_into_what_is_passed_twice() -> None:
    twice = OrderedDict(a=2.0, b=3.0), defaultdict(float, a=2.0)
    writers: list[tuple[Any, Callable[[Any, Any], Any]]] = [
        (twice[0], lambda p, q: p.move_to_end("a") or q["a"]), (twice[1], lambda p, q: p["new"] + q["a"])]  # fmt: skip
    for p, write in writers:
        with pytest.raises(UnsupportedMutation, match="passed twice"):
            grad(write)(p, p)


def test_an_argument_that_is_not_differentiated_is_an_object_from_outside() -> None:
    def f(x: Any, notes: Any) -> Any:
        notes["calls"] = notes.get("calls", 0) + 1
        return x * notes["k"]

    notes = OrderedDict(k=3.0)
    derived = grad(f)
    assert [derived(2.0, notes) for _ in range(4)] == [3.0] * 4
    assert notes == OrderedDict(k=3.0, calls=4)


def test_what_cannot_be_taken_apart_is_refused_by_its_line() -> None:
    within = Params(a=1.0)
    within["me"] = within
    for derived in (grad(folded), lambda p: tape.gradient(folded, (p,))):
        with pytest.raises(NotDifferentiable, match=r"test_container_classes.py:\d+:1: .*holds itself"):
            derived(within)
    with pytest.raises(NotDifferentiable, match="mappingproxy"):
        grad(folded)(types.MappingProxyType({"a": 1.0}))
    with pytest.raises(NotDifferentiable, match="holds no floats"):
        grad(folded)(Params(a=1))
