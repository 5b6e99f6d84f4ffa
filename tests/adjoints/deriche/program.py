"""Deriche's recursive edge detector, along columns and then along rows, as PolyBench's."""

import numpy as np

ARGNUMS = (0, 1)
SIZES = (5, 150, 150)


def deriche(image, alpha):
    rows, columns = image.shape
    k = (1.0 - np.exp(-alpha))**2 / (1.0 + 2.0 * alpha * np.exp(-alpha) - np.exp(2.0 * alpha))
    a1 = k
    a2 = k * np.exp(-alpha) * (alpha - 1.0)
    a3 = k * np.exp(-alpha) * (alpha + 1.0)
    a4 = -k * np.exp(-2.0 * alpha)
    b1 = 2.0**(-alpha)
    b2 = -np.exp(-2.0 * alpha)

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

    y1[0, :] = a1 * out[0, :]
    y1[1, :] = a1 * out[1, :] + a2 * out[0, :] + b1 * y1[0, :]
    for i in range(2, rows):
        y1[i, :] = a1 * out[i, :] + a2 * out[i - 1, :] + b1 * y1[i - 1, :] + b2 * y1[i - 2, :]

    y2[-1, :] = 0.0
    y2[-2, :] = a3 * out[-1, :]
    for i in range(rows - 3, -1, -1):
        y2[i, :] = a3 * out[i + 1, :] + a4 * out[i + 2, :] + b1 * y2[i + 1, :] + b2 * y2[i + 2, :]

    out[:] = y1 + y2
    return np.sum(out * out)


def sample(size, seed=0):
    rng = np.random.default_rng(seed)
    return rng.uniform(0.0, 1.0, (size, size + 1)), 0.4
