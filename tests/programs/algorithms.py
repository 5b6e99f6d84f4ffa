"""Numerical methods from scripts: root finding, integration, differential equations, series, filters."""

from __future__ import annotations

import math

import numpy as np

from . import program
from .samples import positive, spd, wave


def runge_kutta_step(f, t, y, h):
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k2)
    k4 = f(t + h, y + h * k3)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


@program((0.3, 0.8), (1.2, 0.2), argnums=(0, 1))
def kepler_by_newton(mean_anomaly, eccentricity):
    e = mean_anomaly
    for _ in range(50):
        residual = e - eccentricity * math.sin(e) - mean_anomaly
        step = residual / (1 - eccentricity * math.cos(e))
        e -= step
        if abs(step) < 1e-15:
            break
    return (1 - eccentricity * math.cos(e)) * e


@program((2.0, 5.0), (9.0, 11.5), argnums=(0, 1))
def bisection_then_newton(a, upper):
    low, high, steps = 0.0, upper, 0
    while high - low > 0.1:
        middle = (low + high) / 2
        if middle**3 > a:
            high = middle
        else:
            low = middle
        steps += 1
    x = (low + high) / 2
    for _ in range(5):
        x = x - (x**3 - a) / (3 * x**2)
    return x * a + steps * upper


@program((1.5, 0.3, 10), (0.2, 2.0, 25), argnums=(0, 1))
def runge_kutta_van_der_pol(x0, mu, steps):
    def field(t, y):
        x, v = y
        return np.array([v, mu * (1 - x**2) * v - x + 0.1 * math.cos(t)])

    t, y, h = 0.0, np.array([x0, 0.5]), 0.05
    for _ in range(steps):
        y = runge_kutta_step(field, t, y, h)
        t += h
    return y[0] ** 2 + y[1]


@program(
    (np.array([1.0, 0.5]), np.array([1.1, 0.4, 0.1, 0.4])),
    (np.array([4.0, 2.0]), np.array([0.7, 0.9, 0.5, 0.3])),
    argnums=(0, 1),
)
def lotka_volterra_with_adaptive_step(y, rates):
    a, b, c, d = rates

    def field(t, z):
        return np.stack([z[0] * (a - b * z[1]), z[1] * (c * z[0] - d)])

    t, h, rejected = 0.0, 0.25, 0
    while t < 1.0:
        coarse = runge_kutta_step(field, t, y, h)
        fine = runge_kutta_step(field, t + h / 2, runge_kutta_step(field, t, y, h / 2), h / 2)
        if np.max(np.abs(fine - coarse)) > 1e-5 and rejected < 20:
            h, rejected = h / 2, rejected + 1
            continue
        t, y = t + h, fine
    return y @ y + 0.01 * rejected * a


@program(([1.0, -2.0, 0.5, 3.0], 0.7), ([2.0, 0.4], -1.0), ([0.3, 0.9, -1.1], 2.2), argnums=(0, 1))
def horner_and_its_derivative(coefficients, x):
    value = slope = 0.0
    for c in reversed(coefficients):
        value, slope = value * x + c, slope * x + value
    return value * slope


@program((0.2, 1.5, 10), (-1.0, 2.0, 4), argnums=(0, 1))
def simpson_rule(a, b, n):
    def integrand(t):
        return math.exp(-t * t) * (1 + t)

    h = (b - a) / n
    total = integrand(a) + integrand(b)
    for k in range(1, n):
        total += (4 if k % 2 else 2) * integrand(a + k * h)
    return total * h / 3


@program((0.1, 2.0, 1e-4), (0.5, 1.0, 1e-8), argnums=(0, 1))
def adaptive_quadrature(a, b, tolerance):
    def estimate(left, right):
        middle = (left + right) / 2
        return (right - left) / 6 * (math.sqrt(left) + 4 * math.sqrt(middle) + math.sqrt(right)), middle

    def refine(left, right, whole, depth):
        _, middle = estimate(left, right)
        (low, _), (high, _) = estimate(left, middle), estimate(middle, right)
        if depth == 0 or abs(low + high - whole) < tolerance:
            return low + high
        return refine(left, middle, low, depth - 1) + refine(middle, right, high, depth - 1)

    return refine(a, b, estimate(a, b)[0], 6)


