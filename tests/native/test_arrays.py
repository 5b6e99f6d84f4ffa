"""Native code of arrays: parts that arrays of indices and masks name, what is joined and shifted, diagonals and triangles."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.native.plainly import compiled_at_last_fixture, uncompiled_fixture  # noqa: F401
from tests.native.test_emitted import agree

pytest.importorskip("numba")

RANDOM = np.random.default_rng(8)
VECTOR, MATRIX, SQUARE = RANDOM.normal(size=6), RANDOM.normal(size=(4, 5)), RANDOM.normal(size=(4, 4))
PLACES, TABLE, MIXED = np.array([0, 3, 1, 3]), np.array([0.5, 1.0, 2.0, 3.0]), np.array([[0, 1], [2, -1], [0, 0], [1, 4]])


def read_in_every_way(x: Any, places: Any) -> Any:
    one = x[1:, places] ** 2 * x[0, places] + x[[0, -1, 2]][:, places]
    return np.sum(one) + np.sum(np.take_along_axis(x, MIXED, 1) ** 2) + np.sum(x[::-1][places, places] * TABLE[places])


def written_with_repeats(v: Any, places: Any) -> Any:
    y, z = v * 2.0, v * 1.0
    y[places] = v[:4] ** 2
    y[places] += v[1:5] * 3.0
    np.add.at(z, places, v[:4] * y[:4])
    return np.sum(y**3 * z)


def chosen_by_masks(v: Any) -> Any:
    y = v * 1.0
    y[v > 0] *= v[v > 0]
    y[v < -0.5] = 0.25
    return np.sum(y**3) + np.sum(v[v > 0.1] ** 2)


def places_in_a_loop(v: Any, places: Any, n: int) -> Any:
    total = 0.0
    for k in range(n):
        total += np.sum(np.sin(v[places]) * k)
        v = np.concatenate([v[1:], v[:1] * 0.5]) + np.roll(v, k) * 0.1
    return total


def joined_and_apart(v: Any, x: Any) -> Any:
    a, b, c = np.split(v, 3)
    table = np.vstack([a * b, c]) * np.stack([a, b], axis=0) + np.column_stack([b, c])
    return np.sum(table**2) + np.sum(np.diff(x, axis=0) ** 2) + np.sum(np.diff(v, prepend=0.0) ** 2) + np.sum(np.pad(x, 1) * 3.0)


def diagonals(q: Any) -> Any:
    return np.sum((np.diag(q)[1:] * np.diag(q, 1)) ** 2) + np.trace(q @ q) + np.sum(np.tril(q) ** 2 * np.triu(q, -1) * np.diag(q[0]))


def turned_and_of_one(x: Any) -> Any:
    """The adjoint adds to a part whose sizes, of which one is 1 here, its index tells, and not what is added."""
    m = np.stack([x, x * 2.0])
    return np.sum(m[-1][::-1] ** 2 * m[0]) + np.sum(np.concatenate([m[0, ::-1], m[1]]) ** 3)


CASES = [(read_in_every_way, (MATRIX, PLACES)), (written_with_repeats, (VECTOR, PLACES)), (chosen_by_masks, (VECTOR,)),
         (places_in_a_loop, (VECTOR, PLACES, 9)), (joined_and_apart, (VECTOR, MATRIX)), (diagonals, (SQUARE,)),
         (turned_and_of_one, (VECTOR[:1],)), (turned_and_of_one, (VECTOR,))]  # fmt: skip


@pytest.mark.sampled(3)
@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize(("function", "arguments"), CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_native_code_of_arrays(function: Any, arguments: Any, control: str) -> None:
    agree(function, arguments, control=control)


def test_a_place_outside_the_array_raises_as_in_python() -> None:
    from s2sad import value_and_grad

    def read(v: Any, places: Any) -> Any:
        return np.sum(v[places] ** 2)

    found = value_and_grad(read, backend="numba", control="keep")
    assert found(VECTOR, PLACES)[0] == pytest.approx(float(np.sum(VECTOR[PLACES] ** 2)))
    with pytest.raises(IndexError):
        found(VECTOR, np.array([0, 6]))


def spreads_and_shares(x: Any) -> Any:
    best = np.max(x, axis=1) ** 2 + np.min(x, axis=1) + np.linalg.norm(x, axis=1) ** 3
    rest = np.sum(np.cumsum(x, axis=1) ** 2 * np.var(x, axis=0)) + np.std(x, ddof=1) + x[0, np.argmax(x[1])] ** 2
    return np.sum(best) + rest + np.prod(x[0] * 0.0 + np.where(x[0] > 0, 1.0, x[0])) + np.sum(x, where=x > 0, initial=2.0)


def sums_over_letters(q: Any, x: Any) -> Any:
    stack = np.stack([q, q * 2.0, q.T], axis=0)
    part = np.einsum("ij,jk->ik", q, x) * np.tensordot(q, x, 1) + np.inner(q, x.T)
    return np.sum((stack @ x) ** 2) + np.einsum("ii", q) * np.sum(part) + np.sum(np.einsum("bij,j->bi", stack, q[0]) ** 2)


def by_lapack(q: Any) -> Any:
    sign, logarithm = np.linalg.slogdet(q)
    w, _ = np.linalg.eigh(q + q.T)
    return np.linalg.det(q) ** 2 + sign * logarithm + np.sum(w**3) + np.sum(np.linalg.cholesky(q @ q.T + np.eye(4)) ** 3)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("function", "arguments"), [(spreads_and_shares, (MATRIX,)), (sums_over_letters, (SQUARE, MATRIX)),
                                                     (by_lapack, (SQUARE,))], ids=lambda c: getattr(c, "__name__", ""))  # fmt: skip
def test_native_code_of_sums_in_more_forms(function: Any, arguments: Any) -> None:
    agree(function, arguments, control="keep")


def backwards_and_in_order(v: Any, x: Any, n: int) -> Any:
    total = np.sum(np.sort(x, axis=0) ** 2 * x) + np.sum(v[np.argsort(v)] * np.arange(6.0)) ** 2 + np.sum(np.cumprod(x, axis=1) ** 2)
    for k in range(1, n):
        total += np.sum(v[k::-1] ** 2) * np.sum(v[k - 1 : 0 : -1]) + v[k - 3] * v[-k]
    return total


def all_elements_in_a_row(x: Any) -> Any:
    rows = np.roll(x, 3) * x**2 + np.prod(x, axis=0) ** 2 + np.prod(x, axis=1)[:, None]
    row = np.repeat(x, 2)[::2] + np.cumsum(x) + np.append(x, x)[: x.size] + np.cumprod(x)
    return np.sum(rows) + np.sum(row**2) + np.prod(x[0]) + np.sum(np.dstack([x, x * x]) ** 3)


def test_native_code_of_all_elements_in_a_row() -> None:
    agree(all_elements_in_a_row, (MATRIX,), control="keep")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("control", ["record", "keep"])
def test_native_code_of_slices_that_go_backwards_and_of_orders(control: str) -> None:
    agree(backwards_and_in_order, (VECTOR, MATRIX, 5), control=control)


@pytest.mark.usefixtures("compiled_at_last")
def test_equal_elements_are_put_in_order_in_python() -> None:
    from s2sad import value_and_grad

    def in_order(v: Any) -> Any:
        return np.sum(v[np.argsort(v)] * np.arange(4.0)) ** 2

    native, plain = value_and_grad(in_order, backend="numba", control="keep"), value_and_grad(in_order, control="keep")
    for v in (np.array([3.0, 1.0, 2.0, 0.5]), np.array([1.0, 0.0, 1.0, 0.0]), np.array([2.0, np.nan, 1.0, 0.0])):
        np.testing.assert_array_equal(native(v)[1], plain(v)[1])


@pytest.mark.usefixtures("compiled_at_last")
def test_lengths_that_only_the_run_knows_are_asked_there() -> None:
    from s2sad import value_and_grad

    def chosen_together(v: Any, w: Any) -> Any:
        return np.sum(v[v > 0] * w[w > 0]) + np.sum(v[:-1] * w[1:]) ** 2

    native, plain = (value_and_grad(chosen_together, argnums=(0, 1), control="keep", backend=b) for b in ("numba", "python"))
    for v, w in ((VECTOR, VECTOR**2 + VECTOR), (VECTOR, np.abs(VECTOR)), (np.array([1.0, -1.0]), np.array([2.0, -1.0]))):
        w = np.where(v > 0, np.abs(w), -np.abs(w)) if v.size == 6 else w
        one, other = native(v, w), plain(v, w)
        np.testing.assert_allclose(np.concatenate(one[1]), np.concatenate(other[1]), rtol=1e-12)
    with pytest.raises(ValueError, match="broadcast"):
        native(VECTOR, np.abs(VECTOR) * 2.0 + 1.0)


def test_a_value_that_is_read_again_does_not_lie_where_it_is_written_over() -> None:
    def overwritten_between_uses(x: Any) -> Any:
        y = np.exp(0.3 * x)
        p = y * x
        y[:] = 0.0
        q = y * x
        y[0] = x[0]
        return np.sum(p**2) + np.sum(q) + np.sum(y * p)

    agree(overwritten_between_uses, (VECTOR,), control="keep")


def test_what_is_longer_than_the_loop_that_asks_for_it_is_computed_wholly_after_a_write() -> None:
    def damped(x: Any) -> Any:
        y = np.exp(x)
        y[:2] += np.sum(y) * 0.1
        return np.sum(np.sin(y)[:2]) * np.sum(np.sin(y) * x)

    agree(damped, (np.linspace(0.3, 1.0, 5),))


def products_of_parts(x: Any, n: int) -> Any:
    total = np.sum((x[:n].T @ x[:n, 0]) ** 2) + np.sum(x[:2].T @ x[:2])
    for k in range(1, x.shape[1]):
        total += np.sum((x[:, :k].T @ x[:, k]) ** 2) + np.sum(x[k - 1, :k] @ x[:k, :k])
    return total


@pytest.mark.parametrize("control", ["record", "keep"])
def test_a_part_of_a_matrix_is_not_taken_for_the_whole_of_it(control: str) -> None:
    agree(products_of_parts, (SQUARE, 3), control=control)


def part_or_whole(x: Any, n: int) -> Any:
    y = x * 2.0
    z = x
    if n > 1:
        y = y[1:]
        z = np.concatenate([x, x * x])
    return np.sum(y * y) * np.sum(z * z)


def largest_of_whole_numbers(x: Any, n: int) -> Any:
    rows = np.arange(6).reshape(2, 3) - n
    return np.sum(np.max(rows, axis=1) * x[:2]) + np.max(-rows) * np.min(rows) * x[2]


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64])
def test_the_largest_of_the_least_numbers_of_a_class(dtype: Any) -> None:
    least = np.full((2, 3), np.iinfo(dtype).min, dtype)
    agree(lambda x, u: np.sum(np.max(u, axis=0) * x), (VECTOR[:3], least), argnums=0)


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("function", [part_or_whole, largest_of_whole_numbers])
def test_what_a_side_hands_on_is_filled_and_extremes_begin_below_all(function: Any) -> None:
    for n in (1, 9):
        agree(function, (VECTOR, n), control="keep", argnums=0)


def read_on_one_side(x: Any, y: Any, n: int) -> Any:
    total = 0.0
    for k in range(n):
        if k < n - 2:
            total += x[k + 1] * y[k]
        for j in range(k):
            if j > 1:
                total += x[j - 1] * y[k - j]
    return total


def test_an_index_on_one_side_of_a_branch_is_asked_there() -> None:
    agree(read_on_one_side, (VECTOR[:4], VECTOR[:3], 5), argnums=(0, 1))


def test_arrays_of_lower_precision_in_a_function_of_doubles_are_added_up_in_another_order(uncompiled: None) -> None:
    """Which is rounding of theirs, and no fault."""
    def in_single(x: Any) -> Any:
        squares = np.zeros(len(x), dtype=np.float32)
        for i in range(len(x)):
            squares[i] = x[i] * x[i]
        return float(np.sum(squares)) + np.sum(x)

    from s2sad import value_and_grad

    native = value_and_grad(in_single, backend="numba")
    for n in (40, 1000):
        x = np.random.default_rng(n).normal(size=n)
        found, wanted = native(x), value_and_grad(in_single)(x)
        np.testing.assert_allclose(found[0], wanted[0], 2e-5)
        np.testing.assert_allclose(found[1], wanted[1], 2e-5, 2e-5)
    assert native.stats().faults == 0 and native.stats().left == (0,)


def remainders(k: Any, x: Any) -> Any:
    return np.sum(x) * float(np.sum(k) % 7) + x[0] * float(np.prod(k[:2]) % 5) + x[1] ** 2 * float((k @ k) % 11)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint32, np.int64])
def test_sums_of_whole_numbers_go_round_where_those_of_numpy_do(dtype: Any, compiled_at_last: None) -> None:
    """No check at first use finds that here: it is what other numbers of the same sizes do. Of int64 they go round nowhere."""
    from s2sad import first_use_check, value_and_grad

    native, ends = value_and_grad(remainders, 1, backend="numba", control="keep"), np.iinfo(dtype)
    random, was = np.random.default_rng(4), first_use_check()
    first_use_check(False)
    try:
        for most in (5, min(ends.max, 2**28), min(ends.max, 2**32)):
            k, x = random.integers(max(ends.min, -most), most, size=9, dtype=dtype, endpoint=True), random.normal(size=9)
            with np.errstate(all="ignore"):
                wanted = value_and_grad(remainders, 1)(k, x)
                found = native(k, x)
            np.testing.assert_allclose(found[0], wanted[0], 1e-12)
            np.testing.assert_allclose(found[1], wanted[1], 1e-12)
    finally:
        first_use_check(was)


def digits_of(k: Any, x: Any) -> Any:
    n = (k * k) % 13 + (k * 31 - k[::-1] * k) % 7
    by_rows = np.sum(k.reshape(2, -1) ** 2, axis=0) % 9
    last = (k[0] * k[0] + k[2] * 17) % 3
    return np.sum(x * n) + x[0] * ((k @ k) % 11) + x[1] * (np.sum(k * k) % 7) + x[2] * np.sum(by_rows) + x[3] * (np.prod(k) % 5) * last


@pytest.mark.parametrize("jit", [False, True])
def test_whole_numbers_of_64_bits_go_round_as_those_of_numpy_do(jit: bool, request: pytest.FixtureRequest) -> None:
    """Numba tells its compiler that they do not, which makes another remainder of a product."""
    from s2sad import first_use_check, value_and_grad

    request.getfixturevalue("compiled_at_last" if jit else "uncompiled")
    native, random, was = value_and_grad(digits_of, 1, backend="numba", control="keep"), np.random.default_rng(5), first_use_check()
    first_use_check(False)
    try:
        for most in (9, 2**62, 2**63 - 1):
            k, x = random.integers(-most, most, size=6, endpoint=True), random.normal(size=6)
            with np.errstate(all="ignore"):
                wanted, found = value_and_grad(digits_of, 1)(k, x), native(k, x)
            np.testing.assert_allclose(found[0], wanted[0], 1e-12)
            np.testing.assert_allclose(found[1], wanted[1], 1e-12)
    finally:
        first_use_check(was)
    assert native.stats().left == (0,)


def test_arrays_of_numbers_without_a_sign_of_64_bits_are_not_native() -> None:
    """With others, which have a sign, they would be floats in machine code."""
    from s2sad import CannotBeNative, value_and_grad

    with pytest.raises(CannotBeNative, match="an array of uint64 is read"):
        value_and_grad(remainders, 1, backend="numba")(np.arange(3, dtype=np.uint64), np.ones(3))
