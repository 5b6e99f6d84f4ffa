"""Differential equations on grids and in time, with buffers that are written, swapped and rotated."""

from __future__ import annotations

import numpy as np

from . import program
from .samples import positive, unit, wave


@program((wave(5, 4), 4), (positive(4, 4), 3), (wave(4, 5, dtype=np.float32), 3), argnums=0)
def jacobi_with_two_buffers(b, sweeps):
    old = np.zeros((b.shape[0] + 2, b.shape[1] + 2), dtype=b.dtype)
    new = np.zeros_like(old)
    for _ in range(sweeps):
        new[1:-1, 1:-1] = 0.25 * (old[:-2, 1:-1] + old[2:, 1:-1] + old[1:-1, :-2] + old[1:-1, 2:] + b)
        old, new = new, old
    return np.sum(old**2) + old[1, 1] * new[2, 2]


@program((wave(5), wave(2), 3), (positive(3), positive(2), 4), (wave(4, dtype=np.float32), wave(2, dtype=np.float32), 3),
         argnums=(0, 1))  # fmt: skip
def gauss_seidel_in_one_buffer(b, ends, sweeps):
    u = np.zeros(len(b) + 2)
    u[0], u[-1] = ends
    for _ in range(sweeps):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] + b[i - 1])
    return np.sum(u * u)


@program((wave(4, 4), 1.3, 2), (positive(3, 5), 0.8, 3), (wave(4, 3, dtype=np.float32), np.float32(1.5), 2), argnums=(0, 1))
def successive_over_relaxation(u, omega, sweeps):
    u = u.copy()
    rows, columns = u.shape
    for _ in range(sweeps):
        for i in range(1, rows - 1):
            for j in range(1, columns - 1):
                mean = (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1]) / 4
                u[i, j] += omega * (mean - u[i, j])
    return np.sum(u[1:-1, 1:-1] ** 2) + u[1, 1]


@program((wave(6, 6), 1.2, 2), (positive(4, 5), 0.9, 3), argnums=(0, 1))
def red_black_relaxation_by_masks(u, omega, sweeps):
    u = u.copy()
    i, j = np.indices(u.shape)
    inner = (i > 0) & (j > 0) & (i < u.shape[0] - 1) & (j < u.shape[1] - 1)
    for _ in range(sweeps):
        for colour in (0, 1):
            here = inner & ((i + j) % 2 == colour)
            mean = (np.roll(u, 1, 0) + np.roll(u, -1, 0) + np.roll(u, 1, 1) + np.roll(u, -1, 1)) / 4
            u[here] += omega * (mean[here] - u[here])
    return np.sum(np.cos(u))


@program((wave(6), 0.2, 4), (positive(4), 0.1, 6), (wave(5, dtype=np.float32), np.float32(0.3), 3), argnums=(0, 1))
def heat_in_one_dimension(u, k, steps):
    u = np.array(u)
    for _ in range(steps):
        u[1:-1] += k * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u**2) + u[1]


@program((wave(5, 5), 0.1, 3), (positive(4, 3), 0.2, 2), (wave(4, 4, dtype=np.float32), np.float32(0.1), 2), argnums=(0, 1))
def heat_in_two_dimensions_with_insulated_walls(u, k, steps):
    u = u.copy()
    change = np.zeros_like(u)
    for _ in range(steps):
        change[1:-1, 1:-1] = u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4 * u[1:-1, 1:-1]
        u += k * change
        u[0, :] = u[1, :]
        u[-1, :] = u[-2, :]
        u[:, 0] = u[:, 1]
        u[:, -1] = u[:, -2]
    return np.sum(u**2) + u[0, 0]


@program((wave(4, 4, 4), 0.1, 3), (positive(3, 4, 5), 0.05, 2), (wave(3, 3, 3, dtype=np.float32), np.float32(0.1), 2), argnums=(0, 1))
def heat_in_three_dimensions(u, k, steps):
    u, inner = u.copy(), (slice(1, -1),) * 3
    for _ in range(steps):
        new = u.copy()
        new[inner] += k * (
            u[2:, 1:-1, 1:-1] + u[:-2, 1:-1, 1:-1] + u[1:-1, 2:, 1:-1] + u[1:-1, :-2, 1:-1]
            + u[1:-1, 1:-1, 2:] + u[1:-1, 1:-1, :-2] - 6 * u[inner]
        )  # fmt: skip
        u = new
    return np.sum(u[inner] ** 2) + np.sum(u**3)


@program((wave(6), wave(6, phase=1.0), 0.3, 5), (positive(4), wave(4), 0.5, 3), argnums=(0, 1, 2))
def wave_equation_with_three_buffers(before, now, c, steps):
    a, b = before.copy(), now.copy()
    new = np.empty_like(b)
    for _ in range(steps):
        new[1:-1] = 2 * b[1:-1] - a[1:-1] + c * (b[2:] - 2 * b[1:-1] + b[:-2])
        new[0] = 0.0
        new[-1] = new[-2]
        a, b, new = b, new, a
    return np.sum(b**2) + a[2] * new[1]


