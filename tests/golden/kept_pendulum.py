def kept_pendulum_value_and_grad(angle, speed, dt, n):
    angle_saved, speed_saved = [0.0] * n, [0.0] * n
    for i in range(n):
        angle_saved[i], speed_saved[i] = angle, speed
        # golden_kept.py:31  angle, speed = angle + dt * speed, speed - dt * math.sin(angle)
        angle_1 = angle + dt * speed
        speed -= dt * math.sin(angle)
        angle = angle_1
    # golden_kept.py:32  return angle * angle + speed
    value = angle * angle + speed
    angle_bar = 2 * angle
    speed_bar = 1.0
    dt_bar = 0.0
    for angle, speed in zip(angle_saved[::-1], speed_saved[::-1]):
        # adjoint of golden_kept.py:31
        dt_bar = dt_bar - math.sin(angle) * speed_bar + angle_bar * speed
        angle_bar_1 = angle_bar - math.cos(angle) * (dt * speed_bar)
        speed_bar += angle_bar * dt
        angle_bar = angle_bar_1
    return value, angle_bar, speed_bar, dt_bar
