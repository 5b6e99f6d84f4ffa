# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def cholesky_value_and_grad(A, weights):
    # the sizes this is written for
    if weights.shape != (A.shape[0], A.shape[1]):
        raise OtherPath
    # program.py:11  L = A.copy()
    L = A.copy()
    # program.py:12  for i in range(L.shape[0]):
    L_rows = L.shape[0]
    for i in range(L_rows):
        for j in range(i):
            # program.py:14  L[i, j] -= np.dot(L[i, :j], L[j, :j])
            L[i, j] -= L[i, :j].dot(L[j, :j])
            # program.py:15  L[i, j] /= L[j, j]
            L[i, j] /= L[j, j]
        # program.py:16  L[i, i] -= np.dot(L[i, :i], L[i, :i])
        L[i, i] -= L[i, :i].dot(L[i, :i])
        # program.py:17  L[i, i] = np.sqrt(L[i, i])
        L[i, i] = np.sqrt(L[i, i])
    # program.py:18  return np.sum(np.tril(L) * weights)
    value = (np.tril(L) * weights).sum()
    L_bar = np.tril(weights)
    for i in range(L_rows - 1, -1, -1):
        # adjoint of program.py:17
        L_bar[i, i] *= 0.5 / L[i, i]
        # adjoint of program.py:16
        L_bar[i, :i] -= 2 * (L[i, :i] * L_bar[i, i])
        for j in range(i - 1, -1, -1):
            # adjoint of program.py:15
            t1 = L[i, j] * (L_bar[i, j] / L[j, j])
            L_bar[i, j] /= L[j, j]
            L_bar[j, j] -= t1
            # adjoint of program.py:14
            L_j_scaled = L[j, :j] * L_bar[i, j]
            L_bar[j, :j] -= L[i, :j] * L_bar[i, j]
            L_bar[i, :j] -= L_j_scaled
    return value, L_bar
