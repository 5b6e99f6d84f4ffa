# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def cavity_flow_value_and_grad(u0, v0, p0, nu, rho, dt, nt, nit):
    # the sizes this is written for
    if (v0.shape != (u0.shape[0], u0.shape[1]) or p0.shape != (u0.shape[0], u0.shape[1])
        or u0.shape[0] < 2 or u0.shape[1] < 2):
        raise OtherPath
    # program.py:36  u = u0.copy()
    u = u0.copy()
    # program.py:37  v = v0.copy()
    v = v0.copy()
    # program.py:38  p = p0.copy()
    p = p0.copy()
    # program.py:39  ny, nx = u.shape
    ny, nx = u.shape
    # program.py:40  dx = 2.0 / (nx - 1)
    dx = 2.0 / (nx - 1)
    # program.py:41  dy = 2.0 / (ny - 1)
    dy = 2.0 / (ny - 1)
    twice_dx, twice_dy = 2.0 * dx, 2.0 * dy
    u0_rows, u0_cols = u0.shape
    denominator, denominator_1 = 2.0 * rho * dx, 2.0 * rho * dy
    v_saved, u_saved = np.empty((max(nt, 0), ny, nx)), np.empty((max(nt, 0), ny, nx))
    for i in range(nt):
        u_saved[i], v_saved[i] = u, v
        # program.py:43  un = u.copy()
        un = u.copy()
        # program.py:44  vn = v.copy()
        vn = v.copy()
        # program.py:10  b = np.zeros_like(u)
        b = np.zeros_like(u)
        # program.py:11  ux = (u[1:-1, 2:] - u[1:-1, :-2]) / (2.0 * dx)
        ux = (u[1:-1, 2:] - u[1:-1, :-2]) / twice_dx
        # program.py:12  uy = (u[2:, 1:-1] - u[:-2, 1:-1]) / (2.0 * dy)
        uy = (u[2:, 1:-1] - u[:-2, 1:-1]) / twice_dy
        # program.py:13  vx = (v[1:-1, 2:] - v[1:-1, :-2]) / (2.0 * dx)
        vx = (v[1:-1, 2:] - v[1:-1, :-2]) / twice_dx
        # program.py:14  vy = (v[2:, 1:-1] - v[:-2, 1:-1]) / (2.0 * dy)
        vy = (v[2:, 1:-1] - v[:-2, 1:-1]) / twice_dy
        # program.py:15  b[1:-1, 1:-1] = rho * ((ux + vy) / dt - ux**2 - 2.0 * uy * vx - vy**2)
        b[1:-1, 1:-1] = rho * ((ux + vy) / dt - ux ** 2 - 2.0 * uy * vx - vy ** 2)
        # program.py:20  p = p.copy()
        p = p.copy()
        # program.py:46  p = pressure_poisson(p, b, dx, dy, nit)
        for _ in range(nit):
            # program.py:22  pn = p.copy()
            pn = p.copy()
            # program.py:23  p[1:-1, 1:-1] = ((
            dy_squared, dx_squared = dy ** 2, dx ** 2
            denominator_2 = 2.0 * (dx_squared + dy_squared)
            p[1:-1, 1:-1] = (((pn[1:-1, 2:] + pn[1:-1, :-2]) * dy_squared
                              + (pn[2:, 1:-1] + pn[:-2, 1:-1]) * dx_squared) / denominator_2
                             - dx_squared * dy_squared / denominator_2 * b[1:-1, 1:-1])
            # program.py:28  p[:, -1] = p[:, -2]
            p[:, -1] = p[:, -2]
            # program.py:29  p[0, :] = p[1, :]
            p[0, :] = p[1, :]
            # program.py:30  p[:, 0] = p[:, 1]
            p[:, 0] = p[:, 1]
            # program.py:31  p[-1, :] = 0.0
            p[-1, :] = 0.0
        # program.py:47  u[1:-1, 1:-1] = (
        un_inner = un[1:-1, 1:-1]
        un_inner_scaled = un_inner * dt / dx
        vn_inner = vn[1:-1, 1:-1]
        vn_inner_scaled = vn_inner * dt / dy
        t1 = dt / dx ** 2
        twice_un_inner = 2.0 * un_inner
        t2 = dt / dy ** 2
        u[1:-1, 1:-1] = (un_inner - un_inner_scaled * (un_inner - un[1:-1, :-2])
                         - vn_inner_scaled * (un_inner - un[:-2, 1:-1])
                         - dt / denominator * (p[1:-1, 2:] - p[1:-1, :-2])
                         + nu * (t1 * (un[1:-1, 2:] - twice_un_inner + un[1:-1, :-2])
                                 + t2 * (un[2:, 1:-1] - twice_un_inner + un[:-2, 1:-1])))
        # program.py:57  v[1:-1, 1:-1] = (
        twice_vn_inner = 2.0 * vn_inner
        v[1:-1, 1:-1] = (vn_inner - un_inner_scaled * (vn_inner - vn[1:-1, :-2])
                         - vn_inner_scaled * (vn_inner - vn[:-2, 1:-1])
                         - dt / denominator_1 * (p[2:, 1:-1] - p[:-2, 1:-1])
                         + nu * (t1 * (vn[1:-1, 2:] - twice_vn_inner + vn[1:-1, :-2])
                                 + t2 * (vn[2:, 1:-1] - twice_vn_inner + vn[:-2, 1:-1])))
        # program.py:67  u[0, :] = 0.0
        u[0, :] = 0.0
        # program.py:68  u[:, 0] = 0.0
        u[:, 0] = 0.0
        # program.py:69  u[:, -1] = 0.0
        u[:, -1] = 0.0
        # program.py:70  u[-1, :] = 1.0
        u[-1, :] = 1.0
        # program.py:71  v[0, :] = 0.0
        v[0, :] = 0.0
        # program.py:72  v[-1, :] = 0.0
        v[-1, :] = 0.0
        # program.py:73  v[:, 0] = 0.0
        v[:, 0] = 0.0
        # program.py:74  v[:, -1] = 0.0
        v[:, -1] = 0.0
    # program.py:75  return np.sum(u * u) + np.sum(v * v) + np.sum(p * p)
    value = (u * u).sum() + (v * v).sum() + (p * p).sum()
    u_bar, v_bar, p_bar = 2 * u, 2 * v, 2 * p
    nu_bar = 0.0
    for i in range(nt - 1, -1, -1):
        u, v = u_saved[i], v_saved[i]
        # adjoint of program.py:75
        dx_squared = dx ** 2
        t3 = dt / dx_squared
        v_inner = v[1:-1, 1:-1]
        twice_v_inner = 2.0 * v_inner
        v_left = v[1:-1, :-2]
        dy_squared = dy ** 2
        t4 = dt / dy_squared
        v_above = v[:-2, 1:-1]
        v_inner_scaled = v_inner * dt / dy
        u_inner = u[1:-1, 1:-1]
        u_inner_scaled = u_inner * dt / dx
        twice_u_inner = 2.0 * u_inner
        u_left = u[1:-1, :-2]
        u_above = u[:-2, 1:-1]
        vy = (v[2:, 1:-1] - v_above) / twice_dy
        vx = (v[1:-1, 2:] - v_left) / twice_dx
        uy = (u[2:, 1:-1] - u_above) / twice_dy
        ux = (u[1:-1, 2:] - u_left) / twice_dx
        # adjoint of program.py:74
        v_bar[:, -1] = 0.0
        # adjoint of program.py:73
        v_bar[:, 0] = 0.0
        # adjoint of program.py:72
        v_bar[-1, :] = 0.0
        # adjoint of program.py:71
        v_bar[0, :] = 0.0
        # adjoint of program.py:70
        u_bar[-1, :] = 0.0
        # adjoint of program.py:69
        u_bar[:, -1] = 0.0
        # adjoint of program.py:68
        u_bar[:, 0] = 0.0
        # adjoint of program.py:67
        u_bar[0, :] = 0.0
        # adjoint of program.py:57
        v_inner_bar = v_bar[1:-1, 1:-1]
        t5 = t3 * (v[1:-1, 2:] - twice_v_inner + v_left) + t4 * (v[2:, 1:-1] - twice_v_inner + v_above)
        v_inner_bar_scaled = v_inner_bar * nu
        v_inner_bar_scaled_1, v_inner_bar_scaled = v_inner_bar_scaled * t4, v_inner_bar_scaled * t3
        p_above_bar = dt / denominator_1 * v_inner_bar
        p_bar[:-2, 1:-1] += p_above_bar
        p_bar[2:, 1:-1] -= p_above_bar
        t6, t7 = v_inner_scaled * v_inner_bar, u_inner_scaled * v_inner_bar
        # adjoint of program.py:47
        u_inner_bar = u_bar[1:-1, 1:-1]
        t8 = t3 * (u[1:-1, 2:] - twice_u_inner + u_left) + t4 * (u[2:, 1:-1] - twice_u_inner + u_above)
        nu_bar = nu_bar + (v_inner_bar * t5).sum() + (u_inner_bar * t8).sum()
        u_inner_bar_scaled = u_inner_bar * nu
        u_inner_bar_scaled_1, u_inner_bar_scaled = u_inner_bar_scaled * t4, u_inner_bar_scaled * t3
        p_left_bar = dt / denominator * u_inner_bar
        p_bar[1:-1, :-2] += p_left_bar
        p_bar[1:-1, 2:] -= p_left_bar
        t9 = v_inner_scaled * u_inner_bar
        t10 = (-((v_inner - v_above) * v_inner_bar) - (u_inner - u_above) * u_inner_bar) / dy * dt
        # adjoint of program.py:57
        t11 = -((v_inner - v_left) * v_inner_bar)
        # adjoint of program.py:47
        v_bar[1:-1, 1:-1] = 2.0 * (-v_inner_bar_scaled_1 - v_inner_bar_scaled) - t6 + v_inner_bar - t7 + t10
        t12 = u_inner_scaled * u_inner_bar
        t13 = 2.0 * (-u_inner_bar_scaled_1 - u_inner_bar_scaled) - t9 + u_inner_bar - t12
        u_bar[1:-1, 1:-1] = t13 + (t11 - (u_inner - u_left) * u_inner_bar) / dx * dt
        # adjoint of program.py:57
        twice_uy = 2.0 * uy
        t14, t15 = v_inner_bar_scaled_1 + t6, v_inner_bar_scaled + t7
        # adjoint of program.py:47
        t16, t17 = u_inner_bar_scaled_1 + t9, u_inner_bar_scaled + t12
        b_bar = np.zeros((u0_rows, u0_cols))
        # adjoint of program.py:46
        for _ in range(nit):
            # adjoint of program.py:31
            denominator_2 = 2.0 * (dx_squared + dy_squared)
            p_bar[-1, :] = 0.0
            # adjoint of program.py:30
            p_bar[:, 1] += p_bar[:, 0]
            p_bar[:, 0] = 0.0
            # adjoint of program.py:29
            p_bar[1, :] += p_bar[0, :]
            p_bar[0, :] = 0.0
            # adjoint of program.py:28
            p_bar[:, -2] += p_bar[:, -1]
            p_bar[:, -1] = 0.0
            # adjoint of program.py:23
            b_bar[1:-1, 1:-1] -= dx_squared * dy_squared / denominator_2 * p_bar[1:-1, 1:-1]
            p_inner_bar_scaled = p_bar[1:-1, 1:-1] / denominator_2
            p_bar[1:-1, 1:-1] = 0.0
            p_above_bar = p_inner_bar_scaled * dx_squared
            p_bar[:-2, 1:-1] += p_above_bar
            p_bar[2:, 1:-1] += p_above_bar
            p_left_bar = p_inner_bar_scaled * dy_squared
            p_bar[1:-1, :-2] += p_left_bar
            p_bar[1:-1, 2:] += p_left_bar
        # adjoint of program.py:15
        b_inner_bar_scaled = b_bar[1:-1, 1:-1] * rho
        b_inner_bar_scaled_1 = b_inner_bar_scaled / dt
        # adjoint of program.py:14
        vy_bar_scaled = (b_inner_bar_scaled_1 - 2.0 * (vy * b_inner_bar_scaled)) / twice_dy
        v_bar[:-2, 1:-1] += t14 - vy_bar_scaled
        v_bar[2:, 1:-1] += v_inner_bar_scaled_1 + vy_bar_scaled
        # adjoint of program.py:13
        t18 = twice_uy * b_inner_bar_scaled / twice_dx
        v_bar[1:-1, :-2] += t15 + t18
        v_bar[1:-1, 2:] += v_inner_bar_scaled - t18
        # adjoint of program.py:12
        uy_bar_scaled = -2.0 * (vx * b_inner_bar_scaled) / twice_dy
        u_bar[:-2, 1:-1] += t16 - uy_bar_scaled
        u_bar[2:, 1:-1] += u_inner_bar_scaled_1 + uy_bar_scaled
        # adjoint of program.py:11
        ux_bar_scaled = (b_inner_bar_scaled_1 - 2.0 * (ux * b_inner_bar_scaled)) / twice_dx
        u_bar[1:-1, :-2] += t17 - ux_bar_scaled
        u_bar[1:-1, 2:] += u_inner_bar_scaled + ux_bar_scaled
    return value, u_bar, v_bar, p_bar, float(nu_bar)
