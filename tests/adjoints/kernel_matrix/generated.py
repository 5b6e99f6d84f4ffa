# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def kernel_matrix_value_and_grad(x, y, s, theta, noise):
    # program.py:27  n = len(x)
    n = x.shape[0]
    # the sizes this is written for
    if n + 1 < y.shape[0]:
        raise OtherPath
    # program.py:28  K = np.zeros((n, n))
    K = np.zeros((n, n))
    for i in range(n):
        x_i = x[i]
        for j in range(n):
            # program.py:31  K[i, j] = s**2 * np.exp(-0.5 * (x[i] - x[j])**2 / theta**2)
            K[i, j] = s ** 2 * np.exp(-0.5 * (x_i - x[j]) ** 2 / theta ** 2)
        # program.py:32  K[i, i] += noise**2
        K[i, i] += noise ** 2
    # program.py:10  n = len(K)
    n_1 = K.shape[0]
    # program.py:11  L = np.zeros_like(K)
    L = np.zeros_like(K)
    # program.py:33  L = cholesky(K)
    for j in range(n_1):
        # program.py:13  L[j, j] = np.sqrt(K[j, j] - L[j, :j] @ L[j, :j])
        L[j, j] = np.sqrt(K[j, j] - L[j, :j] @ L[j, :j])
        # program.py:33  L = cholesky(K)
        for i in range(j + 1, n_1):
            # program.py:15  L[i, j] = (K[i, j] - L[i, :j] @ L[j, :j]) / L[j, j]
            L[i, j] = (K[i, j] - L[i, :j] @ L[j, :j]) / L[j, j]
    # program.py:20  z = np.zeros_like(y)
    z = np.zeros_like(y)
    # program.py:21  for i in range(len(y)):
    y_len = y.shape[0]
    # program.py:34  z = solve_lower(L, y)
    for i in range(y_len):
        # program.py:22  z[i] = (y[i] - L[i, :i] @ z[:i]) / L[i, i]
        z[i] = (y[i] - L[i, :i] @ z[:i]) / L[i, i]
    # program.py:35  return -0.5 * (z @ z) - np.sum(np.log(np.diag(L))) - 0.5 * n * np.log(2.0 * np.pi)
    t1 = np.diag(L)
    value = -0.5 * (z @ z) - np.log(t1).sum() - 0.5 * n * np.log(2.0 * np.pi)
    z_bar = -z
    y_bar = np.zeros(y.shape)
    L_bar = scatter_diagonal(-1.0 / t1, L.shape)
    # adjoint of program.py:34
    for i in range(y_len - 1, -1, -1):
        # adjoint of program.py:22
        y_i_bar = z_bar[i] / L[i, i]
        L_bar[i, i] -= z[i] * y_i_bar
        z_bar[:i] -= L[i, :i] * y_i_bar
        L_bar[i, :i] -= z[:i] * y_i_bar
        y_bar[i] = y_i_bar
    K_bar = np.zeros(K.shape)
    # adjoint of program.py:33
    for j in range(n_1 - 1, -1, -1):
        L_jj = L[j, j]
        for i in range(n_1 - 1, j, -1):
            # adjoint of program.py:15
            K_ij_bar = L_bar[i, j] / L_jj
            L_bar[j, j] -= L[i, j] * K_ij_bar
            L_bar[j, :j] -= L[i, :j] * K_ij_bar
            L_bar[i, :j] -= L[j, :j] * K_ij_bar
            K_bar[i, j] = K_ij_bar
        # adjoint of program.py:13
        K_jj_bar = L_bar[j, j] * (0.5 / L_jj)
        L_bar[j, :j] -= 2 * (L[j, :j] * K_jj_bar)
        K_bar[j, j] = K_jj_bar
    x_bar = np.zeros(x.shape)
    s_bar = theta_bar = noise_bar = 0.0
    for i in range(n - 1, -1, -1):
        # adjoint of program.py:32
        x_i = x[i]
        noise_bar += K_bar[i, i]
        theta_squared, s_squared = theta ** 2, s ** 2
        x_i_bar = 0.0
        for j in range(n - 1, -1, -1):
            # adjoint of program.py:31
            x_i_minus_x_j = x_i - x[j]
            t2 = -0.5 * x_i_minus_x_j ** 2 / theta_squared
            exp = np.exp(t2)
            t3 = K_bar[i, j] * s_squared * exp / theta_squared
            theta_bar -= t2 * t3
            x_i_bar -= t3 * x_i_minus_x_j
            x_bar[j] += t3 * x_i_minus_x_j
            s_bar += K_bar[i, j] * exp
        x_bar[i] += x_i_bar
    return (value, x_bar, y_bar, float(2 * (s_bar * s)), float(2 * (theta_bar * theta)),
            float(2 * (noise_bar * noise)))
