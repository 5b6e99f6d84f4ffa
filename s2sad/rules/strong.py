"""What takes the place of a product of a cotangent and a partial derivative where 0 times anything is to be 0."""
from __future__ import annotations

from s2sad.rules import linalg, operators, products, reductions, shapes, ufuncs
from s2sad.rules.language import BY_NAME, product
from s2sad.runtime import strong as strong
from s2sad.types.products import cross_of_three_along

for _name in ("*", "np.multiply"):
    product(_name, strong.strong_product)
for _name in ("/", "np.divide", "ratio"):
    product(_name, strong.strong_quotient, factor=0)
for _name in ("@", "np.matmul", "np.linalg.matmul"):
    product(_name, strong.strong_matmul)
product("ratio_or_zero", strong.strong_ratio_or_zero, factor=0)
product("exclusive_scan", strong.strong_scan, factor=1)
product("np.cross", strong.strong_cross, gives=cross_of_three_along)
product("np.dot", strong.strong_dot)
product("np.outer", strong.strong_outer)
product("np.convolve", strong.strong_convolve)
product("np.tensordot", strong.strong_tensordot)
product("np.einsum", strong.strong_einsum)
product("np.linalg.solve", strong.strong_solve, factor=1)
if "np.matvec" in BY_NAME:
    product("np.matvec", strong.strong_matvec)
