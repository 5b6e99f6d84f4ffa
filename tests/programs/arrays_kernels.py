"""Linear algebra that writes into its arrays: solves, factorisations and orthogonalisations as textbooks print them."""

from __future__ import annotations

import numpy as np

from . import program
from .samples import invertible, positive, spd, unit, wave


@program((0.4, 5), (1.1, 3), (np.float32(0.3), 6), argnums=0)
def recurrence_into_an_array(x, n):
    f = np.empty(n)
    f[0] = x
    for i in range(n - 1):
        f[i + 1] = np.sin(f[i]) + 0.5 * f[i] ** 2
    return f[-1] * f[1] + f.sum()


@program((wave(2), 6), (positive(2), 4), (wave(2, dtype=np.float32), 5), argnums=0)
def recurrence_of_second_order(start, n):
    f = np.zeros(n)
    f[:2] = start
    for i in range(2, n):
        f[i] = 0.5 * f[i - 1] + np.cos(f[i - 2]) - 0.1 * f[i - 1] * f[i - 2]
    return np.sum(f**2)


@program((invertible(4), wave(4)), (invertible(2, phase=1.0), positive(2)),
         (invertible(3, dtype=np.float32), wave(3, dtype=np.float32)), argnums=(0, 1))  # fmt: skip
def forward_substitution(lower, b):
    n = len(b)
    x = np.zeros_like(b)
    for i in range(n):
        x[i] = (b[i] - lower[i, :i] @ x[:i]) / lower[i, i]
    return np.sum(x**2)


@program((invertible(4), wave(4)), (invertible(2, phase=1.0), positive(2)),
         (invertible(3, dtype=np.float32), wave(3, dtype=np.float32)), argnums=(0, 1))  # fmt: skip
def back_substitution_by_elements(upper, b):
    n = len(b)
    x = b.copy()
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            x[i] -= upper[i, j] * x[j]
        x[i] /= upper[i, i]
    return x @ np.arange(1.0, n + 1) + x[0] ** 2


@program((invertible(4),), (invertible(2, phase=0.4),), (invertible(3, dtype=np.float32),))
def lu_in_place(a):
    lu = a.copy()
    n = len(lu)
    for k in range(n - 1):
        lu[k + 1 :, k] /= lu[k, k]
        lu[k + 1 :, k + 1 :] -= np.outer(lu[k + 1 :, k], lu[k, k + 1 :])
    return np.sum(np.log(np.abs(np.diag(lu)))) + np.sum(np.tril(lu, -1) ** 2)


@program((invertible(4)[::-1], wave(4)), (invertible(3, phase=0.4)[[1, 2, 0]], positive(3)),
         (invertible(3, dtype=np.float32)[::-1], wave(3, dtype=np.float32)), argnums=(0, 1))  # fmt: skip
def gaussian_elimination_with_pivot_rows(a, b):
    a, x = a.copy(), b.copy()
    n = len(x)
    for k in range(n):
        p = k + int(np.argmax(np.abs(a[k:, k])))
        if p != k:
            a[[k, p]] = a[[p, k]]
            x[[k, p]] = x[[p, k]]
        for i in range(k + 1, n):
            factor = a[i, k] / a[k, k]
            a[i, k:] -= factor * a[k, k:]
            x[i] -= factor * x[k]
    for k in range(n - 1, -1, -1):
        x[k] = (x[k] - a[k, k + 1 :] @ x[k + 1 :]) / a[k, k]
    return x @ x + x[0]


@program((invertible(3)[::-1],), (invertible(4, phase=2.0)[[2, 0, 3, 1]],), (invertible(2),))
def determinant_with_row_swaps_by_a_buffer(m):
    a = np.array(m)
    sign, n = 1.0, a.shape[0]
    row = np.empty(n)
    for k in range(n):
        p = k + np.abs(a[k:, k]).argmax()
        if p > k:
            row[:] = a[k]
            a[k] = a[p]
            a[p] = row
            sign = -sign
        a[k + 1 :] -= a[k + 1 :, k : k + 1] / a[k, k] * a[k]
    return sign * np.prod(np.diagonal(a))


@program((spd(4),), (spd(2, phase=0.6),), (spd(3, dtype=np.float32),))
def cholesky_by_elements(a):
    n = len(a)
    lower = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            rest = a[i, j] - lower[i, :j] @ lower[j, :j]
            lower[i, j] = np.sqrt(rest) if i == j else rest / lower[j, j]
    return np.sum(lower**3) + lower[-1, 0]