@program((0.5, 12), (3.7, 6), argnums=0)
def continued_fraction_of_tanh(x, depth):
    tail = 2.0 * depth + 1
    for k in range(depth - 1, -1, -1):
        tail = (2 * k + 1) + x * x / tail
    return x / tail


@program((np.array([-0.5, 1.5]), 3), (np.array([0.8, 0.3]), 2), argnums=0)
def gradient_descent_with_backtracking(x, iterations):
    def cost(p):
        return (1 - p[0]) ** 2 + 5 * (p[1] - p[0] ** 2) ** 2

    def slope(p):
        return np.array([-2 * (1 - p[0]) - 20 * p[0] * (p[1] - p[0] ** 2), 10 * (p[1] - p[0] ** 2)])

    for _ in range(iterations):
        g = slope(x)
        step = 1.0
        while cost(x - step * g) > cost(x) - 0.1 * step * (g @ g):
            step *= 0.5
        x = x - step * g
    return cost(x) + x.sum()


@program((wave(6), 0.2, 0.5), (positive(4), 1.5, 0.1), argnums=(0, 1, 2))
def kalman_scalar_filter(observations, process_noise, sensor_noise):
    estimate, variance, log_likelihood = 0.0, 1.0, 0.0
    for z in observations:
        variance = variance + process_noise
        innovation, total = z - estimate, variance + sensor_noise
        log_likelihood -= 0.5 * (innovation**2 / total + math.log(2 * math.pi * total))
        gain = variance / total
        estimate, variance = estimate + gain * innovation, (1 - gain) * variance
    return log_likelihood + estimate * variance


@program((100.0, 95.0, 0.5, 0.03, 0.2, "call"), (40.0, 45.0, 2.0, 0.05, 0.4, "put"), argnums=(0, 1, 2, 3, 4), rtol=2e-6)
def black_scholes(spot, strike, maturity, rate, volatility, kind):
    def cumulative(z):
        return 0.5 * (1 + math.erf(z / math.sqrt(2)))

    spread = volatility * math.sqrt(maturity)
    d1 = (math.log(spot / strike) + (rate + volatility**2 / 2) * maturity) / spread
    d2 = d1 - spread
    discount = math.exp(-rate * maturity)
    call = spot * cumulative(d1) - strike * discount * cumulative(d2)
    return call if kind == "call" else call - spot + strike * discount


@program((spd(4), wave(4), 1e-10, 2), (spd(3), positive(3), 0.5, 5), argnums=(0, 1))
def conjugate_gradient_solver(a, b, tolerance, rounds):
    a = (a + a.T) / 2
    x = np.zeros(len(b))
    r = p = b
    rs = r @ r
    for _ in range(rounds):
        q = a @ p
        alpha = rs / (p @ q)
        x, r = x + alpha * p, r - alpha * q
        new = r @ r
        if math.sqrt(new) < tolerance:
            break
        p, rs = r + new / rs * p, new
    return x @ b + np.sum(x**2)


@program((wave(8) + 1j * wave(8, phase=1.0), 0.3), (wave(4) + 0j, 1.2), argnums=1)
def recursive_fourier_transform(signal, shift):
    def fft(values):
        n = len(values)
        if n == 1:
            return values
        even, odd = fft(values[::2]), fft(values[1::2])
        turned = np.exp(-2j * np.pi * np.arange(n // 2) / n) * odd
        return np.concatenate([even + turned, even - turned])

    spectrum = fft(np.exp(1j * shift * np.arange(len(signal))) * signal)
    return np.sum(np.abs(spectrum[:2]) ** 2) + np.abs(spectrum[-1])


@program((wave(5), 0.1, 6), (positive(9), 0.3, 3), argnums=(0, 1))
def heat_equation_explicit(u, alpha, steps):
    for _ in range(steps):
        padded = np.pad(u, 1, mode="edge")
        u = u + alpha * (padded[2:] - 2 * u + padded[:-2])
    return np.sum(u**2) + np.max(u)
