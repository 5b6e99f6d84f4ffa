# stacks: 3
# saved values per step: none, but y1, y2 and out once, as they stand before the rows are filtered
"""The adjoint of Deriche's edge detector: each recursion runs the other way."""

import numpy as np


def coefficients(alpha):
    k = (1.0 - np.exp(-alpha))**2 / (1.0 + 2.0 * alpha * np.exp(-alpha) - np.exp(2.0 * alpha))
    a1 = k
    a2 = k * np.exp(-alpha) * (alpha - 1.0)
    a3 = k * np.exp(-alpha) * (alpha + 1.0)
    a4 = -k * np.exp(-2.0 * alpha)
    b1 = 2.0**(-alpha)
    b2 = -np.exp(-2.0 * alpha)
    return a1, a2, a3, a4, b1, b2


def coefficients_adjoint(alpha, a1_bar, a2_bar, a3_bar, a4_bar, b1_bar, b2_bar):
    decay = np.exp(-alpha)
    growth = np.exp(2.0 * alpha)
    bottom = 1.0 + 2.0 * alpha * decay - growth
    k = (1.0 - decay)**2 / bottom
    alpha_bar = 2.0 / growth * b2_bar - np.log(2.0) * 2.0**(-alpha) * b1_bar
    alpha_bar += 2.0 * k / growth * a4_bar
    alpha_bar += k * decay * ((2.0 - alpha) * a2_bar - alpha * a3_bar)
    k_bar = a1_bar + decay * ((alpha - 1.0) * a2_bar + (alpha + 1.0) * a3_bar) - a4_bar / growth
    alpha_bar += 2.0 * (1.0 - decay) * decay * k_bar / bottom
    alpha_bar -= 2.0 * ((1.0 - alpha) * decay - growth) * k * k_bar / bottom
    return alpha_bar


def causal_adjoint(x, y, y_bar, x_bar, a1, a2, b1, b2):
    """Uses y_bar up, adds to x_bar, and returns the cotangents of the coefficients."""
    a1_bar = 0.0
    a2_bar = 0.0
    b1_bar = 0.0
    b2_bar = 0.0
    for j in range(x.shape[1] - 1, 1, -1):
        bar = y_bar[:, j]
        a1_bar += bar @ x[:, j]
        a2_bar += bar @ x[:, j - 1]
        b1_bar += bar @ y[:, j - 1]
        b2_bar += bar @ y[:, j - 2]
        x_bar[:, j] += a1 * bar
        x_bar[:, j - 1] += a2 * bar
        y_bar[:, j - 1] += b1 * bar
        y_bar[:, j - 2] += b2 * bar
    bar = y_bar[:, 1]
    a1_bar += bar @ x[:, 1]
    a2_bar += bar @ x[:, 0]
    b1_bar += bar @ y[:, 0]
    x_bar[:, 1] += a1 * bar
    x_bar[:, 0] += a2 * bar
    y_bar[:, 0] += b1 * bar
    bar = y_bar[:, 0]
    a1_bar += bar @ x[:, 0]
    x_bar[:, 0] += a1 * bar
    return np.array([a1_bar, a2_bar, b1_bar, b2_bar])


def anticausal_adjoint(x, y, y_bar, x_bar, a3, a4, b1, b2):
    """Uses y_bar up, adds to x_bar, and returns the cotangents of the coefficients."""
    a3_bar = 0.0
    a4_bar = 0.0
    b1_bar = 0.0
    b2_bar = 0.0
    for j in range(x.shape[1] - 2):
        bar = y_bar[:, j]
        a3_bar += bar @ x[:, j + 1]
        a4_bar += bar @ x[:, j + 2]
        b1_bar += bar @ y[:, j + 1]
        b2_bar += bar @ y[:, j + 2]
        x_bar[:, j + 1] += a3 * bar
        x_bar[:, j + 2] += a4 * bar
        y_bar[:, j + 1] += b1 * bar
        y_bar[:, j + 2] += b2 * bar
    bar = y_bar[:, -2]
    a3_bar += bar @ x[:, -1]
    x_bar[:, -1] += a3 * bar
    return np.array([a3_bar, a4_bar, b1_bar, b2_bar])


def deriche_forward(image, alpha):
    rows, columns = image.shape
    a1, a2, a3, a4, b1, b2 = coefficients(alpha)

    y1 = np.empty_like(image)
    y1[:, 0] = a1 * image[:, 0]
    y1[:, 1] = a1 * image[:, 1] + a2 * image[:, 0] + b1 * y1[:, 0]
    for j in range(2, columns):
        y1[:, j] = a1 * image[:, j] + a2 * image[:, j - 1] + b1 * y1[:, j - 1] + b2 * y1[:, j - 2]

    y2 = np.empty_like(image)
    y2[:, -1] = 0.0
    y2[:, -2] = a3 * image[:, -1]
    for j in range(columns - 3, -1, -1):
        y2[:, j] = (a3 * image[:, j + 1] + a4 * image[:, j + 2]
                    + b1 * y2[:, j + 1] + b2 * y2[:, j + 2])

    out = y1 + y2

    # The rows are filtered into fresh arrays, which saves the columns' without a copy.
    y1_saved = y1
    y2_saved = y2
    out_saved = out
    y1 = np.empty_like(image)
    y2 = np.empty_like(image)

    y1[0, :] = a1 * out[0, :]
    y1[1, :] = a1 * out[1, :] + a2 * out[0, :] + b1 * y1[0, :]
    for i in range(2, rows):
        y1[i, :] = a1 * out[i, :] + a2 * out[i - 1, :] + b1 * y1[i - 1, :] + b2 * y1[i - 2, :]

    y2[-1, :] = 0.0
    y2[-2, :] = a3 * out[-1, :]
    for i in range(rows - 3, -1, -1):
        y2[i, :] = a3 * out[i + 1, :] + a4 * out[i + 2, :] + b1 * y2[i + 1, :] + b2 * y2[i + 2, :]

    out = y1 + y2
    return out, y1, y2, y1_saved, y2_saved, out_saved


def deriche_value_and_grad(image, alpha):
    out, y1, y2, y1_saved, y2_saved, out_saved = deriche_forward(image, alpha)
    value = np.sum(out * out)

    a1, a2, a3, a4, b1, b2 = coefficients(alpha)
    # Along rows, which are the columns of the transposed arrays.
    y2_bar = 2.0 * out
    y1_bar = y2_bar.copy()
    out_bar = np.zeros_like(image)
    anticausal_bar = anticausal_adjoint(out_saved.T, y2.T, y2_bar.T, out_bar.T, a3, a4, b1, b2)
    causal_bar = causal_adjoint(out_saved.T, y1.T, y1_bar.T, out_bar.T, a1, a2, b1, b2)

    # Along columns.
    y2_bar = out_bar
    y1_bar = out_bar.copy()
    image_bar = np.zeros_like(image)
    anticausal_bar += anticausal_adjoint(image, y2_saved, y2_bar, image_bar, a3, a4, b1, b2)
    causal_bar += causal_adjoint(image, y1_saved, y1_bar, image_bar, a1, a2, b1, b2)

    # The coefficients.
    a3_bar, a4_bar, b1_bar_anticausal, b2_bar_anticausal = anticausal_bar
    a1_bar, a2_bar, b1_bar, b2_bar = causal_bar
    b1_bar += b1_bar_anticausal
    b2_bar += b2_bar_anticausal
    alpha_bar = coefficients_adjoint(alpha, a1_bar, a2_bar, a3_bar, a4_bar, b1_bar, b2_bar)
    return value, (image_bar, alpha_bar)
