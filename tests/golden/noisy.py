def noisy_value_and_grad(x, draw, perform, read):
    if not type(draw) is method:
        raise OtherPath
    t1 = read(getattr, draw, '__self__')
    if not type(t1) is Generator:
        raise OtherPath
    t2 = read(getattr, draw, '__name__')
    if not type(t2) is str or not t2 == 'normal':
        raise OtherPath
    # test_golden.py:65  noise = draw()
    t3 = read(getattr, t1, 'normal')
    noise = perform(t3)
    if not type(noise) is float:
        raise OtherPath
    # test_golden.py:66  return x * noise
    return x * noise, noise
