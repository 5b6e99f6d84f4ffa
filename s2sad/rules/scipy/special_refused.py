"""Functions of scipy.special that have no derivative, or none that a formula gives."""
from __future__ import annotations

import scipy.special

from s2sad.rules.facts import Facts
from s2sad.rules.language import zero
from s2sad.rules.refusing import refuse
from s2sad.types import families

zero("scipy.special.round(x)", facts=Facts(gives=families.elementwise, native="scipy.special.cython_special.round(x)"))

_ALL = [name for name in dir(scipy.special) if not name.startswith("_")]


def _ending(*ends: str) -> list[str]:
    return [f"scipy.special.{name}" for name in _ALL if name.endswith(ends)]


def _named(*names: str) -> list[str]:
    return [f"scipy.special.{name}" for name in names]


refuse(*_ending("_zeros"), *_named("bernoulli", "euler", "factorial2", "factorialk", "stirling2"), why="it is given whole numbers")
refuse(*_ending("_roots"), *[f"scipy.special.{name}" for name in _ALL if name.startswith("roots_")],
       why="nodes and weights of a quadrature have no derivative by the parameters of the weight in closed form")  # fmt: skip
refuse(*_named("legendre", "chebyt", "chebyu", "chebyc", "chebys", "gegenbauer", "genlaguerre", "hermite", "hermitenorm", "jacobi",
               "laguerre", "sh_chebyt", "sh_chebyu", "sh_jacobi", "sh_legendre"),
       why="it makes a polynomial of constants; the polynomial that it gives may be called with what is differentiated")  # fmt: skip
refuse(*_named("errstate", "seterr", "geterr"), why="it says how errors are reported")
refuse(*_named("bdtrik", "bdtrin", "nbdtrik", "nbdtrin", "pdtrik", "chndtridf", "fdtridfd",
               "ncfdtridfd", "ncfdtridfn", "ncfdtrinc", "nctdtridf", "nctdtrinc", "stdtridf"),
       why="it finds a shape parameter, by which the distribution function has no derivative in closed form")  # fmt: skip
refuse(*_named("ncfdtr", "ncfdtri", "nctdtr", "nctdtrit"), why="its density is a series that scipy.special does not have")
refuse(*_named("smirnov", "smirnovi"), why="it is a sum of powers whose number depends on the value")
refuse(*_named("mathieu_a", "mathieu_b", "mathieu_even_coef", "mathieu_odd_coef", "obl_cv", "pro_cv", "obl_cv_seq", "pro_cv_seq"),
       why="characteristic values have no derivative by their parameter in closed form")  # fmt: skip
refuse(*_named("ellip_harm", "ellip_harm_2", "ellip_normal"), why="SciPy computes it without its derivatives")
refuse(*_named("obl_rad2", "obl_rad2_cv", "pro_rad2", "pro_rad2_cv"), why="SciPy's values of it do not go with its derivatives")
refuse(*_named("lmbda", "lqmn", "lqn", "pbdn_seq", "pbdv_seq", "pbvv_seq"),
       why="it gives many orders at once; call a function of one order for each of them")  # fmt: skip
