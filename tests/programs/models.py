"""Models from statistics, machine learning and physics, written without writes into arrays."""

from __future__ import annotations

import math

import numpy as np

from . import program
from .samples import positive, wave


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def softmax(z, axis=-1):
    shifted = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return shifted / np.sum(shifted, axis=axis, keepdims=True)


@program(
    (wave(2), wave(50), wave(50) + 1.0 + 0.05 * wave(50, phase=2.0)),
    (positive(2), wave(5), positive(5)),
    argnums=(0, 1),
)
def linear_regression_loss(weights, x, y):
    prediction = weights[0] * x + weights[1]
    return 1 / (2 * len(x)) * np.sum((prediction - y) ** 2)


@program(
    (wave(3), 0.2, wave(8, 3), np.array([0, 1, 1, 0, 1, 0, 0, 1]), 0.1),
    (wave(2), -1.0, wave(4, 2), np.array([1, 1, 0, 0]), 0.0),
    (wave(3, dtype=np.float32), 0.2, wave(4, 3, dtype=np.float32), np.array([0, 1, 1, 0]), 0.5),
    argnums=(0, 1),
)
def logistic_regression(w, b, x, labels, penalty):
    p = sigmoid(x @ w + b)
    loss = -np.mean(labels * np.log(p) + (1 - labels) * np.log(1 - p))
    if penalty:
        loss = loss + penalty * np.sum(w**2)
    return loss


@program(
    ({"w1": wave(4, 5), "b1": wave(5), "w2": wave(5, 3), "b2": wave(3)}, wave(6, 4), np.array([0, 2, 1, 1, 0, 2])),
    ({"w1": wave(2, 3), "b1": wave(3), "w2": wave(3, 2), "b2": wave(2)}, wave(2, 2), np.array([1, 0])),
    argnums=0,
)
def two_layer_network(params, x, labels):
    hidden = np.maximum(x @ params["w1"] + params["b1"], 0.0)
    probabilities = softmax(hidden @ params["w2"] + params["b2"])
    return -np.mean(np.log(probabilities[np.arange(len(labels)), labels])) + 1e-3 * sum(
        np.sum(p**2) for p in params.values()
    )


@program(
    ([wave(3, 7, phase=k) for k in range(4)], wave(5, 4)),
    ([wave(2, 4, phase=k) for k in range(4)], wave(1, 2)),
    argnums=(0, 1),
)
def lstm_cell_over_a_sequence(gates, inputs):
    w_forget, w_in, w_out, w_new = gates
    size = w_forget.shape[0]
    hidden, cell, outputs = np.zeros(size), np.zeros(size), []
    for x in inputs:
        joined = np.concatenate([hidden, x])
        forget, take, give = (sigmoid(w @ joined) for w in (w_forget, w_in, w_out))
        cell = forget * cell + take * np.tanh(w_new @ joined)
        hidden = give * np.tanh(cell)
        outputs.append(hidden)
    return np.mean(np.stack(outputs) ** 2) + cell.sum()


@program((wave(4, 2), positive(4)), (wave(2, 3, phase=1.0), positive(2)), (wave(5, 2), positive(5)), argnums=(0, 1))
def gravitational_energy(positions, masses):
    energy = 0.0
    for i in range(len(masses)):
        for j in range(i):
            separation = positions[i] - positions[j]
            distance = np.sqrt(separation @ separation + 0.01)
            energy -= masses[i] * masses[j] / distance
    return energy


@program((1.1 * wave(4, 3), 0.9), (1.4 * wave(3, 2, phase=0.5), 1.2), argnums=(0, 1))
def pairwise_potential_vectorised(points, scale):
    difference = points[:, None, :] - points[None, :, :]
    squared = np.sum(difference**2, axis=-1) + np.eye(len(points))
    upper = np.triu(np.ones_like(squared), k=1)
    ratio = (scale**2 / squared) ** 3
    return 4 * np.sum(upper * (ratio**2 - ratio))


