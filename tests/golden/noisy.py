def noisy_value_and_grad(x, draw, perform, read):
    if not type(draw) is method:
        raise OtherPath
    draw___self__ = read(getattr, draw, '__self__')
    if not type(draw___self__) is Generator:
        raise OtherPath
    draw___name__ = read(getattr, draw, '__name__')
    if not type(draw___name__) is str or not draw___name__ == 'normal':
        raise OtherPath
    # test_golden.py:65  noise = draw()
    normal = read(getattr, draw___self__, 'normal')
    noise = perform(normal)
    if not type(noise) is float:
        raise OtherPath
    # test_golden.py:66  return x * noise
    return x * noise, noise
