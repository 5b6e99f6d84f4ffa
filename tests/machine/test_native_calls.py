"""Code of installed packages is not followed where no followed value reaches it: it runs as it is, in every call."""

from __future__ import annotations

import datetime
import importlib
import logging
import pathlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import mpmath
import numpy as np
import pandas
import pytest
import tqdm

from s2sad import grad, tape, value_and_grad
from s2sad.errors import CannotKeep, MissingRule, S2sadError
from tests.ways import CONTROLS, every_way

PACKAGE = """\
import ctypes

import numpy as np

TICKS = []


def tick():
    TICKS.append(len(TICKS))
    return float(len(TICKS))


def unfollowable(*values):
    while True:
        try:
            with open(__file__) as file:
                exec("held = len(file.readline())")
            yield from values
            return
        finally:
            pass


class Table:
    def __init__(self, **columns):
        exec("self.columns = columns")

    def __getattr__(self, name):
        if name in self.__dict__.get("columns", {}):
            return self.columns[name]
        raise AttributeError(name)

    def __getitem__(self, name):
        return Column(self.columns[name])

    def __len__(self):
        return ctypes.c_int(len(self.columns)).value


class Column:
    def __init__(self, values):
        self.values = values

    def to_numpy(self):
        return np.array(self.values)


class Bar:
    def __init__(self, items):
        exec("self.items = items")

    def __iter__(self):
        return unfollowable(*self.items)

    def __enter__(self):
        return self

    def __exit__(self, *details):
        TICKS.append("left")


class Sum:
    def __init__(self, start):
        self.total = start

    def add(self, value):
        self.total = self.total + value

    def twice(self):
        self.total = 2.0 * self.total
        return self.total


def square(v):
    return v * v


def steps():
    return 3


def apply(function, *values):
    return sum([function(v) for v in values])


def get(name):
    return {"square": square}[name]


def native(v):
    return ctypes.c_double(v).value


def loss(x, n):
    total = 0.0
    for i in range(n):
        total = total + steps() * np.sin(x) * i
    return total
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A module as it is when a package has been installed."""
    place = tmp_path_factory.mktemp("environment") / "site-packages"
    place.mkdir()
    (place / "installed_for_a_test.py").write_text(PACKAGE, encoding="utf-8")
    sys.path.insert(0, str(place))
    yield importlib.import_module("installed_for_a_test")
    sys.path.remove(str(place))
    del sys.modules["installed_for_a_test"]


def outcomes(function: Callable[[float], Any], ways: tuple[str, ...] = ("record", "auto")) -> Iterator[Callable[[float], Any]]:
    """The function's value and gradient in these ways, and on the tape."""
    for control in ways:
        yield value_and_grad(function, control=control)  # type: ignore[call-overload]
    yield lambda x: tape.gradient(function, (x,))


def test_it_runs_once_in_every_call(package: Any) -> None:
    for derived in outcomes(lambda x: x * package.tick()):
        package.TICKS.clear()
        assert [derived(2.0) for _ in range(5)] == [(2.0 * k, float(k)) for k in range(1, 6)]
        assert package.TICKS == [0, 1, 2, 3, 4]
    with pytest.raises(CannotKeep, match="tick"):
        grad(lambda x: x * package.tick(), control="keep")(2.0)


def test_what_it_gives_is_read_afresh(package: Any) -> None:
    table = package.Table(a=[1.0, 2.0], b=[3.0, 4.0])
    for derived in outcomes(lambda x: np.sum(table["a"].to_numpy() * x) + x * len(table) + x * table.b[0]):
        table.columns["a"][:] = [1.0, 2.0]
        assert derived(2.0) == (16.0, 8.0)
        table.columns["a"][:] = [5.0, 7.0]
        assert derived(2.0) == (34.0, 17.0)
        table.columns["a"].append(1.0)
        assert derived(2.0) == (36.0, 18.0)


def test_loops_and_contexts_over_its_objects(package: Any) -> None:
    def f(x: float) -> Any:
        total = 0.0
        with package.Bar(range(4)) as bar:
            for i in bar:
                total = total + i * x
        return total

    every_way(lambda: f, refused=("keep",))
    package.TICKS.clear()
    assert grad(f)(2.0) == 6.0
    assert package.TICKS == ["left"]


def test_what_followed_values_reach_is_followed(package: Any) -> None:
    def f(x: Any) -> Any:
        held = package.Sum(x)
        held.add(2.0 * x)
        held.twice()
        return held.twice() + package.square(x) + package.apply(lambda i: i * x, 1.0, 2.0)

    every_way(lambda: f)
    assert grad(f)(2.0) == 12.0 + 4.0 + 3.0


