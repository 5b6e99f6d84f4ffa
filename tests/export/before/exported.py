# Exported by s2sad 0.1.0: value and gradient of loss(w, x) by w, x.
# source model.py:loss sha256:ca4690acda2d4326d26d38c4737c46d43fabe1a34e2ffdc9be731546b4874609
# source model.py:softened sha256:428a988aa74e49f40ffe1ba98b4e44c5e3815940fc7a285f4fe95b1030fa7c49
#
# Valid for
#     w: float64[2, 2]
#     x: float64[2]
#
# Read from outside the function, parameters here, with the values at the time of export
#     RATE = 0.5, which is model.RATE in model.py:12
#
# Run this file to check it at the point of export.
"""Value and gradient of loss()."""
import math
import numpy as np


class OtherPath(ValueError):
    """The arguments leave the path that this module was exported for."""


def loss_value_and_grad(w, x, *, RATE=0.5):
    """The value of loss() and its gradient by w, x."""
    w = _checked_array('w', w, 'float64', (2, 2))
    x = _checked_array('x', x, 'float64', (2,))
    RATE = _checked('RATE', RATE, float)
    out = _loss_value_and_grad(w, x, RATE)
    if holds_nan(out):
        out = _loss_value_and_grad_strong(w, x, RATE)
    return (out[0], (out[1], out[2]))


def _loss_value_and_grad(w, x, RATE):
    # model.py:12  return np.sum(softened(w @ x) * np.sinc(w[0])) * RATE
    w_times_x = w @ x
    # model.py:8  return np.logaddexp(0.0, x)
    t1 = np.logaddexp(0.0, w_times_x)
    # model.py:12  return np.sum(softened(w @ x) * np.sinc(w[0])) * RATE
    sinc_w0 = np.sinc(w[0])
    value = (t1 * sinc_w0).sum() * RATE
    # adjoint of model.py:8
    t2 = RATE * sinc_w0 * np.exp(w_times_x - t1)
    # adjoint of model.py:12
    w_bar = np.outer(t2, x)
    w_bar[0] += RATE * t1 * sinc_derivative(w[0])
    return value, w_bar, w.T @ t2


def _loss_value_and_grad_strong(w, x, RATE):
    # model.py:12  return np.sum(softened(w @ x) * np.sinc(w[0])) * RATE
    w_times_x = w @ x
    # model.py:8  return np.logaddexp(0.0, x)
    t1 = np.logaddexp(0.0, w_times_x)
    # model.py:12  return np.sum(softened(w @ x) * np.sinc(w[0])) * RATE
    sinc_w0 = np.sinc(w[0])
    value = (t1 * sinc_w0).sum() * RATE
    # adjoint of model.py:8
    t2 = strong_product(strong_product(RATE, sinc_w0), np.exp(w_times_x - t1))
    # adjoint of model.py:12
    w_bar = strong_outer(t2, x)
    w_bar[0] += strong_product(strong_product(RATE, t1), sinc_derivative(w[0]))
    return value, w_bar, strong_matmul(w.T, t2)


def _like(x, result):
    """The result in the precision of `x`."""
    kind = getattr(x, 'dtype', None)
    return result.astype(kind)[()] if kind is not None and kind.kind == 'f' else result[()]


