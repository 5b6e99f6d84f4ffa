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
    twice_dx = 2.0 * dx
    twice_dy = 2.0 * dy
    u0_rows, u0_cols = u0.shape
    t1 = 2.0 * rho * dx
    t2 = 2.0 * rho * dy
    v_saved = np.empty((max(nt, 0), ny, nx))
    u_saved = np.empty((max(nt, 0), ny, nx))
    for i in range(nt):
        u_saved[i] = u
        v_saved[i] = v
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
            dy_squared = dy ** 2
            dx_squared = dx ** 2
            t3 = 2.0 * (dx_squared + dy_squared)
            p[1:-1, 1:-1] = (((pn[1:-1, 2:] + pn[1:-1, :-2]) * dy_squared
                              + (pn[2:, 1:-1] + pn[:-2, 1:-1]) * dx_squared) / t3
                             - dx_squared * dy_squared / t3 * b[1:-1, 1:-1])
            # program.py:28  p[:, -1] = p[:, -2]
            p[:, -1] = p[:, -2]
            # program.py:29  p[0, :] = p[1, :]
            p[0, :] = p[1, :]
            # program.py:30  p[:, 0] = p[:, 1]
            p[:, 0] = p[:, 1]
            # program.py:31  p[-1, :] = 0.0
            p[-1, :] = 0.0
        # program.py:47  u[1:-1, 1:-1] = (
        un_part = un[1:-1, 1:-1]
        t4 = un_part * dt / dx
        vn_part = vn[1:-1, 1:-1]
        t5 = vn_part * dt / dy
        twice_un_part = 2.0 * un_part
        u[1:-1, 1:-1] = (un_part - t4 * (un_part - un[1:-1, :-2]) - t5 * (un_part - un[:-2, 1:-1])
                         - dt / t1 * (p[1:-1, 2:] - p[1:-1, :-2])
                         + nu * (dt / dx ** 2 * (un[1:-1, 2:] - twice_un_part + un[1:-1, :-2])
                                 + dt / dy ** 2 * (un[2:, 1:-1] - twice_un_part + un[:-2, 1:-1])))
        # program.py:57  v[1:-1, 1:-1] = (
        twice_vn_part = 2.0 * vn_part
        v[1:-1, 1:-1] = (vn_part - t4 * (vn_part - vn[1:-1, :-2]) - t5 * (vn_part - vn[:-2, 1:-1])
                         - dt / t2 * (p[2:, 1:-1] - p[:-2, 1:-1])
                         + nu * (dt / dx ** 2 * (vn[1:-1, 2:] - twice_vn_part + vn[1:-1, :-2])
                                 + dt / dy ** 2 * (vn[2:, 1:-1] - twice_vn_part + vn[:-2, 1:-1])))
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
    u_bar = 2 * u
    v_bar = 2 * v
    p_bar = 2 * p
    nu_bar = 0.0
    for i in range(nt - 1, -1, -1):
        u, v = u_saved[i], v_saved[i]
        # adjoint of program.py:75
        dx_squared = dx ** 2
        t6 = dt / dx_squared
        v_part = v[1:-1, 1:-1]
        twice_v_part = 2.0 * v_part
        v_part_1 = v[1:-1, :-2]
        dy_squared = dy ** 2
        t7 = dt / dy_squared
        v_part_2 = v[:-2, 1:-1]
        t8 = v_part * dt / dy
        u_part = u[1:-1, 1:-1]
        t9 = u_part * dt / dx
        twice_u_part = 2.0 * u_part
        u_part_1 = u[1:-1, :-2]
        u_part_2 = u[:-2, 1:-1]
        vy = (v[2:, 1:-1] - v_part_2) / twice_dy
        vx = (v[1:-1, 2:] - v_part_1) / twice_dx
        uy = (u[2:, 1:-1] - u_part_2) / twice_dy
        ux = (u[1:-1, 2:] - u_part_1) / twice_dx
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
        v_part_bar = v_bar[1:-1, 1:-1]
        t10 = t6 * (v[1:-1, 2:] - twice_v_part + v_part_1) + t7 * (v[2:, 1:-1] - twice_v_part + v_part_2)
        t11 = v_part_bar * nu
        t12 = t11 * t7
        vn_bar = np.zeros((u0_rows, u0_cols))
        vn_bar[2:, 1:-1] = t12
        t13 = t11 * t6
        vn_bar[1:-1, 2:] += t13
        t14 = dt / t2 * v_part_bar
        p_bar[:-2, 1:-1] += t14
        p_bar[2:, 1:-1] -= t14
        t15 = t8 * v_part_bar
        vn_bar[:-2, 1:-1] += t12 + t15
        t16 = t9 * v_part_bar
        vn_bar[1:-1, :-2] += t13 + t16
        # adjoint of program.py:47
        u_part_bar = u_bar[1:-1, 1:-1]
        t17 = t6 * (u[1:-1, 2:] - twice_u_part + u_part_1) + t7 * (u[2:, 1:-1] - twice_u_part + u_part_2)
        nu_bar = nu_bar + (v_part_bar * t10).sum() + (u_part_bar * t17).sum()
        t18 = u_part_bar * nu
        t19 = t18 * t7
        un_bar = np.zeros((u0_rows, u0_cols))
        un_bar[2:, 1:-1] = t19
        t20 = t18 * t6
        un_bar[1:-1, 2:] += t20
        t21 = dt / t1 * u_part_bar
        p_bar[1:-1, :-2] += t21
        p_bar[1:-1, 2:] -= t21
        t22 = t8 * u_part_bar
        un_bar[:-2, 1:-1] += t19 + t22
        t23 = (-((v_part - v_part_2) * v_part_bar) - (u_part - u_part_2) * u_part_bar) / dy * dt
        vn_bar[1:-1, 1:-1] += 2.0 * (-t12 - t13) - t15 + v_part_bar - t16 + t23
        t24 = t9 * u_part_bar
        un_bar[1:-1, :-2] += t20 + t24
        t25 = (-((v_part - v_part_1) * v_part_bar) - (u_part - u_part_1) * u_part_bar) / dx * dt
        un_bar[1:-1, 1:-1] += 2.0 * (-t19 - t20) - t22 + u_part_bar - t24 + t25
        # adjoint of program.py:57
        v_bar[1:-1, 1:-1] = 0.0
        # adjoint of program.py:47
        u_bar[1:-1, 1:-1] = 0.0
        # adjoint of program.py:46
        twice_uy = 2.0 * uy
        b_bar = np.zeros((u0_rows, u0_cols))
        for _ in range(nit):
            # adjoint of program.py:31
            t26 = 2.0 * (dx_squared + dy_squared)
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
            b_bar[1:-1, 1:-1] -= dx_squared * dy_squared / t26 * p_bar[1:-1, 1:-1]
            t27 = p_bar[1:-1, 1:-1] / t26
            p_bar[1:-1, 1:-1] = 0.0
            t28 = t27 * dx_squared
            pn_bar = np.zeros((u0_rows, u0_cols))
            pn_bar[:-2, 1:-1] = t28
            pn_bar[2:, 1:-1] += t28
            t29 = t27 * dy_squared
            pn_bar[1:-1, :-2] += t29
            pn_bar[1:-1, 2:] += t29
            # adjoint of program.py:22
            p_bar = p_bar + pn_bar
        # adjoint of program.py:15
        t30 = b_bar[1:-1, 1:-1] * rho
        t31 = t30 / dt
        # adjoint of program.py:14
        t32 = (t31 - 2.0 * (vy * t30)) / twice_dy
        v_bar[:-2, 1:-1] -= t32
        v_bar[2:, 1:-1] += t32
        # adjoint of program.py:13
        t33 = twice_uy * t30 / twice_dx
        v_bar[1:-1, :-2] += t33
        v_bar[1:-1, 2:] -= t33
        # adjoint of program.py:12
        t34 = -2.0 * (vx * t30) / twice_dy
        u_bar[:-2, 1:-1] -= t34
        u_bar[2:, 1:-1] += t34
        # adjoint of program.py:11
        t35 = (t31 - 2.0 * (ux * t30)) / twice_dx
        u_bar[1:-1, :-2] -= t35
        u_bar[1:-1, 2:] += t35
        # adjoint of program.py:44
        v_bar = v_bar + vn_bar
        # adjoint of program.py:43
        u_bar = u_bar + un_bar
    return value, u_bar, v_bar, p_bar, float(nu_bar)
