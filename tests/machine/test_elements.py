"""Arrays whose elements are no numbers, made of what is differentiated: they would lose its derivatives, and are refused."""

from typing import Any

import numpy as np
import pytest

from s2sad import grad, tape
from s2sad.errors import MissingRule, NotDifferentiable, S2sadError

NUMBERS = np.array([1.0, 2.0], dtype=object)


def of_a_list(x: Any) -> Any:
    return np.sum(np.array([x[0] * x[1], x[1]], dtype=object) * 3.0)


def and_back(x: Any) -> Any:
    return np.sum(np.array([x[0] * x[1], x[1]], dtype=object).astype(float))


def without_axes(x: Any) -> Any:
    return np.array(x[0], dtype=object).item()


def beside_others(x: Any) -> Any:
    return np.array([x[0], "a", None], dtype=object)[0]


def by_astype(x: Any) -> Any:
    return np.sum(x.astype(object))


def by_asarray(x: Any) -> Any:
    return np.sum(np.asarray(x, dtype=object) * 2.0)


def full(x: Any) -> Any:
    return np.sum(np.full(3, x[0], dtype=object))


def of_sums(x: Any) -> Any:
    return np.sum(np.sum(np.stack([x, x]), axis=0, dtype=object))


def beside_objects(x: Any) -> Any:
    return np.sum(np.sum(x * NUMBERS))


def chosen(x: Any) -> Any:
    return np.sum(np.sum(np.where(x > 0, x, NUMBERS)))


def records(x: Any) -> Any:
    return np.sum(np.array([(x[0], x[1])], dtype=[("a", float), ("b", float)])["a"])


MADE = [of_a_list, and_back, without_axes, beside_others, by_astype, by_asarray, full, of_sums, beside_objects, chosen, records]


@pytest.mark.parametrize("f", MADE, ids=lambda f: f.__name__)
def test_they_are_refused(f: Any) -> None:
    x = np.array([1.5, 2.5])
    for derived in (grad(f), grad(f, control="keep"), lambda x: tape.gradient(f, (x,))):
        with pytest.raises(S2sadError) as found:
            derived(x)
        assert isinstance(found.value, NotDifferentiable) and "an array of dtype" in str(found.value)


def test_of_what_is_constant_they_may_be_made() -> None:
    def f(x: Any, weights: Any) -> Any:
        return x * weights.astype(object)[1] + np.array([2.0, None], dtype=object)[0]

    assert grad(f)(3.0, np.array([1.5, 2.5])) == 2.5


def test_numbers_are_not_read_from_arrays_of_texts() -> None:
    def f(x: Any) -> Any:
        return np.sum(x.astype("U32").astype(float))

    for derived in (grad(f), grad(f, control="keep"), lambda x: tape.gradient(f, (x,))):
        with pytest.raises(MissingRule, match="text"):
            derived(np.array([1.5, 2.5]))


def test_arrays_of_texts_may_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x: Any) -> Any:
        print(*x.astype(str))
        return np.sum(x * x)

    assert grad(f)(np.array([1.5, 2.5])).tolist() == [3.0, 5.0]
    assert capsys.readouterr().out == "1.5 2.5\n"