def sinc_derivative(x, n=1):
    """The n-th derivative of `np.sinc`: its power series near 0, elsewhere from `t f' + f = cos(t)`, differentiated."""
    t = np.pi * np.asarray(x, np.float64)
    near = np.abs(t) < n + 2.0
    small, large = (np.where(near, t, 0.0), np.where(near, n + 2.0, t))
    series = np.zeros_like(t)
    for k in range((n + 1) // 2, 24 + 2 * n):
        series += (-1.0) ** k / (math.factorial(2 * k - n) * (2 * k + 1)) * small ** (2 * k - n)
    f = np.sin(large) / large
    for k in range(1, n + 1):
        f = (np.sin(large + 0.5 * np.pi * k) - k * f) / large
    return _like(x, np.pi ** n * np.where(near, series, f))


def holds_nan(value):
    """Whether a number, an array, or a sequence of those has a NaN: then the call is answered by code with strong products."""
    if isinstance(value, (list, tuple)):
        return any(map(holds_nan, value))
    inexact = isinstance(value, (float, complex)) or (isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in 'fc')
    return inexact and bool(np.isnan(value).any())


def _zero_where(condition, value):
    if isinstance(value, np.ndarray):
        return np.where(condition, value.dtype.type(0), value)
    return type(value)(0) if condition else value


def strong_product(x, y):
    """`x * y`, and an exact 0 where one of them is 0, also where the other is infinite or NaN: where nothing flows, nothing arrives."""
    if type(x) is type(y) is float:
        product = x * y
        return 0.0 if product != product and (x == 0 or y == 0) else product
    with np.errstate(all='ignore'):
        product = x * y
        return _zero_where(np.equal(x, 0) | np.equal(y, 0), product) if holds_nan(product) else product


def _multilinear(operation, *arrays):
    """Sums of products of the entries of the arrays, those with a 0 left out."""
    with np.errstate(all='ignore'):
        result = operation(*arrays)
        if not holds_nan(result):
            return result
        there = [np.not_equal(a, 0).astype(float) for a in arrays]
        beyond = [(~np.isfinite(a)).astype(float) for a in arrays]
        touched = sum((operation(*there[:k], beyond[k], *there[k + 1:]) for k in range(len(arrays))))
        finite = operation(*(np.where(np.isfinite(a), a, np.asarray(a).dtype.type(0)) for a in arrays))
        return np.where(touched == 0, finite, result)[()]


def strong_outer(a, b):
    """`np.outer(a, b)` of strong products."""
    return _multilinear(np.outer, a, b)


def strong_matmul(x, y):
    """`x @ y` as a sum of strong products."""
    return _multilinear(np.matmul, x, y)


def _checked(name, value, kind):
    """The argument if it is of the type at the time of export."""
    if type(value) is not kind:
        raise TypeError(f'{name} must be of type {kind.__name__}, not {type(value).__name__}')
    return value


def _checked_array(name, value, dtype, shape):
    """The argument if it is an array of the dtype and shape at the time of export."""
    if type(value) is not np.ndarray or value.dtype != dtype:
        found = f'an array of {value.dtype}' if isinstance(value, np.ndarray) else f'of type {type(value).__name__}'
        raise TypeError(f'{name} must be an array of {dtype}, not {found}')
    if value.shape != shape:
        raise OtherPath(f'{name} has the shape {value.shape}; the exported path holds for {shape}')
    return value


def _agree(found, stored):
    """Whether two results are the same but for rounding, which differs between machines."""
    if isinstance(stored, (list, tuple)):
        return len(found) == len(stored) and all((_agree(a, b) for a, b in zip(found, stored, strict=True)))
    if isinstance(stored, dict):
        return list(found) == list(stored) and all((_agree(found[key], stored[key]) for key in stored))
    if hasattr(stored, '__dict__'):
        return _agree(vars(found), vars(stored))
    expected = np.asarray(stored)
    if expected.dtype.kind not in 'fc':
        return bool(np.array_equal(found, stored))
    precision = 10000.0 * np.finfo(expected.dtype).eps
    scale = np.max(np.abs(expected[np.isfinite(expected)]), initial=0.0)
    same_kind = np.shape(found) == expected.shape and np.asarray(found).dtype == expected.dtype
    return same_kind and bool(np.allclose(found, expected, rtol=precision, atol=precision * scale, equal_nan=True))


def self_check():
    """Evaluate at the point of export and compare with what came out then. Raises AssertionError."""
    found = loss_value_and_grad(
        np.array([[0.5, 1.0], [2.0, 3.0]], dtype='float64'),
        np.array([1.0, 2.0], dtype='float64'),
    )
    stored = (np.float64(0.8208860978032078), (np.array([[-1.3476087180712957, -3.4118407481162096], [1.948432290043379e-17, 3.896864580086758e-17]], dtype='float64'), np.array([0.1470817387675596, 0.2941634775351192], dtype='float64')))
    if not _agree(found, stored):
        raise AssertionError(f"self-check failed: {found!r} instead of {stored!r}")


if __name__ == "__main__":
    self_check()
    print("self-check passed: the value and gradient of the time of export")
