# stacks: 4
# saved values per step: the state and the three later points the slope is taken at, four times two
"""The adjoint of the classical Runge-Kutta method on the equations of Lotka and Volterra."""

import numpy as np


def lotka_volterra(u, rates):
    prey, predators = u
    birth, hunt, feed, death = rates
    return np.array([
        birth * prey - hunt * prey * predators,
        feed * prey * predators - death * predators,
    ])


def lotka_volterra_adjoint(u, rates, slope_bar, rates_bar):
    """Adds to rates_bar, and returns the cotangent of u."""
    prey, predators = u
    birth, hunt, feed, death = rates
    prey_slope_bar, predators_slope_bar = slope_bar
    meetings = prey * predators
    rates_bar[0] += prey_slope_bar * prey
    rates_bar[1] -= prey_slope_bar * meetings
    rates_bar[2] += predators_slope_bar * meetings
    rates_bar[3] -= predators_slope_bar * predators
    meetings_bar = feed * predators_slope_bar - hunt * prey_slope_bar
    return np.array([
        birth * prey_slope_bar + meetings_bar * predators,
        meetings_bar * prey - death * predators_slope_bar,
    ])


def rk4_value_and_grad(u0, rates, target, h, steps):
    u_saved = np.empty((steps, 2))
    second_saved = np.empty((steps, 2))
    third_saved = np.empty((steps, 2))
    fourth_saved = np.empty((steps, 2))
    u = u0
    for step in range(steps):
        k1 = lotka_volterra(u, rates)
        second = u + 0.5 * h * k1
        k2 = lotka_volterra(second, rates)
        third = u + 0.5 * h * k2
        k3 = lotka_volterra(third, rates)
        fourth = u + h * k3
        k4 = lotka_volterra(fourth, rates)
        u_saved[step] = u
        second_saved[step] = second
        third_saved[step] = third
        fourth_saved[step] = fourth
        u = u + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    misfit = u - target
    value = misfit @ misfit

    u_bar = 2.0 * misfit
    target_bar = -u_bar
    rates_bar = np.zeros_like(rates)
    for step in range(steps - 1, -1, -1):
        k4_bar = h / 6.0 * u_bar
        fourth_bar = lotka_volterra_adjoint(fourth_saved[step], rates, k4_bar, rates_bar)
        k3_bar = 2.0 * k4_bar + h * fourth_bar
        third_bar = lotka_volterra_adjoint(third_saved[step], rates, k3_bar, rates_bar)
        k2_bar = 2.0 * k4_bar + 0.5 * h * third_bar
        second_bar = lotka_volterra_adjoint(second_saved[step], rates, k2_bar, rates_bar)
        k1_bar = k4_bar + 0.5 * h * second_bar
        first_bar = lotka_volterra_adjoint(u_saved[step], rates, k1_bar, rates_bar)
        u_bar = u_bar + fourth_bar + third_bar + second_bar + first_bar
    return value, (u_bar, rates_bar, target_bar)
