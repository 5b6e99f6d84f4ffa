# What is generated for `program.py`, as it is; `python -m tests.adjoints.test_generated` writes it anew.
def deriche_value_and_grad(image, alpha):
    # program.py:10  rows, columns = image.shape
    rows, columns = image.shape
    # program.py:11  k = (1.0 - np.exp(-alpha))**2 / (1.0 + 2.0 * alpha * np.exp(-alpha) - np.exp(2.0 * alpha))
    minus_alpha = -alpha
    exp_minus_alpha = np.exp(minus_alpha)
    t1 = 1.0 - exp_minus_alpha
    twice_alpha = 2.0 * alpha
    exp_twice_alpha = np.exp(twice_alpha)
    denominator = 1.0 + twice_alpha * exp_minus_alpha - exp_twice_alpha
    k = t1 ** 2 / denominator
    # program.py:13  a2 = k * np.exp(-alpha) * (alpha - 1.0)
    t2 = k * exp_minus_alpha
    t3 = alpha - 1.0
    a2 = t2 * t3
    # program.py:14  a3 = k * np.exp(-alpha) * (alpha + 1.0)
    t4 = alpha + 1.0
    a3 = t2 * t4
    # program.py:15  a4 = -k * np.exp(-2.0 * alpha)
    minus_k = -k
    exp = np.exp(-2.0 * alpha)
    a4 = minus_k * exp
    # program.py:16  b1 = 2.0**(-alpha)
    b1 = 2.0 ** minus_alpha
    if not type(b1) is float:
        raise OtherPath
    # program.py:17  b2 = -np.exp(-2.0 * alpha)
    b2 = -exp
    # program.py:19  y1 = np.empty_like(image)
    y1 = np.empty_like(image)
    # program.py:20  y1[:, 0] = a1 * image[:, 0]
    image0 = image[:, 0]
    y1[:, 0] = k * image0
    # program.py:21  y1[:, 1] = a1 * image[:, 1] + a2 * image[:, 0] + b1 * y1[:, 0]
    image1 = image[:, 1]
    y1_0 = y1[:, 0].copy()
    y1[:, 1] = k * image1 + a2 * image0 + b1 * y1_0
    for j in range(2, columns):
        # program.py:23  y1[:, j] = a1 * image[:, j] + a2 * image[:, j - 1] + b1 * y1[:, j - 1] + b2 * y1[:, j - 2]
        y1[:, j] = k * image[:, j] + a2 * image[:, j - 1] + b1 * y1[:, j - 1] + b2 * y1[:, j - 2]
    # program.py:25  y2 = np.empty_like(image)
    y2 = np.empty_like(image)
    # program.py:26  y2[:, -1] = 0.0
    y2[:, -1] = 0.0
    # program.py:27  y2[:, -2] = a3 * image[:, -1]
    y2[:, -2] = a3 * image[:, -1]
    for j in range(columns - 3, -1, -1):
        # program.py:29  y2[:, j] = (a3 * image[:, j + 1] + a4 * image[:, j + 2]
        y2[:, j] = a3 * image[:, j + 1] + a4 * image[:, j + 2] + b1 * y2[:, j + 1] + b2 * y2[:, j + 2]
    # program.py:32  out = y1 + y2
    out = y1 + y2
    # program.py:34  y1[0, :] = a1 * out[0, :]
    out0 = out[0, :]
    y1_1 = np.copy(y1)
    y1_1[0, :] = k * out0
    # program.py:35  y1[1, :] = a1 * out[1, :] + a2 * out[0, :] + b1 * y1[0, :]
    out1 = out[1, :]
    y1_1[1, :] = k * out1 + a2 * out0 + b1 * y1_1[0, :]
    for i in range(2, rows):
        # program.py:37  y1[i, :] = a1 * out[i, :] + a2 * out[i - 1, :] + b1 * y1[i - 1, :] + b2 * y1[i - 2, :]
        y1_1[i, :] = k * out[i, :] + a2 * out[i - 1, :] + b1 * y1_1[i - 1, :] + b2 * y1_1[i - 2, :]
    # program.py:39  y2[-1, :] = 0.0
    y2_1 = np.copy(y2)
    y2_1[-1, :] = 0.0
    # program.py:40  y2[-2, :] = a3 * out[-1, :]
    y2_1[-2, :] = a3 * out[-1, :]
    for i in range(rows - 3, -1, -1):
        # program.py:42  y2[i, :] = a3 * out[i + 1, :] + a4 * out[i + 2, :] + b1 * y2[i + 1, :] + b2 * y2[i + 2, :]
        y2_1[i, :] = a3 * out[i + 1, :] + a4 * out[i + 2, :] + b1 * y2_1[i + 1, :] + b2 * y2_1[i + 2, :]
    # program.py:44  out[:] = y1 + y2
    out_1 = y1_1 + y2_1
    # program.py:45  return np.sum(out * out)
    value = (out_1 * out_1).sum()
    # adjoint of program.py:45
    out_bar = 2 * out_1
    y2_bar = out_bar.copy()
    out_bar_1 = np.zeros(out.shape)
    a3_bar = a4_bar = b1_bar = b2_bar = 0.0
    for i in range(rows - 2):
        # adjoint of program.py:42
        y2_i_bar = y2_bar[i, :]
        b2_bar += y2_i_bar @ y2_1[i + 2, :]
        y2_bar[i + 2, :] += y2_i_bar * b2
        b1_bar += y2_i_bar @ y2_1[i + 1, :]
        y2_bar[i + 1, :] += y2_i_bar * b1
        a4_bar += y2_i_bar @ out[i + 2, :]
        out_bar_1[i + 2, :] = y2_i_bar * a4
        a3_bar += y2_i_bar @ out[i + 1, :]
        out_bar_1[i + 1, :] += y2_i_bar * a3
    # adjoint of program.py:40
    out_bar_1[-1, :] += y2_bar[-2, :] * a3
    a3_bar_1 = a3_bar + y2_bar[-2, :] @ out[-1, :]
    k_bar = a2_bar = 0.0
    for i in range(rows - 1, 1, -1):
        # adjoint of program.py:37
        y1_i_bar = out_bar[i, :]
        b2_bar += y1_i_bar @ y1_1[i - 2, :]
        out_bar[i - 2, :] += y1_i_bar * b2
        b1_bar += y1_i_bar @ y1_1[i - 1, :]
        out_bar[i - 1, :] += y1_i_bar * b1
        a2_bar += y1_i_bar @ out[i - 1, :]
        out_bar_1[i - 1, :] += y1_i_bar * a2
        k_bar += y1_i_bar @ out[i, :]
        out_bar_1[i, :] += y1_i_bar * k
    # adjoint of program.py:35
    y1_1_bar = out_bar[1, :]
    b1_bar_1 = b1_bar + y1_1_bar @ y1_1[0, :]
    out_bar[0, :] += y1_1_bar * b1
    out_bar_1[1, :] += y1_1_bar * k
    # adjoint of program.py:34
    out_bar_1[0, :] += y1_1_bar * a2 + out_bar[0, :] * k
    # adjoint of program.py:35
    a2_bar_1 = a2_bar + y1_1_bar @ out0
    # adjoint of program.py:34
    k_bar_1 = k_bar + y1_1_bar @ out1 + out_bar[0, :] @ out0
    y2_bar = out_bar_1.copy()
    image_bar = np.zeros(image.shape)
    for j in range(columns - 2):
        # adjoint of program.py:29
        y2_j_bar = y2_bar[:, j]
        b2_bar += y2_j_bar @ y2[:, j + 2]
        y2_bar[:, j + 2] += y2_j_bar * b2
        b1_bar_1 += y2_j_bar @ y2[:, j + 1]
        y2_bar[:, j + 1] += y2_j_bar * b1
        a4_bar += y2_j_bar @ image[:, j + 2]
        image_bar[:, j + 2] = y2_j_bar * a4
        a3_bar_1 += y2_j_bar @ image[:, j + 1]
        image_bar[:, j + 1] += y2_j_bar * a3
    # adjoint of program.py:27
    a3_bar = a3_bar_1 + y2_bar[:, -2] @ image[:, -1]
    image_bar[:, -1] += y2_bar[:, -2] * a3
    for j in range(columns - 1, 1, -1):
        # adjoint of program.py:23
        y1_j_bar = out_bar_1[:, j]
        b2_bar += y1_j_bar @ y1[:, j - 2]
        out_bar_1[:, j - 2] += y1_j_bar * b2
        b1_bar_1 += y1_j_bar @ y1[:, j - 1]
        out_bar_1[:, j - 1] += y1_j_bar * b1
        a2_bar_1 += y1_j_bar @ image[:, j - 1]
        image_bar[:, j - 1] += y1_j_bar * a2
        k_bar_1 += y1_j_bar @ image[:, j]
        image_bar[:, j] += y1_j_bar * k
    # adjoint of program.py:21
    y1_1_bar = out_bar_1[:, 1]
    b1_bar_2 = b1_bar_1 + y1_1_bar @ y1_0
    out_bar_1[:, 0] += y1_1_bar * b1
    a2_bar = a2_bar_1 + y1_1_bar @ image0
    image_bar[:, 1] += y1_1_bar * k
    # adjoint of program.py:20
    image_bar[:, 0] += y1_1_bar * a2 + out_bar_1[:, 0] * k
    # adjoint of program.py:13
    t5 = a3_bar * t4 + a2_bar * t3
    # adjoint of program.py:15
    t6 = k_bar_1 + y1_1_bar @ image1 + out_bar_1[:, 0] @ image0 - a4_bar * exp
    # adjoint of program.py:11
    t7 = (t6 + t5 * exp_minus_alpha) / denominator
    t8 = k * t7
    # adjoint of program.py:13
    t9 = a3_bar * t2 - 2.0 * ((a4_bar * minus_k - b2_bar) * exp) + a2_bar * t2
    # adjoint of program.py:11
    t10 = (t5 * k - twice_alpha * t8 - 2 * (t7 * t1)) * exp_minus_alpha
    t11 = b1_bar_2 * power_derivative(2.0, minus_alpha, dy=1) + t10
    return value, image_bar, float(t9 + 2.0 * (t8 * exp_twice_alpha - exp_minus_alpha * t8) - t11)
