# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def triangular_solve_value_and_grad(L, b):
    # the sizes this is written for
    if L.shape[1] < b.shape[0]:
        raise OtherPath
    # program.py:11  x = np.empty_like(b)
    x = np.empty_like(b)
    # program.py:12  for i in range(len(b)):
    b_len = b.shape[0]
    for i in range(b_len):
        # program.py:13  x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
    # program.py:14  return x @ x
    value = x @ x
    x_bar = 2 * x
    b_bar, L_bar = np.zeros(b.shape), np.zeros(L.shape)
    for i in range(b_len - 1, -1, -1):
        # adjoint of program.py:13
        b_i_bar = x_bar[i] / L[i, i]
        L_bar[i, i] = -(x[i] * b_i_bar)
        x_bar[:i] -= L[i, :i] * b_i_bar
        L_bar[i, :i] = x[:i] * -b_i_bar
        b_bar[i] = b_i_bar
    return value, L_bar, b_bar
