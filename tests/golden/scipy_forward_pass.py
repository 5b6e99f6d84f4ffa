def forward_pass_value_and_grad(moves, seen):
    # the sizes this is written for
    if moves.shape[1] != moves.shape[0] or seen.shape[1] != moves.shape[0]:
        raise OtherPath
    # golden_scipy.py:53  state = np.zeros(moves.shape[0])
    moves_rows = moves.shape[0]
    state = np.zeros(moves_rows)
    seen_rows = seen.shape[0]
    t_saved = np.empty((seen_rows, moves_rows))
    state_part_saved = np.empty((seen_rows, moves_rows, 1))
    for i in range(seen_rows):
        each = seen[i]
        state_part_saved[i] = state[:, None]
        # golden_scipy.py:55  state = scipy.special.logsumexp(state[:, None] + moves, axis=0) + each
        t_saved[i] = t1 = scipy.special.logsumexp(state[:, None] + moves, axis=0)
        state = t1 + each
    # golden_scipy.py:56  return scipy.special.logsumexp(state)
    value = scipy.special.logsumexp(state)
    # adjoint of golden_scipy.py:56
    minus_inf = -np.inf
    state_bar = np.exp(state - np.where(np.equal(value, minus_inf), 0.0, value))
    moves_bar = np.zeros(moves.shape)
    for i in range(seen_rows - 1, -1, -1):
        # adjoint of golden_scipy.py:55
        t2 = state_part_saved[i] + moves - np.where(t_saved[i] == minus_inf, 0.0, t_saved[i])
        moves_part_bar = state_bar * np.exp(t2)
        moves_bar += moves_part_bar
        state_bar = np.zeros(moves_rows)
        state_bar[:, None] = moves_part_bar.sum(axis=1, keepdims=True)
    return value, moves_bar
