def kept_while_value_and_grad(x, limit):
    steps = 0
    x_saved = []
    while x * x > limit:
        x_saved.append(x)
        # golden_kept.py:55  x = 0.5 * x - 0.1 * x * x
        x = 0.5 * x - 0.1 * x * x
        # golden_kept.py:56  steps += 1
        steps += 1
    # golden_kept.py:57  return x + 0.01 * steps
    value = x + 0.01 * steps
    x_bar = 1.0
    for x in x_saved[::-1]:
        # adjoint of golden_kept.py:55
        x_bar = -0.1 * (x * x_bar) - 0.1 * x * x_bar + 0.5 * x_bar
    return value, x_bar
