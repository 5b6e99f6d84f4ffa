"""Functions of whole arrays that native code calls by name: orders, places, interpolation, convolutions, stacks of matrices.

Numba compiles them when they are called, once for a process and for the disk. They are plain Python, as `support` is, which has them too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

# Rows


def products_of_others(rows: Any) -> Any:
    """For each entry of a row the product of all the others; zeros are no exception."""
    found = np.ones_like(rows)
    for row in range(rows.shape[0]):
        running = found[row, 0] if rows.shape[1] else rows.dtype.type(1)
        for i in range(rows.shape[1]):
            found[row, i] = running
            running *= rows[row, i]
        running = found[row, 0] if rows.shape[1] else running
        for i in range(rows.shape[1] - 1, -1, -1):
            found[row, i] *= running
            running *= rows[row, i]
    return found


def argsorted(rows: Any, stable: bool) -> Any:
    """The order of the elements of each row; no rows where only NumPy knows it: of NaN, and of equal ones unless they stay in order."""
    found = np.empty(rows.shape, np.int64)
    for i in range(rows.shape[0]):
        order = np.argsort(rows[i], kind="mergesort")
        for k in range(rows.shape[1]):
            here, before = rows[i, order[k]], rows[i, order[max(k - 1, 0)]]
            if here != here or (k and not stable and not before < here):
                return np.empty((0, rows.shape[1]), np.int64)
        found[i] = order
    return found


def sorted_rows(rows: Any) -> Any:
    """The rows, each sorted; none where an element is NaN."""
    found = rows.copy()
    for i in range(rows.shape[0]):
        for k in range(rows.shape[1]):
            if rows[i, k] != rows[i, k]:
                return rows[:0].copy()
        found[i] = np.sort(rows[i])
    return found


def added_by_segments(rows: Any, starts: Any) -> Any:
    """As `np.add.reduceat` of each row; no rows where a place is outside."""
    length, count = rows.shape[1], len(starts)
    for start in starts:
        if not 0 <= start < length:
            return np.empty((0, count), rows.dtype)
    found = np.empty((rows.shape[0], count), rows.dtype)
    for row in range(rows.shape[0]):
        for n in range(count):
            total = rows[row, starts[n]]
            for i in range(starts[n] + 1, starts[n + 1] if n + 1 < count else length):
                total += rows[row, i]
            found[row, n] = total
    return found


def spread_to_segments(rows: Any, starts: Any, length: int) -> Any:
    """The transpose of `added_by_segments`: each entry is added to all that it was the sum of."""
    found = np.zeros((rows.shape[0], length), rows.dtype)
    count = len(starts)
    for row in range(rows.shape[0]):
        for n in range(count):
            stop = starts[n + 1] if n + 1 < count else length
            for i in range(starts[n], max(stop, starts[n] + 1)):
                found[row, i] += rows[row, n]
    return found


# Places


def repeated_places(times: Any) -> Any:
    """Each place as often as is said; no places where that is less than never."""
    total = 0
    for number in times:
        if number < 0:
            return np.empty(0, np.int64)
        total += number
    found = np.empty(total, np.int64)
    at = 0
    for place in range(len(times)):
        for _ in range(times[place]):
            found[at] = place
            at += 1
    return found


def triangle_places(rows: int, columns: int, k: int, upper: bool) -> Any:
    """The rows and columns of the places of a triangle of a matrix, in the order of C."""
    count = 0
    for i in range(rows):
        for j in range(columns):
            count += (j - i >= k) if upper else (j - i <= k)
    down, along = np.empty(count, np.int64), np.empty(count, np.int64)
    at = 0
    for i in range(rows):
        for j in range(columns):
            if (j - i >= k) if upper else (j - i <= k):
                down[at], along[at] = i, j
                at += 1
    return down, along


def padded_place(place: int, length: int, mode: int) -> int:
    """Where what stands at a place of a padded axis comes from: mode 0 is "edge", 1 "wrap", 2 "symmetric", 3 "reflect"."""
    if mode == 0:
        return min(max(place, 0), length - 1)
    if mode == 1:
        return place % length
    if mode == 2:
        turned = place % (2 * length)
        return min(turned, 2 * length - 1 - turned)
    if length == 1:
        return 0
    turned = place % (2 * length - 2)
    return min(turned, 2 * length - 2 - turned)


def is_increasing(table: Any) -> bool:
    """Whether no entry is smaller than the one before it, and none is NaN."""
    for k in range(len(table)):
        if not table[max(k - 1, 0)] <= table[k]:
            return False
    return True


def place_in(table: Any, x: Any, right: bool) -> int:
    """As `np.searchsorted` of one number: NaN comes behind all others."""
    low, high = 0, len(table)
    while low < high:
        middle = (low + high) // 2
        if table[middle] < x or x != x or (right and table[middle] <= x):
            low = middle + 1
        else:
            high = middle
    return low


# Interpolation


def interpolated(x: Any, xp: Any, fp: Any, left: Any, right: Any) -> Any:
    """As `np.interp` of one number."""
    if x != x:
        return x
    last = len(xp) - 1
    j = place_in(xp, x, True) - 1
    if j < 0:
        return left
    if x > xp[last]:
        return right
    if j >= last or xp[j] == x:
        return np.float64(fp[min(j, last)])
    slope = (fp[j + 1] - fp[j]) / (xp[j + 1] - xp[j])
    return slope * (x - xp[j]) + fp[j]


def segment(xp: Any, x: Any) -> int:
    """The segment of a number: at a knot the one to the right, the last one ends with its knot."""
    return min(max(place_in(xp, x, True) - 1, 0), max(len(xp) - 2, 0))


def interp_slope(x: Any, xp: Any, fp: Any) -> Any:
    """The derivative of `np.interp` in one number: the slope of its segment, 0 outside."""
    if x < xp[0] or x > xp[-1] or len(fp) == 1:
        return 0.0
    i = segment(xp, x)
    after = min(i + 1, len(fp) - 1)
    return (fp[after] - fp[i]) / (xp[after] - xp[i])


def interp_spread(c: Any, x: Any, xp: Any, left: bool, right: bool) -> Any:
    """The transpose of `np.interp` in its values: each `c` goes to the two knots around its `x`."""
    found = np.zeros(len(xp))
    for n in range(len(x)):
        if (left and x[n] < xp[0]) or (right and x[n] > xp[-1]):
            continue
        i = segment(xp, x[n])
        after = min(i + 1, len(xp) - 1)
        length = xp[after] - xp[i]
        weight = min(max((x[n] - xp[i]) / (length if length != 0 else 1.0), 0.0), 1.0)
        found[i] += c[n] * (1.0 - weight)
        found[after] += c[n] * weight
    return found


def interp_slope_spread(c: Any, x: Any, xp: Any) -> Any:
    """The transpose of `interp_slope` in the values."""
    found = np.zeros(len(xp))
    for n in range(len(x)):
        if x[n] < xp[0] or x[n] > xp[-1] or len(xp) == 1:
            continue
        i = segment(xp, x[n])
        rate = c[n] / (xp[i + 1] - xp[i])
        found[i + 1] += rate
        found[i] -= rate
    return found


# Convolutions


def slid(a: Any, v: Any, mode: int) -> Any:
    """The sums of products of `v`, which is not longer, with what it lies over of `a`: mode 0 is "valid", 1 "same", 2 "full"."""
    n = len(v)
    left = 0 if mode == 0 else n // 2 if mode == 1 else n - 1
    length = len(a) - n + 1 if mode == 0 else len(a) if mode == 1 else len(a) + n - 1
    found = np.zeros(length, a.dtype)
    for j in range(n):
        factor = v[j]
        for i in range(max(0, left - j), min(length, len(a) + left - j)):
            found[i] += a[i - left + j] * factor
    return found


def convolved(a: Any, v: Any, mode: int) -> Any:
    """As `np.convolve`."""
    return slid(a, v[::-1].copy(), mode) if len(a) >= len(v) else slid(v, a[::-1].copy(), mode)


def correlated(a: Any, v: Any, mode: int) -> Any:
    """As `np.correlate`."""
    other = np.conj(v)
    return slid(a, other, mode) if len(a) >= len(v) else slid(other, a, mode)[::-1].copy()


# Stacks of matrices, whose first axis counts them


def inverses(stack: Any) -> Any:
    """As `np.linalg.inv`."""
    found = np.empty_like(stack)
    for k in range(stack.shape[0]):
        found[k] = np.linalg.inv(stack[k])
    return found


def factors(stack: Any) -> Any:
    """As `np.linalg.cholesky`."""
    found = np.empty_like(stack)
    for k in range(stack.shape[0]):
        found[k] = np.linalg.cholesky(stack[k])
    return found


def solutions(stack: Any, right: Any) -> Any:
    """As `np.linalg.solve`."""
    found = np.empty_like(right)
    for k in range(stack.shape[0]):
        found[k] = np.linalg.solve(stack[k], right[k])
    return found


def determinants(stack: Any) -> Any:
    """As `np.linalg.det`."""
    found = np.empty(stack.shape[0], stack.dtype)
    for k in range(stack.shape[0]):
        found[k] = np.linalg.det(stack[k])
    return found


def signs_and_logarithms(stack: Any) -> Any:
    """As `np.linalg.slogdet`."""
    signs, logarithms = np.empty(stack.shape[0], stack.dtype), np.empty(stack.shape[0], stack.dtype)
    for k in range(stack.shape[0]):
        signs[k], logarithms[k] = np.linalg.slogdet(stack[k])
    return signs, logarithms


def values_and_vectors(stack: Any, upper: bool) -> Any:
    """As `np.linalg.eigh`, which reads one triangle."""
    values, vectors = np.empty(stack.shape[:2], stack.dtype), np.empty_like(stack)
    for k in range(stack.shape[0]):
        values[k], vectors[k] = np.linalg.eigh(stack[k].T.copy() if upper else stack[k])
    return values, vectors


def eigenvalues(stack: Any, upper: bool) -> Any:
    """As `np.linalg.eigvalsh`."""
    values = np.empty(stack.shape[:2], stack.dtype)
    for k in range(stack.shape[0]):
        values[k] = np.linalg.eigvalsh(stack[k].T.copy() if upper else stack[k])
    return values


def singular_parts(stack: Any, full: bool) -> Any:
    """As `np.linalg.svd`."""
    rows, columns = stack.shape[1], stack.shape[2]
    least = min(rows, columns)
    u = np.empty((stack.shape[0], rows, rows if full else least), stack.dtype)
    s = np.empty((stack.shape[0], least), stack.dtype)
    vh = np.empty((stack.shape[0], columns if full else least, columns), stack.dtype)
    for k in range(stack.shape[0]):
        u[k], s[k], vh[k] = np.linalg.svd(stack[k], full)
    return u, s, vh


def orthogonal_parts(stack: Any) -> Any:
    """As `np.linalg.qr` in its usual mode."""
    rows, columns = stack.shape[1], stack.shape[2]
    least = min(rows, columns)
    q = np.empty((stack.shape[0], rows, least), stack.dtype)
    r = np.empty((stack.shape[0], least, columns), stack.dtype)
    for k in range(stack.shape[0]):
        q[k], r[k] = np.linalg.qr(stack[k])
    return q, r


def cofactors_of_regular(stack: Any) -> Any:
    """The determinants times the inverses, transposed; none where one is too ill conditioned for that to be exact."""
    found = np.empty_like(stack)
    for k in range(stack.shape[0]):
        matrix = stack[k]
        determinant = np.linalg.det(matrix)
        if determinant == 0.0:
            return stack[:0].copy()
        inverse = np.linalg.inv(matrix)
        if not np.sqrt(np.sum(matrix * matrix)) * np.sqrt(np.sum(inverse * inverse)) < 1e4:
            return stack[:0].copy()
        found[k] = determinant * inverse.T
    return found


def gaps_apart(given: Any) -> Any:
    """The reciprocals of the differences between the numbers of each row; none where two are equal up to rounding."""
    n = given.shape[-1]
    rows = given.reshape((given.size // max(n, 1), n))
    found = np.zeros((rows.shape[0], n, n), given.dtype)
    for k in range(rows.shape[0]):
        least = 8 * n * np.finfo(given.dtype).eps * np.max(np.abs(rows[k]))
        for i in range(n):
            for j in range(n):
                if i != j:
                    gap = rows[k, j] - rows[k, i]
                    if not abs(gap) > least:
                        return found[:0].copy()
                    found[k, i, j] = 1.0 / gap
    return found


def turned_apart(given: Any, gaps: Any, turned: Any) -> Any:
    """The numbers of each row on a diagonal, with products beside it."""
    return diagonals_alone(given, gaps) + gaps * turned


def diagonals_alone(given: Any, gaps: Any) -> Any:
    """The numbers of each row on a diagonal."""
    n = given.shape[-1]
    rows, found = given.reshape((given.size // max(n, 1), n)), np.zeros_like(gaps)
    for k in range(rows.shape[0]):
        for i in range(n):
            found[k, i, i] = rows[k, i]
    return found
