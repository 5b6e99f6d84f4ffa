"""Kernels of simulations: flow in a cavity, bodies under gravity, a product with a sparse matrix, relaxation."""
from __future__ import annotations

import numpy as np

from . import program
from .samples import positive, wave


def pressure(p, b, dx, dy, steps):
    """Relaxation of the pressure by Poisson's equation, with walls."""
    for _ in range(steps):
        q = p.copy()
        p[1:-1, 1:-1] = ((q[1:-1, 2:] + q[1:-1, :-2]) * dy**2 + (q[2:, 1:-1] + q[:-2, 1:-1]) * dx**2) / (
            2 * (dx**2 + dy**2)) - dx**2 * dy**2 / (2 * (dx**2 + dy**2)) * b[1:-1, 1:-1]
        p[:, -1] = p[:, -2]
        p[0, :] = p[1, :]
        p[:, 0] = p[:, 1]
        p[-1, :] = 0.0


def source_term(b, rho, dt, u, v, dx, dy):
    du, dv = (u[1:-1, 2:] - u[1:-1, :-2]) / (2 * dx), (v[2:, 1:-1] - v[:-2, 1:-1]) / (2 * dy)
    b[1:-1, 1:-1] = rho * (1 / dt * (du + dv) - du**2
                           - 2 * ((u[2:, 1:-1] - u[:-2, 1:-1]) / (2 * dy) * (v[1:-1, 2:] - v[1:-1, :-2]) / (2 * dx)) - dv**2)


@program((0.1 * wave(5, 5), 0.1 * wave(5, 5, phase=1.0), 1.0, 0.1, 2), (0.2 * wave(4, 4), 0.1 * wave(4, 4), 1.5, 0.2, 1), argnums=(0, 1, 2, 3))
def cavity_flow(u, v, rho, nu, steps):
    u, v, p, b = u.copy(), v.copy(), np.zeros(u.shape), np.zeros(u.shape)
    dx, dy, dt = 2 / (u.shape[1] - 1), 2 / (u.shape[0] - 1), 0.01
    for _ in range(steps):
        un, vn = u.copy(), v.copy()
        source_term(b, rho, dt, u, v, dx, dy)
        pressure(p, b, dx, dy, 2)
        u[1:-1, 1:-1] = (un[1:-1, 1:-1] - un[1:-1, 1:-1] * dt / dx * (un[1:-1, 1:-1] - un[1:-1, :-2])
                         - vn[1:-1, 1:-1] * dt / dy * (un[1:-1, 1:-1] - un[:-2, 1:-1])
                         - dt / (2 * rho * dx) * (p[1:-1, 2:] - p[1:-1, :-2])
                         + nu * (dt / dx**2 * (un[1:-1, 2:] - 2 * un[1:-1, 1:-1] + un[1:-1, :-2])))
        v[1:-1, 1:-1] = (vn[1:-1, 1:-1] - un[1:-1, 1:-1] * dt / dx * (vn[1:-1, 1:-1] - vn[1:-1, :-2])
                         - dt / (2 * rho * dy) * (p[2:, 1:-1] - p[:-2, 1:-1])
                         + nu * (dt / dy**2 * (vn[2:, 1:-1] - 2 * vn[1:-1, 1:-1] + vn[:-2, 1:-1])))
        u[0, :], u[:, 0], u[:, -1], u[-1, :] = 0, 0, 0, 1
        v[0, :], v[-1, :], v[:, 0], v[:, -1] = 0, 0, 0, 0
    return np.sum(u * u) + np.sum(v * v) + np.sum(p)


@program(([0.0, 1.0, 2.5], [0.3, 0.1, -0.5], [0.0, 0.1, -0.2], [0.4, 0.0, 0.1], 0.01, 3),
         ([0.0, 1.5], [0.2, 0.4], [0.1, 0.0], [0.0, 0.2], 0.02, 2), argnums=(0, 1, 2, 3))  # fmt: skip
def bodies_by_numbers(xs, ys, us, vs, dt, steps):
    xs, ys, us, vs = list(xs), list(ys), list(us), list(vs)
    for _ in range(steps):
        for i in range(len(xs)):
            for j in range(i + 1, len(xs)):
                dx, dy = xs[i] - xs[j], ys[i] - ys[j]
                distance = (dx * dx + dy * dy) ** 0.5
                pull = dt / (distance * distance * distance)
                us[i] -= dx * pull
                vs[i] -= dy * pull
                us[j] += dx * pull
                vs[j] += dy * pull
        for i in range(len(xs)):
            xs[i] += dt * us[i]
            ys[i] += dt * vs[i]
    return sum(0.5 * (us[i] * us[i] + vs[i] * vs[i]) for i in range(len(xs)))


@program((positive(4, 3), 0.1 * wave(4, 3, phase=1.0), positive(4), 2), (positive(3, 3, phase=0.5), 0.1 * wave(3, 3), positive(3), 1), argnums=(0, 1, 2))
def bodies_by_arrays(pos, vel, mass, steps):
    for _ in range(steps):
        d = pos[None, :, :] - pos[:, None, :]
        inverse = (np.sum(d * d, axis=2) + 0.01) ** -1.5
        acc = np.sum(d * (inverse * mass)[:, :, None], axis=1)
        vel = vel + acc * 0.01
        pos = pos + vel * 0.01
    return np.sum(mass[:, None] * vel * vel)


@program((positive(5), np.array([0, 2, 1, 0, 2]), np.array([0, 2, 3, 5]), wave(3)),
         (positive(3), np.array([1, 0, 1]), np.array([0, 1, 3]), wave(2)), argnums=(0, 3))  # fmt: skip
def sparse_product(data, indices, starts, x):
    y = np.empty(len(starts) - 1)
    for i in range(len(starts) - 1):
        columns = indices[starts[i] : starts[i + 1]]
        values = data[starts[i] : starts[i + 1]]
        y[i] = values @ x[columns]
    return np.sum(y * y)