@program(
    (wave(6, 4), wave(4, 3), wave(4, 3, phase=1.0)), (wave(2, 2), wave(2, 1), wave(2, 1, phase=1.0)), argnums=(0, 1, 2)
)
def causal_attention(x, w_query, w_key):
    scores = (x @ w_query) @ (x @ w_key).T / math.sqrt(w_query.shape[1])
    mask = np.tril(np.ones((len(x), len(x)), dtype=bool))
    weights = softmax(np.where(mask, scores, -1e9))
    out = weights @ x
    normed = (out - out.mean(axis=-1, keepdims=True)) / np.sqrt(out.var(axis=-1, keepdims=True) + 1e-5)
    return np.sum(normed * x) + np.mean(out**2)


@program(
    ({"mu": 0.4, "log_sigma": -0.2, "effects": wave(4)}, wave(4, 5)),
    ({"mu": 1.4, "log_sigma": 0.6, "effects": wave(2)}, wave(2, 1)),
)
def hierarchical_log_density(theta, data):
    def normal(x, mean, sigma):
        return -0.5 * np.sum(((x - mean) / sigma) ** 2) - np.size(x) * (np.log(sigma) + 0.5 * math.log(2 * math.pi))

    sigma = math.exp(theta["log_sigma"])
    prior = normal(theta["mu"], 0.0, 5.0) + normal(theta["effects"], theta["mu"], 1.0) - sigma
    return prior + sum(normal(group, effect, sigma) for group, effect in zip(data, theta["effects"]))


@program(
    (np.array([0.6, 0.4]), wave(2), 0.7, wave(7)),
    (np.array([1.0, 2.0, 1.5]), wave(3), 1.3, positive(4)),
    argnums=(0, 1, 2),
)
def mixture_log_likelihood(weights, means, sigma, data):
    mix = np.log(weights / weights.sum())
    z = (data[:, None] - means) / sigma
    log_parts = mix - 0.5 * z**2 - np.log(sigma) - 0.5 * np.log(2 * np.pi)
    top = log_parts.max(axis=1)
    return np.sum(top + np.log(np.exp(log_parts - top[:, None]).sum(axis=1)))


@program((wave(6, 6), wave(3, 3)), (wave(4, 5), positive(2, 2)), argnums=(0, 1))
def convolution_by_shifted_slices(image, kernel):
    kh, kw = kernel.shape
    h, w = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    out = sum(kernel[i, j] * image[i : i + h, j : j + w] for i in range(kh) for j in range(kw))
    active = np.where(out > 0, out, 0.2 * out)
    return np.mean(active**2) + np.max(active)


@program((0.5, 1.2, 0.1, wave(5)), (1.5, 0.3, 0.4, positive(4)), argnums=(0, 1, 2))
def gaussian_process_evidence(length, gain, noise, y):
    t = np.linspace(0.0, 2.0, len(y))
    gram = gain**2 * np.exp(-((t[:, None] - t) ** 2) / (2 * length**2)) + (noise**2 + 0.05) * np.eye(len(y))
    lower = np.linalg.cholesky(gram)
    alpha = np.linalg.solve(lower.T, np.linalg.solve(lower, y))
    return -0.5 * y @ alpha - np.sum(np.log(np.diag(lower)))


@program((np.array([0.5, -1.5, 2.0]), 0.1, 5), (wave(4), 0.02, 2), argnums=(0, 1))
def adam_inside_the_objective(x, rate, steps):
    m, v = np.zeros_like(x), np.zeros_like(x)
    for t in range(1, steps + 1):
        g = 2 * x + np.cos(x)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        x = x - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return np.sum(x**2 + np.sin(x))


@program((np.array([0.7, 0.2]), [(0, 1.0), (1, 0.5), (0, -0.3)]), (np.array([1.4, -0.6]), []), argnums=0)
def rotation_chain_of_a_robot_arm(angles, joints):
    def rotation(angle):
        c, s = np.cos(angle), np.sin(angle)
        return np.array([[c, -s], [s, c]])

    tip, frame = np.array([0.1, 0.0]), rotation(angles[0])
    for index, length in joints:
        frame = frame @ rotation(angles[index])
        tip = tip + frame @ np.array([length, 0.0])
    return np.sum((tip - np.array([1.0, 0.5])) ** 2) + frame[0, 1]
