def kept_pendulum_value_and_grad(angle, speed, dt, n):
    result, angle_bar, speed_bar, dt_bar = kept_pendulum_value_and_grad_native(angle, speed, dt, n)
    return result, angle_bar, speed_bar, dt_bar


import math

import numpy as np


def kept_pendulum_value_and_grad_native(angle, speed, dt, n):
    angle_1 = angle
    speed_1 = speed
    count = max(n, 0)
    angle_saved = np.empty(count)
    speed_saved = np.empty(count)
    for step in range(n):
        # golden_kept.py:31  angle, speed = angle + dt * speed, speed - dt * math.sin(angle)
        sin_angle = math.sin(angle_1)
        angle_saved[step] = angle_1
        speed_saved[step] = speed_1
        angle_1, speed_1 = angle_1 + dt * speed_1, speed_1 - dt * sin_angle
    # adjoint of golden_kept.py:32
    angle_bar = 2 * angle_1
    angle_bar_1 = angle_bar
    speed_bar = 1.0
    dt_bar = 0.0
    for step_1 in range(n - 1, -1, -1):
        angle_2 = angle_saved[step_1]
        speed_2 = speed_saved[step_1]
        # golden_kept.py:31  angle, speed = angle + dt * speed, speed - dt * math.sin(angle)
        sin_angle_1 = math.sin(angle_2)
        # adjoint of golden_kept.py:31
        cos_angle = math.cos(angle_2)
        angle_bar_1, speed_bar, dt_bar = angle_bar_1 - cos_angle * (dt * speed_bar), speed_bar + angle_bar_1 * dt, dt_bar - sin_angle_1 * speed_bar + angle_bar_1 * speed_2
    return angle_1 * angle_1 + speed_1, angle_bar_1, speed_bar, dt_bar
