# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def hmm_forward_value_and_grad(log_start, log_move, log_emit, observed):
    # program.py:15  steps = len(observed)
    steps = observed.shape[0]
    # the sizes this is written for
    if (log_move.shape != (log_start.shape[0], log_start.shape[0])
        or log_emit.shape[0] != log_start.shape[0] or log_start.shape[0] == 0):
        raise OtherPath
    # program.py:16  alpha = np.empty((steps, len(log_start)))
    log_start_len = log_start.shape[0]
    alpha = np.empty((steps, log_start_len))
    # program.py:17  alpha[0] = log_start + log_emit[:, observed[0]]
    alpha[0] = log_start + log_emit[:, observed[0]]
    for t in range(1, steps):
        # program.py:19  predicted = logsumexp(alpha[t - 1][:, np.newaxis] + log_move)
        t1 = alpha[t - 1][:, None] + log_move
        # program.py:10  top = np.max(a, axis=0)
        top = t1.max(axis=0)
        # program.py:11  return top + np.log(np.sum(np.exp(a - top), axis=0))
        predicted = top + np.log(np.exp(t1 - top).sum(axis=0))
        # program.py:20  alpha[t] = predicted + log_emit[:, observed[t]]
        alpha[t] = predicted + log_emit[:, observed[t]]
    # program.py:21  return logsumexp(alpha[-1])
    alpha_last = alpha[-1]
    # program.py:10  top = np.max(a, axis=0)
    top_1 = alpha_last.max(axis=0)
    # program.py:11  return top + np.log(np.sum(np.exp(a - top), axis=0))
    exp = np.exp(alpha_last - top_1)
    exp_sum = exp.sum(axis=0)
    value = top_1 + np.log(exp_sum)
    exp_over_exp_sum = exp / exp_sum
    t2 = shared_where(alpha_last == top_1, 1.0 - exp_over_exp_sum.sum(), axis=0)
    # adjoint of program.py:21
    alpha_bar = np.zeros(alpha.shape)
    alpha_bar[-1] = exp_over_exp_sum + t2
    log_move_bar, log_emit_bar = np.zeros(log_move.shape), np.zeros(log_emit.shape)
    for t in range(steps - 1, 0, -1):
        # adjoint of program.py:20
        t3 = alpha[t - 1, :, None] + log_move
        top = t3.max(axis=0)
        exp_1 = np.exp(t3 - top)
        predicted_bar = alpha_bar[t]
        log_emit_bar[:, observed[t]] += predicted_bar
        # adjoint of program.py:11
        t4 = predicted_bar / exp_1.sum(axis=0) * exp_1
        # adjoint of program.py:10
        log_move_part_bar = t4 + shared_where(t3 == top, predicted_bar - t4.sum(axis=0), axis=0)
        # adjoint of program.py:19
        log_move_bar += log_move_part_bar
        alpha_prev_bar = np.zeros(log_start_len)
        alpha_prev_bar[:, None] = log_move_part_bar.sum(axis=1, keepdims=True)
        alpha_bar[t - 1] = alpha_prev_bar
    # adjoint of program.py:17
    log_start_bar = alpha_bar[0]
    log_emit_bar[:, observed[0]] += log_start_bar
    return value, log_start_bar, log_move_bar, log_emit_bar