@program((wave(6), 7), (positive(4), 5), argnums=0)
def wave_equation_by_time_levels_modulo_three(start, steps):
    levels = np.zeros((3, len(start)))
    levels[0] = levels[1] = start
    for n in range(1, steps):
        now, before, after = n % 3, (n - 1) % 3, (n + 1) % 3
        levels[after, 1:-1] = 2 * levels[now, 1:-1] - levels[before, 1:-1] + 0.3 * np.diff(levels[now], 2)
    return np.sum(levels**2 * np.array([[1.0], [2.0], [3.0]]))


def solve_tridiagonal(lower, diagonal, upper, rhs):
    """Overwrites `rhs`, a view, with the solution of a constant tridiagonal system."""
    n = len(rhs)
    c = np.zeros(n)
    c[0] = upper / diagonal
    rhs[0] = rhs[0] / diagonal
    for i in range(1, n):
        pivot = diagonal - lower * c[i - 1]
        c[i] = upper / pivot
        rhs[i] = (rhs[i] - lower * rhs[i - 1]) / pivot
    for i in range(n - 2, -1, -1):
        rhs[i] -= c[i] * rhs[i + 1]


@program((wave(3, 4), 0.4, 1), (positive(2, 3), 0.2, 2), (wave(3, 3, dtype=np.float32), 0.3, 1), argnums=(0, 1))
def alternating_direction_sweeps(u, r, steps):
    u = np.array(u)
    for _ in range(steps):
        for row in u:
            solve_tridiagonal(-r, 1 + 2 * r, -r, row)
        for column in u.T:
            solve_tridiagonal(-r, 1 + 2 * r, -r, column)
    return np.sum(u**2) + u[0, -1]


@program((wave(3, 2), wave(3, 2, phase=1.0), positive(3), 2), (positive(2, 3), wave(2, 3), positive(2), 3), argnums=(0, 1, 2))
def bodies_with_a_pair_loop(position, velocity, mass, steps):
    x, v = position.copy(), velocity.copy()
    acceleration = np.zeros_like(x)
    for _ in range(steps):
        acceleration[:] = 0.0
        for i in range(len(x)):
            for j in range(i + 1, len(x)):
                d = x[j] - x[i]
                pull = d / (d @ d + 0.5) ** 1.5
                acceleration[i] += mass[j] * pull
                acceleration[j] -= mass[i] * pull
        v += 0.05 * acceleration
        x += 0.05 * v
    return 0.5 * np.sum(mass[:, None] * v**2) + np.sum(x[0] * x[1])


@program((wave(5, 5), 0.8, 2), (0.5 * positive(4, 4), 0.3, 3), (wave(4, 4, dtype=np.float32), np.float32(0.5), 2), argnums=(0, 1))
def driven_cavity_with_wall_writes(psi, lid, steps):
    psi, omega = psi.copy(), np.zeros_like(psi)
    for _ in range(steps):
        omega[0, :] = -2 * psi[1, :]
        omega[-1, :] = -2 * (psi[-2, :] + lid)
        omega[:, 0] = -2 * psi[:, 1]
        omega[:, -1] = -2 * psi[:, -2]
        du = (psi[2:, 1:-1] - psi[:-2, 1:-1]) * (omega[1:-1, 2:] - omega[1:-1, :-2])
        dv = (psi[1:-1, 2:] - psi[1:-1, :-2]) * (omega[2:, 1:-1] - omega[:-2, 1:-1])
        omega[1:-1, 1:-1] += 0.1 * (dv - du)
        psi[1:-1, 1:-1] = 0.25 * (psi[2:, 1:-1] + psi[:-2, 1:-1] + psi[1:-1, 2:] + psi[1:-1, :-2] + omega[1:-1, 1:-1])
    return np.sum(psi**2) + 0.1 * np.sum(omega**2)


@program((wave(4, 4), 0.3), (positive(3, 5), -0.4), argnums=(0, 1))
def cellular_flow_of_a_tracer(c, strength):
    c = c.copy()
    rows, columns = c.shape
    u = strength * np.outer(np.sin(np.arange(rows)), np.cos(np.arange(columns)))
    for _ in range(2):
        flux = np.zeros((rows + 1, columns))
        flux[1:-1] = 0.5 * (c[1:] + c[:-1]) * u[1:]
        c -= flux[1:] - flux[:-1]
        c[:, 0] = c[:, -1]
    return np.sum(np.sin(c))


@program((wave(6), 0.4, 4), (positive(5), -0.6, 3), (wave(5, dtype=np.float32), np.float32(0.2), 3), argnums=(0, 1))
def advection_upwind(u, speed, steps):
    u = u.copy()
    for _ in range(steps):
        if speed > 0:
            u[1:] -= speed * (u[1:] - u[:-1])
        else:
            u[:-1] = u[:-1] - speed * (u[1:] - u[:-1])
    return np.sum(u**2)


