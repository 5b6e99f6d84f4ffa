# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def seidel_value_and_grad(grid, sweeps):
    # program.py:10  u = grid.copy()
    u = grid.copy()
    # program.py:11  rows, columns = u.shape
    rows, columns = u.shape
    for _ in range(sweeps):
        for i in range(1, rows - 1):
            for j in range(1, columns - 1):
                # program.py:15  u[i, j] = (
                u[i, j] = (u[i - 1, j - 1] + u[i - 1, j] + u[i - 1, j + 1] + u[i, j - 1] + u[i, j]
                           + u[i, j + 1] + u[i + 1, j - 1] + u[i + 1, j] + u[i + 1, j + 1]) / 9.0
    # program.py:20  return np.sum(u * u)
    value = (u * u).sum()
    u_bar = 2 * u
    for _ in range(sweeps):
        for i in range(rows - 2, 0, -1):
            for j in range(columns - 2, 0, -1):
                # adjoint of program.py:15
                u_ij_bar = u_bar[i, j]
                u_bar[i, j] = 0.0
                u_bar[i - 1:i + 2, j - 1:j + 2] += 0.1111111111111111 * u_ij_bar
    return value, u_bar