@program((spd(4),), (spd(3, phase=0.6),), (spd(3, dtype=np.float32),))
def cholesky_in_place_by_columns(a):
    c = a.copy()
    n = len(c)
    for k in range(n):
        c[k, k] **= 0.5
        c[k + 1 :, k] /= c[k, k]
        for j in range(k + 1, n):
            c[j:, j] -= c[j:, k] * c[j, k]
        c[k, k + 1 :] = 0.0
    return np.sum(np.sin(c)) + 2.0 * np.sum(np.log(np.diag(c)))


@program((0.5 * unit(4),), (0.4 * unit(2, phase=1.0),), ((0.5 * unit(3)).astype(np.float32),))
def durbin_recursion(r):
    n = len(r)
    y = np.empty(n, dtype=r.dtype)
    y[0] = -r[0]
    beta, alpha = 1.0, -r[0]
    for k in range(1, n):
        beta = (1.0 - alpha**2) * beta
        alpha = -(r[k] + r[k - 1 :: -1] @ y[:k]) / beta
        y[:k] += alpha * y[k - 1 :: -1]
        y[k] = alpha
    return y @ y + beta


@program((0.4 * unit(3), wave(4)), (0.3 * unit(2, phase=1.0), positive(3)),
         ((0.4 * unit(2)).astype(np.float32), wave(3, dtype=np.float32)), argnums=(0, 1))  # fmt: skip
def levinson_recursion(r, b):
    n = len(b)
    x, y = np.zeros(n), np.zeros(n)
    x[0], y[0] = b[0], -r[0]
    beta, alpha = 1.0, -r[0]
    for k in range(1, n):
        beta *= 1.0 - alpha * alpha
        mu = (b[k] - r[:k] @ x[k - 1 :: -1]) / beta
        x[:k] += mu * y[k - 1 :: -1]
        x[k] = mu
        if k < n - 1:
            alpha = -(r[k] + r[:k] @ y[k - 1 :: -1]) / beta
            y[:k] = y[:k] + alpha * y[k - 1 :: -1]
            y[k] = alpha
    return np.sum(x**2) + x[-1]


@program((invertible(4)[:, :3],), (invertible(2),), (invertible(3, dtype=np.float32),))
def classical_gram_schmidt(a):
    q, r = np.empty_like(a), np.zeros((a.shape[1], a.shape[1]))
    for k in range(a.shape[1]):
        r[:k, k] = q[:, :k].T @ a[:, k]
        v = a[:, k] - q[:, :k] @ r[:k, k]
        r[k, k] = np.sqrt(v @ v)
        q[:, k] = v / r[k, k]
    return np.sum(np.diag(r) ** 2) + np.sum(q * np.arange(q.size).reshape(q.shape)) + r[0, -1]


@program((invertible(4)[:, :3],), (invertible(2),), (invertible(3, dtype=np.float32),))
def modified_gram_schmidt_in_place(a):
    q = a.copy()
    n = q.shape[1]
    r = np.zeros((n, n))
    for k in range(n):
        column = q[:, k]
        r[k, k] = np.linalg.norm(column)
        column /= r[k, k]
        for j in range(k + 1, n):
            r[k, j] = column @ q[:, j]
            q[:, j] -= r[k, j] * column
    return np.sum(np.cos(q)) + np.sum(r * r[0])


@program((invertible(4)[:, :3],), (invertible(2),), (invertible(3, dtype=np.float32),))
def householder_qr(a):
    r = np.array(a)
    m, n = r.shape
    q = np.eye(m)
    for k in range(min(m - 1, n)):
        v = r[k:, k].copy()
        v[0] += np.copysign(np.linalg.norm(v), v[0])
        v /= np.linalg.norm(v)
        r[k:, k:] -= 2.0 * np.outer(v, v @ r[k:, k:])
        q[:, k:] -= 2.0 * np.outer(q[:, k:] @ v, v)
    return np.sum(np.triu(r) ** 2 * np.arange(1.0, n + 1)) + q[0, 0] * q[-1, -1]


@program((invertible(4)[:, :3],), (invertible(2),), (wave(3, 3, dtype=np.float32),))
def givens_rotations_of_two_rows(a):
    r = a.copy()
    m, n = r.shape
    for j in range(n):
        for i in range(m - 1, j, -1):
            radius = np.hypot(r[i - 1, j], r[i, j])
            c, s = r[i - 1, j] / radius, r[i, j] / radius
            upper, lower = r[i - 1].copy(), r[i].copy()
            r[i - 1] = c * upper + s * lower
            r[i] = c * lower - s * upper
    return np.sum(np.abs(np.diag(r))) + np.sum(r[0] ** 2 * np.arange(n))


@program((positive(4), 0.3 * wave(3), wave(4)), (positive(2, phase=1.0), 0.2 * wave(1), positive(2)),
         (positive(3, dtype=np.float32), (0.3 * wave(2)).astype(np.float32), wave(3, dtype=np.float32)), argnums=(0, 1, 2))  # fmt: skip
