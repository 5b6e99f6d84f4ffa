"""Two decaying oscillations whose frequencies, decays and heights are read off the spectrum of a noisy recording.

    python examples/spectrum.py spectrum.png
"""
from __future__ import annotations

import numpy as np
from drawing import draw
from scipy.optimize import OptimizeResult, minimize

from s2sad import value_and_grad

RATE, STEPS, NOISE = 100.0, 512, 0.05
TIMES = np.arange(STEPS) / RATE
TRUE = np.array([6.0, 1.2, 1.0, 11.0, 2.0, 0.6])
START = np.array([5.5, 1.0, 0.5, 11.6, 1.0, 0.5])


def signal(p: np.ndarray) -> np.ndarray:
    """Of frequency, decay and height of each."""
    return sum(height * np.exp(-decay * TIMES) * np.sin(2.0 * np.pi * frequency * TIMES) for frequency, decay, height in p.reshape(-1, 3))


def power(y: np.ndarray) -> np.ndarray:
    return np.abs(np.fft.rfft(y)) ** 2 / len(y)


def recorded() -> np.ndarray:
    return signal(TRUE) + NOISE * np.random.default_rng(6).normal(size=STEPS)


@value_and_grad
def loss(p: np.ndarray, measured: np.ndarray) -> float:
    """How far the logarithms are apart: each part of the spectrum is exponentially distributed around what is expected, after Whittle."""
    expected = power(signal(p)) + NOISE**2
    return np.mean(np.log(expected) + measured / expected)


def fitted() -> OptimizeResult:
    return minimize(loss, START, args=(power(recorded()),), jac=True, method="BFGS")


def main() -> None:
    found = fitted()
    for k in (0, 3):
        print("frequency {:.3f}, decay {:.3f}, height {:.3f}".format(*found.x[k : k + 3]))

    def put(axes):
        frequencies = np.fft.rfftfreq(STEPS, 1.0 / RATE)
        axes.semilogy(frequencies, power(recorded()), ".", color="0.6", markersize=4)
        axes.semilogy(frequencies, power(signal(START)) + NOISE**2, ":", label="start")
        axes.semilogy(frequencies, power(signal(found.x)) + NOISE**2, label="fit")
        axes.set(xlabel="frequency", ylabel="power", xlim=(0.0, 25.0))
        axes.legend(frameon=False)

    draw(put)


if __name__ == "__main__":
    main()
