# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def durbin_value_and_grad(r):
    # program.py:11  y = np.empty_like(r)
    y = np.empty_like(r)
    # program.py:12  alpha = -r[0]
    alpha = -r[0]
    # program.py:14  y[0] = -r[0]
    y[0] = alpha
    beta = 1.0
    y_head_saved, beta_saved = [], [0.0] * (r.shape[0] - 1)
    for k in range(1, r.shape[0]):
        beta_saved[k - 1] = beta
        # program.py:16  beta *= 1.0 - alpha * alpha
        beta *= 1.0 - alpha * alpha
        # program.py:17  alpha = -(r[k] + np.dot(np.flip(r[:k]), y[:k])) / beta
        y_head = y[:k]
        y_head_saved.append(y_head.copy())
        alpha = -(r[k] + np.flip(r[:k]).dot(y_head)) / beta
        # program.py:18  y[:k] += alpha * np.flip(y[:k])
        y[:k] += alpha * np.flip(y_head)
        # program.py:19  y[k] = alpha
        y[k] = alpha
    # program.py:20  return np.dot(y, y)
    value = y.dot(y)
    y_bar = 2 * y
    alpha_bar = beta_bar = 0.0
    r_bar = np.zeros(r.shape)
    for k, y_head in zip(range(r.shape[0] - 1, 0, -1), y_head_saved[::-1]):
        # adjoint of program.py:20
        alpha_1 = y_head[-1]
        # adjoint of program.py:17
        t1 = (alpha_bar + y_bar[k] + y_bar[:k] @ np.flip(y_head)) / beta
        beta_bar_1 = beta_bar - alpha * t1
        y_bar[:k] += np.flip(y_bar[:k] * alpha) - np.flip(r[:k]) * t1
        r_bar[:k] -= np.flip(y_head * t1)
        r_bar[k] -= t1
        # adjoint of program.py:16
        beta_bar = beta_bar_1 * (1.0 - alpha_1 * alpha_1)
        alpha_bar = -2 * (alpha_1 * (beta_bar_1 * beta_saved[k - 1]))
        alpha = alpha_1
        beta = beta_saved[k - 1]
    # adjoint of program.py:12
    r_bar[0] -= alpha_bar + y_bar[0]
    return value, r_bar