def thomas_solve_with_work_arrays(diagonal, off, rhs):
    n = len(rhs)
    c, d = np.empty(n), np.empty(n)
    c[-1] = 0.0
    c[0] = off[0] / diagonal[0]
    d[0] = rhs[0] / diagonal[0]
    for i in range(1, n):
        pivot = diagonal[i] - off[i - 1] * c[i - 1]
        if i < n - 1:
            c[i] = off[i] / pivot
        d[i] = (rhs[i] - off[i - 1] * d[i - 1]) / pivot
    x = np.empty(n)
    x[n - 1] = d[n - 1]
    for i in reversed(range(n - 1)):
        x[i] = d[i] - c[i] * x[i + 1]
    return x @ x + x.sum()


@program((0.3 * wave(3, 3), 5), (0.4 * wave(2, 2), 2), ((0.3 * wave(2, 2)).astype(np.float32), 4), argnums=0)
def matrix_power_in_place(a, n):
    result = np.eye(len(a))
    for _ in range(n):
        result[...] = result @ a
        result[0, 0] += 0.5
    return np.sum(result**2) + np.trace(result)


@program((0.3 * wave(3, 3), 5), (0.4 * wave(2, 2), 6), argnums=0)
def matrix_power_by_squaring_two_buffers(a, n):
    base, result, work = a.copy(), np.eye(len(a)), np.empty_like(a)
    while n:
        if n & 1:
            np.matmul(result, base, out=work)
            result, work = work, result
        np.matmul(base, base, out=work)
        base, work = work, base
        n >>= 1
    return np.sum(result * np.arange(result.size).reshape(result.shape))


@program((spd(3), wave(3), 3), (spd(2, phase=1.0), positive(2), 2), (spd(3, dtype=np.float32), wave(3, dtype=np.float32), 3),
         argnums=(0, 1))  # fmt: skip
def power_iteration_in_place(a, v, steps):
    v = v.copy()
    for _ in range(steps):
        v[:] = a @ v
        v /= np.sqrt(v @ v)
    return v @ a @ v + v[0]


@program((wave(4, 3),), (wave(3, 3, phase=0.5),), (positive(2, 4, dtype=np.float32),))
def transpose_in_place_by_swaps(m):
    n = min(m.shape)
    a = m[:n, :n].copy()
    for i in range(n):
        for j in range(i + 1, n):
            a[i, j], a[j, i] = a[j, i], a[i, j]
    return np.sum(a * m[:n, :n]) + np.sum(a**2 * np.arange(n)) + np.sum(m[-1])


@program((spd(3),), (spd(2, phase=0.7),), (spd(3, dtype=np.float32),))
def inverse_by_gauss_jordan(a):
    n = len(a)
    work = np.zeros((n, 2 * n))
    work[:, :n] = a
    work[:, n:] = np.identity(n)
    for k in range(n):
        work[k] /= work[k, k]
        for i in range(n):
            if i != k:
                work[i] -= work[i, k] * work[k]
    return np.sum(work[:, n:] ** 2) + work[0, -1]


@program((spd(3), 2), (spd(2, phase=0.7), 1), argnums=0)
def jacobi_rotations_of_a_symmetric_matrix(a, sweeps):
    d = (a + a.T) / 2
    n = len(d)
    for _ in range(sweeps):
        for p in range(n - 1):
            for q in range(p + 1, n):
                angle = 0.5 * np.arctan2(2 * d[p, q], d[q, q] - d[p, p])
                c, s = np.cos(angle), np.sin(angle)
                rows = d[[p, q]]
                d[p], d[q] = c * rows[0] - s * rows[1], s * rows[0] + c * rows[1]
                columns = d[:, [p, q]]
                d[:, p] = c * columns[:, 0] - s * columns[:, 1]
                d[:, q] = s * columns[:, 0] + c * columns[:, 1]
    return np.sum(np.diag(d) ** 3) + d[0, 0]


@program((wave(4), positive(3)), (positive(3, phase=0.5), wave(3)), argnums=(0, 1))
def newton_divided_differences(values, shifts):
    nodes = np.cumsum(np.concatenate([shifts[:1], np.abs(shifts) + 0.5]))[: len(values)]
    table = values[: len(nodes)].copy()
    for order in range(1, len(nodes)):
        table[order:] = (table[order:] - table[order - 1 : -1]) / (nodes[order:] - nodes[:-order])
    point = 0.3
    result = table[-1]
    for k in range(len(nodes) - 2, -1, -1):
        result = result * (point - nodes[k]) + table[k]
    return result + table @ table