@program((unit(6), 0.2, 3), (0.3 * positive(5), 0.1, 4), argnums=(0, 1))
def burgers_with_a_flux_buffer(u, dt, steps):
    u, flux = u.copy(), np.empty(len(u) - 1)
    for _ in range(steps):
        np.multiply(u[:-1], u[1:], out=flux)
        flux *= 0.5
        flux -= 0.5 * (u[1:] - u[:-1])
        u[1:-1] -= dt * (flux[1:] - flux[:-1])
    return np.sum(u**2) + np.sum(flux)


@program((wave(4), 1e-3), (positive(3), 1e-6), (wave(3, dtype=np.float32), 0.05), argnums=0)
def iteration_while_the_residual_is_large(b, tol):
    x, residual, sweeps = np.zeros_like(b), 1.0, 0
    while residual > tol and sweeps < 40:
        new = b + 0.2 * np.tanh(x[::-1])
        residual = np.max(np.abs(new - x))
        x[:] = new
        sweeps += 1
    return np.sum(x**2) * sweeps


@program((wave(3), 0.02, 3), (positive(3), 0.05, 2), (wave(3, dtype=np.float32), np.float32(0.01), 3), argnums=(0, 1))
def lorenz_by_runge_kutta_with_k_buffers(start, h, steps):
    def field(s, out):
        out[0] = 10.0 * (s[1] - s[0])
        out[1] = s[0] * (28.0 - s[2]) - s[1]
        out[2] = s[0] * s[1] - 8.0 / 3.0 * s[2]

    s, k, weights = start.copy(), np.zeros((4, 3)), (0.0, 0.5, 0.5, 1.0)
    for _ in range(steps):
        for stage, weight in enumerate(weights):
            field(s + h * weight * k[stage - 1] if stage else s, k[stage])
        s += h / 6 * (k[0] + 2 * k[1] + 2 * k[2] + k[3])
    return s @ s


@program((wave(4), wave(4, phase=1.0), 4), (positive(2), wave(2), 6), (wave(3, dtype=np.float32), wave(3, dtype=np.float32), 3),
         argnums=(0, 1))  # fmt: skip
def leapfrog_into_a_trajectory(q, p, steps):
    path = np.empty((steps + 1, 2, len(q)))
    path[0, 0], path[0, 1] = q, p
    for t in range(steps):
        half = path[t, 1] - 0.1 * np.sin(path[t, 0])
        path[t + 1, 0] = path[t, 0] + 0.2 * half
        path[t + 1, 1] = half - 0.1 * np.sin(path[t + 1, 0])
    energy = 0.5 * path[:, 1] ** 2 - np.cos(path[:, 0])
    return np.sum(energy**2) + path[-1, 0, 0]


@program((0.5 + 0.3 * unit(5, 5), 2), (0.4 + 0.2 * unit(4, 6), 3), (0.5 + 0.3 * unit(4, 4, dtype=np.float32), 2), argnums=0)
def smooth_automaton(cells, generations):
    now, following = cells.copy(), np.zeros_like(cells)
    for _ in range(generations):
        count = np.zeros_like(now)
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                if dx or dy:
                    count[1:-1, 1:-1] += now[1 + dy : now.shape[0] - 1 + dy, 1 + dx : now.shape[1] - 1 + dx]
        following[...] = np.exp(-((count - 3.0) ** 2)) + now * np.exp(-2 * (count - 2.0) ** 2)
        now, following = following, now
    return np.sum(now**2)


@program((wave(4, 5),), (positive(3, 3),), (wave(3, 4, dtype=np.float32),))
def image_gradient_with_boundary_copy(image):
    gx, gy = np.zeros_like(image), np.zeros_like(image)
    gx[:, 1:-1] = (image[:, 2:] - image[:, :-2]) / 2
    gx[:, 0], gx[:, -1] = gx[:, 1], gx[:, -2]
    gy[1:-1] = (image[2:] - image[:-2]) / 2
    gy[[0, -1]] = gy[[1, -2]]
    return np.sum(np.sqrt(gx**2 + gy**2 + 0.1)) + np.sum(gx * gy)


@program((2.0 * unit(6) + 3.0, wave(6), 7), (1.5 * unit(4) + 2.0, positive(4), 5), argnums=(0, 1))
def particles_deposited_in_cells(x, charge, cells):
    density = np.zeros(cells)
    left = np.floor(x).astype(int)
    fraction = x - left
    np.add.at(density, left, charge * (1 - fraction))
    np.add.at(density, left + 1, charge * fraction)
    field = np.zeros(cells)
    field[1:-1] = density[2:] - density[:-2]
    force = charge * (field[left] * (1 - fraction) + field[left + 1] * fraction)
    return np.sum(force**2) + np.sum(density**2)
