# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def lu_value_and_grad(A):
    # the sizes this is written for
    if A.shape[1] < A.shape[0]:
        raise OtherPath
    # program.py:11  LU = A.copy()
    LU = A.copy()
    # program.py:12  n = LU.shape[0]
    n = LU.shape[0]
    for i in range(n):
        for j in range(i):
            # program.py:15  LU[i, j] -= LU[i, :j] @ LU[:j, j]
            LU[i, j] -= LU[i, :j] @ LU[:j, j]
            # program.py:16  LU[i, j] /= LU[j, j]
            LU[i, j] /= LU[j, j]
        for j in range(i, n):
            # program.py:18  LU[i, j] -= LU[i, :i] @ LU[:i, j]
            LU[i, j] -= LU[i, :i] @ LU[:i, j]
    # program.py:19  return np.sum(np.log(np.abs(np.diag(LU)))) + np.sum(LU * LU)
    t1 = np.diag(LU)
    absolute = np.abs(t1)
    value = np.log(absolute).sum() + (LU * LU).sum()
    LU_bar = 2 * LU + scatter_diagonal(np.sign(t1) / absolute, LU.shape)
    for i in range(n - 1, -1, -1):
        for j in range(n - 1, i - 1, -1):
            # adjoint of program.py:18
            LU_j_scaled = LU[:i, j] * LU_bar[i, j]
            LU_bar[:i, j] -= LU[i, :i] * LU_bar[i, j]
            LU_bar[i, :i] -= LU_j_scaled
        for j in range(i - 1, -1, -1):
            # adjoint of program.py:16
            t2 = LU[i, j] * (LU_bar[i, j] / LU[j, j])
            LU_bar[i, j] /= LU[j, j]
            LU_bar[j, j] -= t2
            # adjoint of program.py:15
            LU_j_scaled_1 = LU[:j, j] * LU_bar[i, j]
            LU_bar[:j, j] -= LU[i, :j] * LU_bar[i, j]
            LU_bar[i, :j] -= LU_j_scaled_1
    return value, LU_bar
