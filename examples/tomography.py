"""A picture from how much of each ray comes through it: the rays are the rows of a sparse matrix, and edges are cheap.

    python examples/tomography.py tomography.png
"""
from __future__ import annotations

import functools

import numpy as np
from drawing import draw
from scipy.optimize import OptimizeResult, minimize
from scipy.sparse import csr_array

from s2sad import value_and_grad

SIZE, ANGLES, PRICE = 32, 24, 0.02


def picture() -> np.ndarray:
    """A disc with a hole and a bar."""
    y, x = np.mgrid[-1.0 : 1.0 : SIZE * 1j, -1.0 : 1.0 : SIZE * 1j]
    disc = np.where(x**2 + y**2 < 0.7, 1.0, 0.0) - np.where((x - 0.3) ** 2 + (y - 0.2) ** 2 < 0.06, 0.7, 0.0)
    return disc + np.where((np.abs(x + 0.2) < 0.12) & (np.abs(y) < 0.5), 0.8, 0.0)


@functools.cache
def rays() -> csr_array:
    """For each angle and each distance from the middle, how much of a ray lies in each pixel: by steps along it."""
    angle, distance, along = np.meshgrid(np.pi * np.arange(ANGLES) / ANGLES, np.linspace(-1.0, 1.0, SIZE), np.linspace(-1.4, 1.4, 6 * SIZE),
                                         indexing="ij")  # fmt: skip
    x = distance * np.cos(angle) - along * np.sin(angle)
    y = distance * np.sin(angle) + along * np.cos(angle)
    rows, columns = (np.rint((each + 1.0) / 2.0 * (SIZE - 1)).astype(int) for each in (y, x))
    inside = (rows >= 0) & (rows < SIZE) & (columns >= 0) & (columns < SIZE)
    ray = np.broadcast_to(np.arange(ANGLES * SIZE).reshape(ANGLES, SIZE, 1), rows.shape)
    places = ray[inside], (rows * SIZE + columns)[inside]
    return csr_array((np.full(len(places[0]), 2.8 / (6 * SIZE)), places), shape=(ANGLES * SIZE, SIZE * SIZE))


def measured() -> np.ndarray:
    through = rays() @ picture().ravel()
    return through + 0.02 * np.random.default_rng(14).normal(size=through.shape)


@value_and_grad
def loss(pixels: np.ndarray, matrix: csr_array, seen: np.ndarray) -> float:
    image = pixels.reshape(SIZE, SIZE)
    down, right = image[1:, :-1] - image[:-1, :-1], image[:-1, 1:] - image[:-1, :-1]
    return np.sum((matrix @ pixels - seen) ** 2) + PRICE * np.sum(np.sqrt(down**2 + right**2 + 1e-3))


def fitted() -> OptimizeResult:
    start, bounds = np.zeros(SIZE * SIZE), [(0.0, None)] * (SIZE * SIZE)
    return minimize(loss, start, args=(rays(), measured()), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 200})


def main() -> None:
    found = fitted()
    plain = np.reshape(rays().T @ measured(), (SIZE, SIZE))
    image = found.x.reshape(SIZE, SIZE)
    print(f"{rays().shape[0]} rays through {SIZE * SIZE} pixels, {rays().nnz} entries")
    print(f"off by {np.sqrt(np.mean((image - picture()) ** 2)):.3f} after {found.nfev} gradients")

    def put(first, second, third):
        for axes, each, title in ((first, picture(), "true"), (second, plain, "added back"), (third, image, "fitted")):
            axes.imshow(each, cmap="gray")
            axes.set(title=title, xticks=[], yticks=[])

    draw(put, panels=3)


if __name__ == "__main__":
    main()
