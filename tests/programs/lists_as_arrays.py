"""Lists of differentiated numbers given where NumPy takes an array."""
import numpy as np

from tests.programs import program


@program((2.0,), (0.5,))
def list_times_array(x):
    return np.sum([x, 2 * x] * np.ones(2)) + np.sum(np.array([1.0, 3.0]) * [x**2, x])


@program((2.0,), (0.5,))
def ufunc_of_a_list(x):
    return np.sum(np.sqrt([x, 1.0, x * x])) + np.max([x, 0.1]) * np.mean((x, x + 1.0))


@program((2.0, 1.0), (0.5, 3.0), argnums=(0, 1))
def matrix_of_lists(x, y):
    rows = [[x, y], [1.0, x * y]]
    return np.linalg.det(rows) + np.sum(np.dot(rows, [y, x])) + np.sum(np.exp(rows) - [[x, 0.0], [0.0, y]])
