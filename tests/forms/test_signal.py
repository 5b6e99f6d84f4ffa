"""What a line of data does not say of scipy.signal and scipy.fft: arrays that may be written over, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.fft
import scipy.signal

from s2sad import MissingRule, check_grads, grad

X = np.array([1.0, 2.0, 4.0, 3.0])
fft = scipy.fft.fft


@pytest.mark.parametrize("control", ["record", "keep"])
def test_a_transform_by_a_name_of_its_own(control):
    """SciPy's are no functions of Python, but objects that choose a library."""

    def power(x):
        return np.sum(np.abs(fft(x)) ** 2)

    np.testing.assert_allclose(grad(power, control=control)(X), 8.0 * X)


@pytest.mark.parametrize("name", ["fft", "rfft", "dct", "idst", "ifftn", "hfft2"])
def test_a_transform_that_may_write_over_what_it_is_given(name):
    transform = getattr(scipy.fft, name)

    def power(x, may):
        pieces = np.reshape(x * x, (2, 2)) * 1.0
        return np.sum(np.abs(transform(pieces, overwrite_x=may)) ** 2)

    np.testing.assert_array_equal(grad(power)(X, False), grad(lambda x: np.sum(np.abs(transform(np.reshape(x * x, (2, 2)))) ** 2))(X))
    with pytest.raises(MissingRule, match="overwrite_x=True gives an array away"):
        grad(power)(X, True)


def test_a_function_of_scipy_may_give_its_own_arrays_away():
    """It does not read them again."""

    def f(x):
        return np.sum(scipy.signal.resample(x, 6) ** 2)

    check_grads(f, (X,))


def test_a_window_that_scipy_makes_of_constants_may_be_written():
    def smoothed(x):
        taps = scipy.signal.firwin(4, 0.3)
        taps *= 2.0
        return np.sum(taps * x)

    np.testing.assert_array_equal(grad(smoothed)(X), 2.0 * scipy.signal.firwin(4, 0.3))


def test_filters_between_rates_have_zeros_around_the_signal():
    with pytest.raises(MissingRule, match=r"mode='constant' with cval=0; extend the signal by np\.pad"):
        grad(lambda x: np.sum(scipy.signal.upfirdn([1.0, 2.0], x, mode="reflect")))(X)
