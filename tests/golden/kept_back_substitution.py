def kept_back_substitution_value_and_grad(u, b):
    # the sizes this is written for
    if b.shape != (u.shape[1],):
        raise OtherPath
    # golden_kept.py:79  x = np.zeros(len(b))
    x = np.zeros(b.shape[0])
    for i in range(b.shape[0] - 1, -1, -1):
        # golden_kept.py:81  x[i] = (b[i] - u[i, i + 1 :] @ x[i + 1 :]) / u[i, i]
        x[i] = (b[i] - u[i, i + 1:] @ x[i + 1:]) / u[i, i]
    # golden_kept.py:82  return np.sum(x)
    value = x.sum()
    x_bar = np.full(x.shape, 1.0)
    b_bar, u_bar = np.zeros(b.shape), np.zeros(u.shape)
    for i in range(b.shape[0]):
        # adjoint of golden_kept.py:81
        b_i_bar = x_bar[i] / u[i, i]
        u_bar[i, i] = -(x[i] * b_i_bar)
        x_bar[i + 1:] -= u[i, i + 1:] * b_i_bar
        u_bar[i, i + 1:] = x[i + 1:] * -b_i_bar
        b_bar[i] = b_i_bar
    return value, u_bar, b_bar