def test_functions_that_it_gives_and_calls(package: Any) -> None:
    seen = []

    def noted(v: float) -> float:
        seen.append(v)
        return 2.0 * v

    for derived in outcomes(lambda x: package.get("square")(x) * package.apply(noted, 1.0, 2.0)):
        seen.clear()
        assert [derived(3.0), derived(1.0)] == [(54.0, 36.0), (6.0, 12.0)]
        assert seen == [1.0, 2.0, 1.0, 2.0]


def test_a_function_of_the_package_itself_is_followed(package: Any) -> None:
    for control in CONTROLS:
        derived = grad(package.loss, control=control)
        assert derived(0.0, 4) == 18.0
        assert control != "keep" or derived.paths[0].kept is not None


def test_a_refusal_is_told_at_the_users_line(package: Any) -> None:
    with pytest.raises(MissingRule) as caught:
        grad(lambda x: package.native(x) * 2.0)(1.0)
    assert caught.value.location is not None
    assert pathlib.Path(caught.value.location.file) == pathlib.Path(__file__)


def test_an_object_of_it_that_takes_a_followed_value_later_on_concerns_the_call(package: Any) -> None:
    def f(x: float) -> Any:
        held = package.Sum(1.0)
        held.add(x)
        held.twice()
        return held.twice() * x

    every_way(lambda: f, (1.0, 2.0, 3.0), refused=("keep",))
    assert grad(f)(2.0) == 20.0  # 4 x (1 + x)


def test_what_reaches_a_followed_value_that_is_kept_outside_is_followed(package: Any) -> None:
    kept: dict[str, Any] = {}
    holder = package.Sum(1.0)

    def reading(v: float) -> Any:
        return v * kept["x"]

    def f(x: float) -> Any:
        kept["x"] = x * x
        holder.total = x
        return package.apply(reading, 1.0, 2.0) + holder.twice() * x

    for derived in outcomes(f):
        try:
            assert derived(2.0) == (20.0, 20.0)  # 3 x ** 2 + 2 x ** 2
        except S2sadError as error:
            assert "kept in a" in str(error)


def test_what_was_kept_is_found_where_a_call_is_walked_again() -> None:
    class Holder:
        total = 0.0

    holder, numbers = Holder(), [1.0]

    def f(x: float) -> Any:
        holder.total = 0.25 * x
        numbers[0] = numbers[0] + 1.0
        holder.total = 0.5 * holder.total + 1.0
        return holder.total * x

    for control in ("record", "auto"):
        derived = value_and_grad(f, control=control)  # type: ignore[call-overload]
        assert [derived(2.0) for _ in range(3)] == [(2.5, 1.5)] * 3


def test_a_line_for_the_log() -> None:
    def f(x: float) -> Any:
        stamp = f"{datetime.datetime.now()} {datetime.datetime.now().isoformat()}"
        logging.getLogger("s2sad.tests").debug("%s", stamp)
        return x * x * (1.0 if len(stamp) > 10 else 2.0)

    for derived in outcomes(f):
        assert [derived(v) for v in (1.0, 2.0, 3.0)] == [(1.0, 2.0), (4.0, 4.0), (9.0, 6.0)]


def test_tables() -> None:
    table = pandas.DataFrame({"a": [1.0, 2.0, 3.0], "b": [1, 2, 3]})

    def f(x: Any) -> Any:
        rows = 0.0
        for _, row in table.iterrows():
            rows = rows + row["b"] * x
        return np.sum(table["a"].to_numpy() * x) + float(table.a.mean()) * x * x + rows

    every_way(lambda: f, (0.7, 1.3, 0.7), refused=("keep",))
    derived = grad(lambda x: np.sum(table["a"].to_numpy() * x))
    assert derived(2.0) == 6.0
    table["a"] = [10.0, 20.0, 30.0]
    assert derived(2.0) == 60.0


def test_bars_and_numbers_of_many_digits() -> None:
    def f(x: float, n: int = 4) -> Any:
        total = 0.0
        for i in tqdm.tqdm(range(n), disable=True):
            total = total + i * x
        return total * float(mpmath.mpf(2) ** mpmath.mpf("2")) + x * float(mpmath.zeta(2))

    every_way(lambda: f, (0.7, 1.3, 0.7), refused=("keep",))
