"""Solutions of wave equations of scipy.special, and Fresnel's and Dirichlet's functions."""

import numpy as np

from tests.forms.form import form

BOTH = np.array([-1.3, 0.0, 2.2])
INSIDE = np.array([0.1, 0.5, 0.83])
BEYOND = np.array([1.2, 2.5])
DOUBLE = {"single": False, "but": "SciPy's function fails in single precision"}

FORMS = [
    form("scipy.special.pbdv(v, x)", v=np.array([[0.0], [1.5]]), x=BOTH, still=("v",)),
    form("scipy.special.pbvv(1.5, x)", x=BOTH),
    form("scipy.special.pbwa(0.5, x)", x=BOTH),
    form("scipy.special.mathieu_cem(2, 1.3, x)", x=np.array([-30.0, 10.0, 100.0]), **DOUBLE),
    form("scipy.special.mathieu_sem(2, 1.3, x)", x=np.array([-30.0, 10.0, 100.0]), **DOUBLE),
    form("scipy.special.mathieu_modcem1(2, 1.3, x)", x=INSIDE, **DOUBLE),
    form("scipy.special.mathieu_modcem2(2, 1.3, x)", x=INSIDE, **DOUBLE),
    form("scipy.special.mathieu_modsem1(2, 1.3, x)", x=INSIDE, **DOUBLE),
    form("scipy.special.mathieu_modsem2(2, 1.3, x)", x=INSIDE, **DOUBLE),
    form("scipy.special.pro_ang1(1, 2, 0.7, x)", x=INSIDE, **DOUBLE),
    form("scipy.special.pro_ang1_cv(1, 2, 0.7, 6.2090683961734605, x)", x=INSIDE, **DOUBLE),
    form("scipy.special.pro_rad1(1, 2, 0.7, x)", x=BEYOND, **DOUBLE),
    form("scipy.special.pro_rad1_cv(1, 2, 0.7, 6.2090683961734605, x)", x=BEYOND, **DOUBLE),
    form("scipy.special.obl_ang1(1, 2, 0.7, x)", x=INSIDE, **DOUBLE),
    form("scipy.special.obl_ang1_cv(1, 2, 0.7, 5.7890650026648975, x)", x=INSIDE, **DOUBLE),
    form("scipy.special.obl_rad1(1, 2, 0.7, x)", x=BEYOND, **DOUBLE),
    form("scipy.special.obl_rad1_cv(1, 2, 0.7, 5.7890650026648975, x)", x=BEYOND, **DOUBLE),
    form("scipy.special.riccati_jn(3, x)", x=0.8, **DOUBLE),
    form("scipy.special.riccati_yn(3, x)", x=0.8, **DOUBLE),
    form("scipy.special.modfresnelp(x)", x=INSIDE),
    form("scipy.special.modfresnelm(x)", x=INSIDE),
    form("scipy.special.diric(x, np.array([[1], [4], [5]]))", x=np.array([-2.0, 0.3, 7.0])),
    form("scipy.special.diric(x, 4)", x=0.8),
    form("scipy.special.diric(x, 5)", x=np.array([0.0]), edge={"x": [0.0]}),
]
