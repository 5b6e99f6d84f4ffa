# stacks: 2
# saved values per step: the grids of u and v before it; the pressure's iterations save none
"""The adjoint of the flow in a cavity, which is linear in the pressure and so saves none of it."""

import numpy as np


def build_up_b(u, v, rho, dt, dx, dy):
    b = np.zeros_like(u)
    ux = (u[1:-1, 2:] - u[1:-1, :-2]) / (2.0 * dx)
    uy = (u[2:, 1:-1] - u[:-2, 1:-1]) / (2.0 * dy)
    vx = (v[1:-1, 2:] - v[1:-1, :-2]) / (2.0 * dx)
    vy = (v[2:, 1:-1] - v[:-2, 1:-1]) / (2.0 * dy)
    b[1:-1, 1:-1] = rho * ((ux + vy) / dt - ux**2 - 2.0 * uy * vx - vy**2)
    return b


def build_up_b_adjoint(u, v, b_bar, rho, dt, dx, dy, u_bar, v_bar):
    """Adds to u_bar and v_bar."""
    ux = (u[1:-1, 2:] - u[1:-1, :-2]) / (2.0 * dx)
    uy = (u[2:, 1:-1] - u[:-2, 1:-1]) / (2.0 * dy)
    vx = (v[1:-1, 2:] - v[1:-1, :-2]) / (2.0 * dx)
    vy = (v[2:, 1:-1] - v[:-2, 1:-1]) / (2.0 * dy)
    inner_bar = rho * b_bar[1:-1, 1:-1]
    ux_bar = (1.0 / dt - 2.0 * ux) * inner_bar / (2.0 * dx)
    uy_bar = -2.0 * vx * inner_bar / (2.0 * dy)
    vx_bar = -2.0 * uy * inner_bar / (2.0 * dx)
    vy_bar = (1.0 / dt - 2.0 * vy) * inner_bar / (2.0 * dy)
    u_bar[1:-1, 2:] += ux_bar
    u_bar[1:-1, :-2] -= ux_bar
    u_bar[2:, 1:-1] += uy_bar
    u_bar[:-2, 1:-1] -= uy_bar
    v_bar[1:-1, 2:] += vx_bar
    v_bar[1:-1, :-2] -= vx_bar
    v_bar[2:, 1:-1] += vy_bar
    v_bar[:-2, 1:-1] -= vy_bar


def pressure_poisson(p, b, dx, dy, nit):
    p = p.copy()
    for _ in range(nit):
        pn = p.copy()
        p[1:-1, 1:-1] = ((
            (pn[1:-1, 2:] + pn[1:-1, :-2]) * dy**2
            + (pn[2:, 1:-1] + pn[:-2, 1:-1]) * dx**2
        ) / (2.0 * (dx**2 + dy**2))
            - dx**2 * dy**2 / (2.0 * (dx**2 + dy**2)) * b[1:-1, 1:-1])
        p[:, -1] = p[:, -2]
        p[0, :] = p[1, :]
        p[:, 0] = p[:, 1]
        p[-1, :] = 0.0
    return p


def pressure_poisson_adjoint(p_bar, dx, dy, nit):
    """Makes p_bar that of the pressure at the start, and returns the cotangent of b."""
    b_bar = np.zeros_like(p_bar)
    for _ in range(nit):
        p_bar[-1, :] = 0.0
        p_bar[:, 1] += p_bar[:, 0]
        p_bar[:, 0] = 0.0
        p_bar[1, :] += p_bar[0, :]
        p_bar[0, :] = 0.0
        p_bar[:, -2] += p_bar[:, -1]
        p_bar[:, -1] = 0.0
        inner_bar = p_bar[1:-1, 1:-1] / (2.0 * (dx**2 + dy**2))
        p_bar[1:-1, 1:-1] = 0.0
        b_bar[1:-1, 1:-1] -= dx**2 * dy**2 * inner_bar
        across_bar = dy**2 * inner_bar
        along_bar = dx**2 * inner_bar
        p_bar[1:-1, 2:] += across_bar
        p_bar[1:-1, :-2] += across_bar
        p_bar[2:, 1:-1] += along_bar
        p_bar[:-2, 1:-1] += along_bar
    return b_bar


def transport_adjoint(w, u, v, inner_bar, nu, dt, dx, dy, w_bar, u_bar, v_bar):
    """The part of u's and v's updates that is alike: w, either of them, carried and diffused.

    Adds to w_bar, u_bar and v_bar, and returns the cotangent of nu.
    """
    u_bar[1:-1, 1:-1] -= dt / dx * (w[1:-1, 1:-1] - w[1:-1, :-2]) * inner_bar
    v_bar[1:-1, 1:-1] -= dt / dy * (w[1:-1, 1:-1] - w[:-2, 1:-1]) * inner_bar
    carried_x_bar = dt / dx * u[1:-1, 1:-1] * inner_bar
    carried_y_bar = dt / dy * v[1:-1, 1:-1] * inner_bar
    spread_x_bar = nu * dt / dx**2 * inner_bar
    spread_y_bar = nu * dt / dy**2 * inner_bar
    w_bar[1:-1, 1:-1] += inner_bar - carried_x_bar - carried_y_bar
    w_bar[1:-1, 1:-1] -= 2.0 * (spread_x_bar + spread_y_bar)
    w_bar[1:-1, 2:] += spread_x_bar
    w_bar[1:-1, :-2] += spread_x_bar + carried_x_bar
    w_bar[2:, 1:-1] += spread_y_bar
    w_bar[:-2, 1:-1] += spread_y_bar + carried_y_bar
    return np.sum(inner_bar * (
        dt / dx**2 * (w[1:-1, 2:] - 2.0 * w[1:-1, 1:-1] + w[1:-1, :-2])
        + dt / dy**2 * (w[2:, 1:-1] - 2.0 * w[1:-1, 1:-1] + w[:-2, 1:-1])
    ))


