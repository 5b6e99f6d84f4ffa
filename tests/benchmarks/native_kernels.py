"""Twenty array kernels of the corpus at sizes at which the function, compiled by `numba.njit` as it stands, takes 1 to 50 ms."""
from __future__ import annotations

from typing import Any

from tests import programs
from tests.programs import Program
from tests.programs.samples import invertible, positive, unit, wave

SIZES: dict[str, tuple[Any, ...]] = {
    "successive_over_relaxation": (wave(200, 200), 1.3, 10),
    "gauss_seidel_in_one_buffer": (wave(40_000), wave(2), 20),
    "jacobi_with_two_buffers": (wave(200, 200), 20),
    "heat_in_two_dimensions_with_insulated_walls": (wave(200, 200), 0.1, 20),
    "wave_equation_with_three_buffers": (wave(20_000), wave(20_000, phase=1.0), 0.3, 50),
    "advection_upwind": (wave(20_000), 0.4, 50),
    "driven_cavity_with_wall_writes": (0.3 * positive(100, 100), 0.3, 20),
    "smooth_automaton": (0.5 + 0.3 * unit(100, 100), 10),
    "leapfrog_into_a_trajectory": (wave(100), wave(100, phase=1.0), 500),
    "bodies_with_a_pair_loop": (wave(30, 3), wave(30, 3, phase=1.0), positive(30), 25),
    "bodies_by_arrays": (positive(60, 3), 0.1 * wave(60, 3, phase=1.0), positive(60), 20),
    "exponential_smoothing_in_place": (wave(300_000), 0.3),
    "prefix_sums_of_an_image": (wave(400), wave(400, phase=1.0)),
    "fourier_butterflies_in_real_arithmetic": (wave(16_384), wave(16_384, phase=1.0)),
    "shortest_paths_min_plus": (positive(150, 150),),
    "levinson_recursion": (0.001 * unit(999), wave(1000)),
    "modified_gram_schmidt_in_place": (invertible(100),),
    "adam_with_two_moments": (wave(1000), 0.01, 100),
    "binomial_option_prices_backwards": (positive(500), 0.3, 2000),
    "soft_dynamic_time_warping": (wave(150), wave(150, phase=1.0), 0.5),
}


def kernels() -> list[tuple[Program, tuple[Any, ...]]]:
    """The programs with their arguments, in the order above."""
    by_name = {program.function.__name__: program for program in programs.load()}
    return [(by_name[name], arguments) for name, arguments in SIZES.items()]
