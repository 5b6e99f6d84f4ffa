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
    ny = u.shape[0]
    nx = u.shape[1]
    # program.py:40  dx = 2.0 / (nx - 1)
    dx = 2.0 / (nx - 1)
    # program.py:41  dy = 2.0 / (ny - 1)
    dy = 2.0 / (ny - 1)
    t1 = 2.0 * dx
    t2 = 2.0 * dy
    u0_rows = u0.shape[0]
    u0_cols = u0.shape[1]
    # program.py:51  - dt / (2.0 * rho * dx) * (p[1:-1, 2:] - p[1:-1, :-2])
    t3 = 2.0 * rho * dx
    # program.py:61  - dt / (2.0 * rho * dy) * (p[2:, 1:-1] - p[:-2, 1:-1])
    t4 = 2.0 * rho * dy
    v_saved = []
    u_saved = []
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
        p_1 = p.copy()
        # program.py:27  - dx**2 * dy**2 / (2.0 * (dx**2 + dy**2)) * b[1:-1, 1:-1])
        b_part = b[1:-1, 1:-1]
        p = p_1
        # program.py:46  p = pressure_poisson(p, b, dx, dy, nit)
        for _ in range(nit):
            # program.py:22  pn = p.copy()
            pn = p.copy()
            # program.py:24  (pn[1:-1, 2:] + pn[1:-1, :-2]) * dy**2
            dy_squared = dy ** 2
            # program.py:25  + (pn[2:, 1:-1] + pn[:-2, 1:-1]) * dx**2
            dx_squared = dx ** 2
            # program.py:24  (pn[1:-1, 2:] + pn[1:-1, :-2]) * dy**2
            t5 = (pn[1:-1, 2:] + pn[1:-1, :-2]) * dy_squared
            # program.py:26  ) / (2.0 * (dx**2 + dy**2))
            t6 = 2.0 * (dx_squared + dy_squared)
            # program.py:23  p[1:-1, 1:-1] = ((
            t7 = (t5 + (pn[2:, 1:-1] + pn[:-2, 1:-1]) * dx_squared) / t6
            p[1:-1, 1:-1] = t7 - dx_squared * dy_squared / t6 * b_part
            # program.py:28  p[:, -1] = p[:, -2]
            p[:, -1] = p[:, -2]
            # program.py:29  p[0, :] = p[1, :]
            p[0, :] = p[1, :]
            # program.py:30  p[:, 0] = p[:, 1]
            p[:, 0] = p[:, 1]
            # program.py:31  p[-1, :] = 0.0
            p[-1, :] = 0.0
        # program.py:48  un[1:-1, 1:-1]
        un_part = un[1:-1, 1:-1]
        # program.py:49  - un[1:-1, 1:-1] * dt / dx * (un[1:-1, 1:-1] - un[1:-1, :-2])
        t8 = un_part * dt / dx
        # program.py:50  - vn[1:-1, 1:-1] * dt / dy * (un[1:-1, 1:-1] - un[:-2, 1:-1])
        vn_part = vn[1:-1, 1:-1]
        t9 = vn_part * dt / dy
        # program.py:48  un[1:-1, 1:-1]
        t10 = un_part - t8 * (un_part - un[1:-1, :-2]) - t9 * (un_part - un[:-2, 1:-1])
        # program.py:53  dt / dx**2 * (un[1:-1, 2:] - 2.0 * un[1:-1, 1:-1] + un[1:-1, :-2])
        t11 = 2.0 * un_part
        t12 = dt / dx ** 2 * (un[1:-1, 2:] - t11 + un[1:-1, :-2])
        # program.py:52  + nu * (
        t13 = nu * (t12 + dt / dy ** 2 * (un[2:, 1:-1] - t11 + un[:-2, 1:-1]))
        # program.py:47  u[1:-1, 1:-1] = (
        u[1:-1, 1:-1] = t10 - dt / t3 * (p[1:-1, 2:] - p[1:-1, :-2]) + t13
        # program.py:58  vn[1:-1, 1:-1]
        t14 = vn_part - t8 * (vn_part - vn[1:-1, :-2]) - t9 * (vn_part - vn[:-2, 1:-1])
        # program.py:63  dt / dx**2 * (vn[1:-1, 2:] - 2.0 * vn[1:-1, 1:-1] + vn[1:-1, :-2])
        t15 = 2.0 * vn_part
        t16 = dt / dx ** 2 * (vn[1:-1, 2:] - t15 + vn[1:-1, :-2])
        # program.py:62  + nu * (
        t17 = nu * (t16 + dt / dy ** 2 * (vn[2:, 1:-1] - t15 + vn[:-2, 1:-1]))
        # program.py:57  v[1:-1, 1:-1] = (
        v[1:-1, 1:-1] = t14 - dt / t4 * (p[2:, 1:-1] - p[:-2, 1:-1]) + t17
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
    t18 = u0_rows + -2
    t19 = u0_cols + -2
    u_bar = 2 * u
    v_bar = 2 * v
    p_bar = 2 * p
    nu_bar = 0.0
    for v, u in zip(v_saved[::-1], u_saved[::-1]):
        # adjoint of program.py:74
        t20 = dt / dx ** 2
        vn_1 = v.copy()
        vn_part = vn_1[1:-1, 1:-1]
        t21 = 2.0 * vn_part
        t22 = dt / dy ** 2
        t23 = t20 * (vn_1[1:-1, 2:] - t21 + vn_1[1:-1, :-2])
        t24 = vn_part * dt / dy
        un_1 = u.copy()
        un_part = un_1[1:-1, 1:-1]
        t25 = un_part * dt / dx
        t26 = 2.0 * un_part
        t27 = t20 * (un_1[1:-1, 2:] - t26 + un_1[1:-1, :-2])
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
        # adjoint of program.py:62
        t28 = v_part_bar * (t23 + t22 * (vn_1[2:, 1:-1] - t21 + vn_1[:-2, 1:-1]))
        t29 = v_part_bar * nu
        # adjoint of program.py:64
        vn_part_bar = t29 * t22
        vn_bar = np.zeros((u0_rows, u0_cols))
        vn_bar[2:, 1:-1] = vn_part_bar
        # adjoint of program.py:63
        t30 = t29 * t20
        vn_bar[1:-1, 1:-1] -= 2.0 * (vn_part_bar + t30)
        vn_bar[1:-1, 2:] += t30
        # adjoint of program.py:61
        t31 = dt / t4 * v_part_bar
        p_bar[:-2, 1:-1] += t31
        p_bar[2:, 1:-1] -= t31
        # adjoint of program.py:60
        t32 = t24 * v_part_bar
        vn_bar[:-2, 1:-1] += vn_part_bar + t32
        vn_bar[1:-1, 1:-1] -= t32 + dt * ((vn_part - vn_1[:-2, 1:-1]) * v_part_bar / dy)
        # adjoint of program.py:59
        t33 = t25 * v_part_bar
        vn_bar[1:-1, :-2] += t30 + t33
        un_bar = np.zeros((u0_rows, u0_cols))
        # adjoint of program.py:47
        u_part_bar = u_bar[1:-1, 1:-1].copy()
        u_bar[1:-1, 1:-1] = 0.0
        # adjoint of program.py:52
        t34 = u_part_bar * (t27 + t22 * (un_1[2:, 1:-1] - t26 + un_1[:-2, 1:-1]))
        nu_bar = nu_bar + t28.sum() + t34.sum()
        t35 = u_part_bar * nu
        # adjoint of program.py:54
        t36 = t35 * t22
        un_bar[1:-1, 1:-1] = -2.0 * t36 - dt * ((vn_part - vn_1[1:-1, :-2]) * v_part_bar / dx)
        un_bar[2:, 1:-1] += t36
        # adjoint of program.py:53
        t37 = t35 * t20
        un_bar[1:-1, 2:] += t37
        # adjoint of program.py:51
        t38 = dt / t3 * u_part_bar
        p_bar[1:-1, :-2] += t38
        p_bar[1:-1, 2:] -= t38
        # adjoint of program.py:50
        t39 = t24 * u_part_bar
        un_bar[:-2, 1:-1] += t36 + t39
        un_bar[1:-1, 1:-1] += -2.0 * t37 - t39
        vn_bar[1:-1, 1:-1] -= t33 - v_part_bar + dt * ((un_part - un_1[:-2, 1:-1]) * u_part_bar / dy)
        # adjoint of program.py:49
        t40 = t25 * u_part_bar
        un_bar[1:-1, :-2] += t37 + t40
        # adjoint of program.py:48
        t41 = t40 + dt * ((un_part - un_1[1:-1, :-2]) * u_part_bar / dx) - u_part_bar
        un_bar[1:-1, 1:-1] -= t41
        # adjoint of program.py:46
        t42 = 2.0 * uy
        b_part_bar = np.zeros((t18, t19))
        for _ in range(nit):
            # adjoint of program.py:31
            dx_squared = dx ** 2
            dy_squared = dy ** 2
            t43 = 2.0 * (dx_squared + dy_squared)
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
            # adjoint of program.py:27
            b_part_bar = b_part_bar - dx_squared * dy_squared / t43 * p_part_bar
            # adjoint of program.py:23
            t44 = p_part_bar / t43
            # adjoint of program.py:25
            t45 = t44 * dx_squared
            pn_bar = np.zeros((u0_rows, u0_cols))
            pn_bar[:-2, 1:-1] = t45
            pn_bar[2:, 1:-1] += t45
            # adjoint of program.py:24
            t46 = t44 * dy_squared
            pn_bar[1:-1, :-2] += t46
            pn_bar[1:-1, 2:] += t46
            # adjoint of program.py:22
            p_bar = p_bar + pn_bar
        # adjoint of program.py:27
        b_bar = np.zeros((u0_rows, u0_cols))
        b_bar[1:-1, 1:-1] = b_part_bar
        # adjoint of program.py:15
        t47 = b_bar[1:-1, 1:-1] * rho
        t48 = t47 / dt
        # adjoint of program.py:14
        t49 = (-2.0 * (vy * t47) + t48) / t2
        v_bar[:-2, 1:-1] -= t49
        v_bar[2:, 1:-1] += t49
        # adjoint of program.py:13
        t50 = t42 * t47 / t1
        v_bar[1:-1, :-2] += t50
        v_bar[1:-1, 2:] -= t50
        # adjoint of program.py:12
        t51 = -2.0 * (vx * t47) / t2
        u_bar[:-2, 1:-1] -= t51
        u_bar[2:, 1:-1] += t51
        # adjoint of program.py:11
        t52 = (-2.0 * (ux * t47) + t48) / t1
        u_bar[1:-1, :-2] -= t52
        u_bar[1:-1, 2:] += t52
        # adjoint of program.py:44
        v_bar = v_bar + vn_bar
        # adjoint of program.py:43
        u_bar = u_bar + un_bar
    return value, u_bar, v_bar, p_bar, float(nu_bar)
