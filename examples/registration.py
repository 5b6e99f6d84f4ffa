"""Two pictures laid over one another: the rotation and the shift that make the one of the other, by `map_coordinates`.

    python examples/registration.py registration.png
"""
from __future__ import annotations

import numpy as np
from drawing import draw
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.optimize import OptimizeResult, minimize

from s2sad import value_and_grad

TRUE, SIZE = np.array([0.2, 3.0, -2.0]), 48
GRID = np.stack(np.meshgrid(np.arange(SIZE, dtype=float), np.arange(SIZE, dtype=float), indexing="ij"))


def scene() -> np.ndarray:
    """Some bright patches."""
    rng = np.random.default_rng(2)
    picture = np.zeros((SIZE, SIZE))
    for row, column in rng.integers(10, SIZE - 14, size=(6, 2)):
        picture[row : row + 5, column : column + 8] += rng.uniform(0.5, 1.0)
    return gaussian_filter(picture, 2.0)


def moved(picture: np.ndarray, p: np.ndarray) -> np.ndarray:
    """The picture turned by an angle around its middle, and shifted."""
    middle = (SIZE - 1) / 2.0
    rows, columns = GRID - middle
    c, s = np.cos(p[0]), np.sin(p[0])
    places = np.stack([c * rows - s * columns + middle + p[1], s * rows + c * columns + middle + p[2]])
    return map_coordinates(picture, places, order=1, mode="constant")


@value_and_grad
def loss(p: np.ndarray, picture: np.ndarray, target: np.ndarray) -> float:
    return np.mean((moved(picture, p) - target) ** 2)


def pictures() -> tuple[np.ndarray, np.ndarray]:
    """One, and the other with noise."""
    return scene(), moved(scene(), TRUE) + 0.01 * np.random.default_rng(4).normal(size=(SIZE, SIZE))


def fitted() -> OptimizeResult:
    """Of smoothed pictures first, which overlap, and then of these."""
    one, other = pictures()
    near = minimize(loss, np.zeros(3), args=(gaussian_filter(one, 3.0), gaussian_filter(other, 3.0)), jac=True, method="BFGS")
    return minimize(loss, near.x, args=(one, other), jac=True, method="BFGS")


def main() -> None:
    found, (one, other) = fitted(), pictures()
    for name, true, value in zip(("angle", "down", "right"), TRUE, found.x, strict=True):
        print(f"{name:5} {value:6.3f}, true {true:4.1f}")

    def put(first, second, third):
        for axes, picture, title in ((first, one, "one"), (second, other, "the other"), (third, moved(one, found.x) - other, "difference")):
            axes.imshow(picture, cmap="gray", vmin=-0.2, vmax=0.8)
            axes.set(title=title, xticks=[], yticks=[])

    draw(put, panels=3)


if __name__ == "__main__":
    main()
