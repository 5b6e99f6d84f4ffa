# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def cavity_flow_value_and_grad(u0, v0, p0, nu, rho, dt, nt, nit):
    # the sizes this is written for
    if v0.shape != (u0.shape[0], u0.shape[1]) or p0.shape != (u0.shape[0], u0.shape[1]):
        raise OtherPath
    if u0.shape[0] < 2 or u0.shape[1] < 2:
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
    t1 = 2.0 * dx
    t2 = 2.0 * dy
    u0_rows, u0_cols = u0.shape
    t3 = 2.0 * rho * dx
    t4 = 2.0 * rho * dy
    v_saved, u_saved = [], []
    for _ in range(nt):
        u_saved.append(np.copy(u))
        v_saved.append(np.copy(v))
        # program.py:43  un = u.copy()
        un = u.copy()
        # program.py:44  vn = v.copy()
        vn = v.copy()
        # program.py:10  b = np.zeros_like(u)
        b = np.zeros_like(u)
        # program.py:11  ux = (u[1:-1, 2:] - u[1:-1, :-2]) / (2.0 * dx)
        ux = (u[1:-1, 2:] - u[1:-1, :-2]) / t1
        # program.py:12  uy = (u[2:, 1:-1] - u[:-2, 1:-1]) / (2.0 * dy)
        uy = (u[2:, 1:-1] - u[:-2, 1:-1]) / t2
        # program.py:13  vx = (v[1:-1, 2:] - v[1:-1, :-2]) / (2.0 * dx)
        vx = (v[1:-1, 2:] - v[1:-1, :-2]) / t1
        # program.py:14  vy = (v[2:, 1:-1] - v[:-2, 1:-1]) / (2.0 * dy)
        vy = (v[2:, 1:-1] - v[:-2, 1:-1]) / t2
        # program.py:15  b[1:-1, 1:-1] = rho * ((ux + vy) / dt - ux**2 - 2.0 * uy * vx - vy**2)
        b[1:-1, 1:-1] = rho * ((ux + vy) / dt - ux ** 2 - 2.0 * uy * vx - vy ** 2)
        # program.py:20  p = p.copy()
        p = p.copy()
        b_part = b[1:-1, 1:-1]
        # program.py:46  p = pressure_poisson(p, b, dx, dy, nit)
        for _ in range(nit):
            # program.py:22  pn = p.copy()
            pn = p.copy()
            # program.py:23  p[1:-1, 1:-1] = ((
            dy_squared = dy ** 2
            dx_squared = dx ** 2
            t5 = 2.0 * (dx_squared + dy_squared)
            p[1:-1, 1:-1] = (((pn[1:-1, 2:] + pn[1:-1, :-2]) * dy_squared
                              + (pn[2:, 1:-1] + pn[:-2, 1:-1]) * dx_squared) / t5
                             - dx_squared * dy_squared / t5 * b_part)
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
        t6 = un_part * dt / dx
        vn_part = vn[1:-1, 1:-1]
        t7 = vn_part * dt / dy
        t8 = 2.0 * un_part
        u[1:-1, 1:-1] = (un_part - t6 * (un_part - un[1:-1, :-2]) - t7 * (un_part - un[:-2, 1:-1])
                         - dt / t3 * (p[1:-1, 2:] - p[1:-1, :-2])
                         + nu * (dt / dx ** 2 * (un[1:-1, 2:] - t8 + un[1:-1, :-2])
                                 + dt / dy ** 2 * (un[2:, 1:-1] - t8 + un[:-2, 1:-1])))
        # program.py:57  v[1:-1, 1:-1] = (
        t9 = 2.0 * vn_part
        v[1:-1, 1:-1] = (vn_part - t6 * (vn_part - vn[1:-1, :-2]) - t7 * (vn_part - vn[:-2, 1:-1])
                         - dt / t4 * (p[2:, 1:-1] - p[:-2, 1:-1])
                         + nu * (dt / dx ** 2 * (vn[1:-1, 2:] - t9 + vn[1:-1, :-2])
                                 + dt / dy ** 2 * (vn[2:, 1:-1] - t9 + vn[:-2, 1:-1])))
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
    # adjoint of program.py:75
    t10 = u0_rows + -2
    t11 = u0_cols + -2
    u_bar = 2 * u
    v_bar = 2 * v
    p_bar = 2 * p
    nu_bar = 0.0
    for v, u in zip(v_saved[::-1], u_saved[::-1]):
        # adjoint of program.py:74
        t12 = dt / dx ** 2
        vn_1 = v.copy()
        vn_part = vn_1[1:-1, 1:-1]
        t13 = 2.0 * vn_part
        t14 = dt / dy ** 2
        t15 = vn_part * dt / dy
        un_1 = u.copy()
        un_part = un_1[1:-1, 1:-1]
        t16 = un_part * dt / dx
        t17 = 2.0 * un_part
        vy = (v[2:, 1:-1] - v[:-2, 1:-1]) / t2
        vx = (v[1:-1, 2:] - v[1:-1, :-2]) / t1
        uy = (u[2:, 1:-1] - u[:-2, 1:-1]) / t2
        ux = (u[1:-1, 2:] - u[1:-1, :-2]) / t1
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
        v_part_bar = v_bar[1:-1, 1:-1].copy()
        v_bar[1:-1, 1:-1] = 0.0
        t18 = t12 * (vn_1[1:-1, 2:] - t13 + vn_1[1:-1, :-2]) + t14 * (vn_1[2:, 1:-1] - t13 + vn_1[:-2, 1:-1])
        t19 = v_part_bar * nu
        t20 = t19 * t14
        vn_bar = np.zeros((u0_rows, u0_cols))
        vn_bar[2:, 1:-1] = t20
        t21 = t19 * t12
        vn_bar[1:-1, 2:] += t21
        t22 = dt / t4 * v_part_bar
        p_bar[:-2, 1:-1] += t22
        p_bar[2:, 1:-1] -= t22
        t23 = t15 * v_part_bar
        vn_bar[:-2, 1:-1] += t20 + t23
        t24 = t16 * v_part_bar
        vn_bar[1:-1, :-2] += t21 + t24
        # adjoint of program.py:47
        u_part_bar = u_bar[1:-1, 1:-1].copy()
        u_bar[1:-1, 1:-1] = 0.0
        t25 = t12 * (un_1[1:-1, 2:] - t17 + un_1[1:-1, :-2]) + t14 * (un_1[2:, 1:-1] - t17 + un_1[:-2, 1:-1])
        nu_bar = nu_bar + (v_part_bar * t18).sum() + (u_part_bar * t25).sum()
        t26 = u_part_bar * nu
        t27 = t26 * t14
        un_bar = np.zeros((u0_rows, u0_cols))
        un_bar[2:, 1:-1] = t27
        t28 = t26 * t12
        un_bar[1:-1, 2:] += t28
        t29 = dt / t3 * u_part_bar
        p_bar[1:-1, :-2] += t29
        p_bar[1:-1, 2:] -= t29
        # adjoint of program.py:57
        t30 = -((vn_part - vn_1[:-2, 1:-1]) * v_part_bar)
        # adjoint of program.py:47
        t31 = t15 * u_part_bar
        un_bar[:-2, 1:-1] += t27 + t31
        t32 = (t30 - (un_part - un_1[:-2, 1:-1]) * u_part_bar) / dy * dt
        vn_bar[1:-1, 1:-1] += 2.0 * (-t20 - t21) - t23 + v_part_bar - t24 + t32
        # adjoint of program.py:57
        t33 = -((vn_part - vn_1[1:-1, :-2]) * v_part_bar)
        # adjoint of program.py:47
        t34 = t16 * u_part_bar
        un_bar[1:-1, :-2] += t28 + t34
        t35 = (t33 - (un_part - un_1[1:-1, :-2]) * u_part_bar) / dx * dt
        un_bar[1:-1, 1:-1] += 2.0 * (-t27 - t28) - t31 + u_part_bar - t34 + t35
        # adjoint of program.py:46
        t36 = 2.0 * uy
        b_part_bar = np.zeros((t10, t11))
        for _ in range(nit):
            # adjoint of program.py:31
            dx_squared = dx ** 2
            dy_squared = dy ** 2
            t37 = 2.0 * (dx_squared + dy_squared)
            p_bar[-1, :] = 0.0
            # adjoint of program.py:30
            p0_bar = p_bar[:, 0].copy()
            p_bar[:, 0] = 0.0
            p_bar[:, 1] += p0_bar
            # adjoint of program.py:29
            p0_bar_1 = p_bar[0, :].copy()
            p_bar[0, :] = 0.0
            p_bar[1, :] += p0_bar_1
            # adjoint of program.py:28
            p_last_bar = p_bar[:, -1].copy()
            p_bar[:, -1] = 0.0
            p_bar[:, -2] += p_last_bar
            # adjoint of program.py:23
            p_part_bar = p_bar[1:-1, 1:-1].copy()
            p_bar[1:-1, 1:-1] = 0.0
            b_part_bar = b_part_bar - dx_squared * dy_squared / t37 * p_part_bar
            t38 = p_part_bar / t37
            t39 = t38 * dx_squared
            pn_bar = np.zeros((u0_rows, u0_cols))
            pn_bar[:-2, 1:-1] = t39
            pn_bar[2:, 1:-1] += t39
            t40 = t38 * dy_squared
            pn_bar[1:-1, :-2] += t40
            pn_bar[1:-1, 2:] += t40
            # adjoint of program.py:22
            p_bar = p_bar + pn_bar
        # adjoint of program.py:23
        b_bar = np.zeros((u0_rows, u0_cols))
        b_bar[1:-1, 1:-1] = b_part_bar
        # adjoint of program.py:15
        t41 = b_bar[1:-1, 1:-1] * rho
        t42 = t41 / dt
        # adjoint of program.py:14
        t43 = (-2.0 * (vy * t41) + t42) / t2
        v_bar[:-2, 1:-1] -= t43
        v_bar[2:, 1:-1] += t43
        # adjoint of program.py:13
        t44 = t36 * t41 / t1
        v_bar[1:-1, :-2] += t44
        v_bar[1:-1, 2:] -= t44
        # adjoint of program.py:12
        t45 = -2.0 * (vx * t41) / t2
        u_bar[:-2, 1:-1] -= t45
        u_bar[2:, 1:-1] += t45
        # adjoint of program.py:11
        t46 = (-2.0 * (ux * t41) + t42) / t1
        u_bar[1:-1, :-2] -= t46
        u_bar[1:-1, 2:] += t46
        # adjoint of program.py:44
        v_bar = v_bar + vn_bar
        # adjoint of program.py:43
        u_bar = u_bar + un_bar
    return value, u_bar, v_bar, p_bar, float(nu_bar)