def cavity_flow_forward(u0, v0, p0, nu, rho, dt, nt, nit):
    u = u0.copy()
    v = v0.copy()
    p = p0.copy()
    ny, nx = u.shape
    dx = 2.0 / (nx - 1)
    dy = 2.0 / (ny - 1)
    u_saved = np.empty((nt, ny, nx))
    v_saved = np.empty((nt, ny, nx))
    for step in range(nt):
        u_saved[step] = u
        v_saved[step] = v
        un = u_saved[step]
        vn = v_saved[step]
        b = build_up_b(u, v, rho, dt, dx, dy)
        p = pressure_poisson(p, b, dx, dy, nit)
        u[1:-1, 1:-1] = (
            un[1:-1, 1:-1]
            - un[1:-1, 1:-1] * dt / dx * (un[1:-1, 1:-1] - un[1:-1, :-2])
            - vn[1:-1, 1:-1] * dt / dy * (un[1:-1, 1:-1] - un[:-2, 1:-1])
            - dt / (2.0 * rho * dx) * (p[1:-1, 2:] - p[1:-1, :-2])
            + nu * (
                dt / dx**2 * (un[1:-1, 2:] - 2.0 * un[1:-1, 1:-1] + un[1:-1, :-2])
                + dt / dy**2 * (un[2:, 1:-1] - 2.0 * un[1:-1, 1:-1] + un[:-2, 1:-1])
            )
        )
        v[1:-1, 1:-1] = (
            vn[1:-1, 1:-1]
            - un[1:-1, 1:-1] * dt / dx * (vn[1:-1, 1:-1] - vn[1:-1, :-2])
            - vn[1:-1, 1:-1] * dt / dy * (vn[1:-1, 1:-1] - vn[:-2, 1:-1])
            - dt / (2.0 * rho * dy) * (p[2:, 1:-1] - p[:-2, 1:-1])
            + nu * (
                dt / dx**2 * (vn[1:-1, 2:] - 2.0 * vn[1:-1, 1:-1] + vn[1:-1, :-2])
                + dt / dy**2 * (vn[2:, 1:-1] - 2.0 * vn[1:-1, 1:-1] + vn[:-2, 1:-1])
            )
        )
        u[0, :] = 0.0
        u[:, 0] = 0.0
        u[:, -1] = 0.0
        u[-1, :] = 1.0
        v[0, :] = 0.0
        v[-1, :] = 0.0
        v[:, 0] = 0.0
        v[:, -1] = 0.0
    return u, v, p, u_saved, v_saved


def cavity_flow_value_and_grad(u0, v0, p0, nu, rho, dt, nt, nit):
    u, v, p, u_saved, v_saved = cavity_flow_forward(u0, v0, p0, nu, rho, dt, nt, nit)
    value = np.sum(u * u) + np.sum(v * v) + np.sum(p * p)

    ny, nx = u.shape
    dx = 2.0 / (nx - 1)
    dy = 2.0 / (ny - 1)
    u_bar = 2.0 * u
    v_bar = 2.0 * v
    p_bar = 2.0 * p
    nu_bar = 0.0
    for step in range(nt - 1, -1, -1):
        un = u_saved[step]
        vn = v_saved[step]
        # A step writes all of u and v, the edges as constants: only the inner part goes back.
        u_inner_bar = u_bar[1:-1, 1:-1]
        v_inner_bar = v_bar[1:-1, 1:-1]
        u_bar = np.zeros_like(un)
        v_bar = np.zeros_like(vn)
        nu_bar += transport_adjoint(vn, un, vn, v_inner_bar, nu, dt, dx, dy, v_bar, u_bar, v_bar)
        nu_bar += transport_adjoint(un, un, vn, u_inner_bar, nu, dt, dx, dy, u_bar, u_bar, v_bar)
        px_bar = dt / (2.0 * rho * dx) * u_inner_bar
        py_bar = dt / (2.0 * rho * dy) * v_inner_bar
        p_bar[1:-1, 2:] -= px_bar
        p_bar[1:-1, :-2] += px_bar
        p_bar[2:, 1:-1] -= py_bar
        p_bar[:-2, 1:-1] += py_bar
        b_bar = pressure_poisson_adjoint(p_bar, dx, dy, nit)
        build_up_b_adjoint(un, vn, b_bar, rho, dt, dx, dy, u_bar, v_bar)
    return value, (u_bar, v_bar, p_bar, nu_bar)
