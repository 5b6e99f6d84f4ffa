"""Functions of matrices, and matrix equations, of scipy.linalg."""

import numpy as np

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(37)
SPD = np.array([[3.0, 0.5, 0.2], [0.5, 2.0, 0.3], [0.2, 0.3, 4.0]])
HPD = np.array([[3.0, 0.5 - 1.0j], [0.5 + 1.0j, 2.0]])
STABLE = draw(2, 2) - 3.0 * np.eye(2)
REAL = "whether the function of a real matrix is real depends on the values"
SYSTEM = {"a": 0.4 * draw(2, 2), "b": np.eye(2) + 0.2 * draw(2, 2), "c": draw(2, 2), "d": draw(2, 2)}
ONE_INPUT = {"a": 0.4 * cplx(2, 2), "b": 1.0 + 0.3 * cplx(2, 1), "c": cplx(2, 2), "d": cplx(1, 1)}

FORMS = [
    form("scipy.linalg.expm(a)", a=draw(3, 3)),
    form("scipy.linalg.expm(a)", a=cplx(2, 2)),
    form("scipy.linalg.expm(a)", a=draw(2, 2, 2)),
    form("scipy.linalg.expm_frechet(a, e)", a=draw(2, 2), e=draw(2, 2), single=False, but="SciPy computes it in double precision"),
    form("scipy.linalg.expm_frechet(a, e, compute_expm=False)", a=draw(2, 2), e=draw(2, 2), single=False,
         but="SciPy computes it in double precision"),
    form("scipy.linalg.logm(a)", a=SPD, kept=False, single=False, but=f"{REAL}; SciPy warns of single precision"),
    form("scipy.linalg.logm(a)", a=HPD, single=False, but="SciPy warns of single precision"),
    form("scipy.linalg.sqrtm(a)", a=SPD, kept=False, but=REAL),
    form("scipy.linalg.sqrtm(a)", a=HPD),
    form("scipy.linalg.fractional_matrix_power(a, t)", a=SPD, t=0.7, kept=False, single=False,
         but=f"{REAL}; SciPy warns of single precision"),
    form("scipy.linalg.cosm(a)", a=draw(2, 2)),
    form("scipy.linalg.sinm(a)", a=cplx(2, 2)),
    form("scipy.linalg.coshm(a)", a=cplx(2, 2)),
    form("scipy.linalg.sinhm(a)", a=draw(2, 2)),
    form("scipy.linalg.tanhm(a)", a=draw(2, 2)),
    form("scipy.linalg.tanm(a)", a=0.3 * draw(2, 2)),
    # Equations
    form("scipy.linalg.solve_sylvester(a, b, q)", a=SPD, b=np.abs(draw(2, 2)), q=draw(3, 2)),
    form("scipy.linalg.solve_sylvester(a, b, q)", a=HPD, b=cplx(2, 2), q=cplx(2, 2)),
    form("scipy.linalg.solve_continuous_lyapunov(a, q)", a=STABLE, q=draw(2, 2)),
    form("scipy.linalg.solve_continuous_lyapunov(a, q)", a=cplx(2, 2) - 3.0 * np.eye(2), q=cplx(2, 2)),
    form("scipy.linalg.solve_lyapunov(a, q)", a=STABLE, q=draw(2, 1) @ draw(1, 2)),
    form("scipy.linalg.solve_discrete_lyapunov(a, q)", a=0.2 * draw(2, 2), q=draw(2, 2)),
    form("scipy.linalg.solve_discrete_lyapunov(a, q, method='bilinear')", a=0.2 * cplx(2, 2), q=cplx(2, 2)),
    form("scipy.linalg.solve_continuous_are(a, b, c @ c.T, d @ d.T + np.eye(2))", **SYSTEM),
    form("scipy.linalg.solve_continuous_are(a, b, c @ np.conj(c.T), np.eye(1) + np.abs(d))", **ONE_INPUT),
    form("scipy.linalg.solve_discrete_are(a, b, c @ c.T, d @ d.T + np.eye(2))", **SYSTEM),
    form("scipy.linalg.solve_discrete_are(a, b, c @ np.conj(c.T), np.eye(1) + np.abs(d))", **ONE_INPUT),
]
