"""Sample calls for products of arrays and for linear algebra."""
from __future__ import annotations

from typing import Any

import numpy as np

from tests.rule_samples_arrays import Call, drawing

draw, cplx = drawing(13)

SINGULAR = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.5, -1.0, 0.3]])
RANK_ONE = np.outer([1.0, -2.0, 0.5], [2.0, 1.0, 3.0])
s, i, k, n = slice(None), 0, 1, 2


def regular(*shape: int) -> Any:
    """A well conditioned matrix, or a stack of them."""
    return draw(*shape) + 3.0 * np.eye(shape[-1])


def positive(*shape: int) -> Any:
    """A symmetric positive definite matrix, or a stack of them."""
    root = draw(*shape)
    return root @ np.swapaxes(root, -1, -2) + np.eye(shape[-1])


def hermitian(size: int) -> Any:
    root = cplx(size, size)
    return root @ root.conj().T + np.eye(size)


def _pairs(*shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> list[Call]:
    return [Call(draw(*a), draw(*b)) for a, b in shapes]


PRODUCTS = {
    "np.dot": [*_pairs(((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((2, 3, 4), (4,)),
                       ((2, 3, 4), (4, 5)), ((4,), (2, 4, 3)), ((2, 4), (3, 4, 2)), ((2, 3, 4), (2, 4, 3)),
                       ((), (2, 3)), ((2,), ()), ((), ()), ((0,), (0,)), ((2, 0), (0, 3))),
               Call([1.0, 2.0], draw(2)), Call(draw(2, 2), [1.0, 2.0]),
               Call(cplx(2), cplx(2)), Call(2.0, draw(3))],
    "np.inner": _pairs(((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 3), (4, 3)), ((2, 2, 3), (4, 3)),
                       ((), (2, 3)), ((2, 3), ())),
    "np.vdot": [*_pairs(((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (6,)), ((), ())), Call(cplx(3), cplx(3)),
                Call(cplx(2), draw(2)),
                Call(draw(2), cplx(2))],
    "np.outer": [*_pairs(((3,), (2,)), ((2, 2), (3,)), ((3,), (2, 2)), ((), (2,))), Call(1.5, 2.5),
                 Call([1.0, 2.0], draw(2))],
    "np.linalg.outer": _pairs(((3,), (2,))),
    "np.linalg.matmul": _pairs(((2, 3), (3, 2)), ((4, 2, 3), (3, 2))),
    "np.tensordot": [Call(draw(2, 3, 4), draw(3, 4, 5)), Call(draw(2, 3), draw(3, 2), 1),
                     Call(draw(2, 3), draw(2), 0),
                     Call(draw(2, 3, 4), draw(4, 3, 2), ([0, 1], [2, 1])),
                     Call(draw(2, 3, 4), draw(4, 3, 2), ([1, 0], [1, 2])),
                     Call(draw(2, 3, 4), draw(5, 4), axes=(2, 1)), Call(draw(2, 3), draw(3, 2), ((0, 1), (1, 0))),
                     Call(draw(2, 3, 4), draw(3, 5), (-2, 0)), Call(draw(2, 3), draw(2, 3)), Call(2.0, draw(3), 0),
                     Call(draw(3, 2, 4, 5), draw(5, 6, 2), ([3, 1], [0, 2]))],
    "np.einsum": [
        Call("ij,jk->ik", draw(2, 3), draw(3, 4)), Call("ij,jk", draw(2, 3), draw(3, 4)),
        Call("i,i", draw(3), draw(3)),
        Call("ii", draw(3, 3)), Call("ii->i", draw(3, 3)), Call("ij->ji", draw(2, 3)), Call("ba", draw(2, 3)),
        Call("ij->", draw(2, 3)),
        Call("ij->i", draw(2, 3)), Call("i,j->ij", draw(2), draw(3)), Call("iij->j", draw(3, 3, 2)),
        Call("iii->i", draw(3, 3, 3)),
        Call("...ij,...jk->...ik", draw(4, 2, 3), draw(4, 3, 2)), Call("...ij,...jk", draw(4, 2, 3), draw(3, 2)),
        Call("...i->...", draw(2, 3)), Call("i...->...", draw(3, 2, 2)), Call("...,...", draw(2, 3), draw(3)),
        Call("i...,i", draw(2, 3), draw(2)), Call("bi,ij,bj->b", draw(4, 2), draw(2, 3), draw(4, 3), optimize=True),
        Call("bi,ij,bj->b", draw(4, 2), draw(2, 3), draw(4, 3)), Call("ij,ij->ij", draw(1, 3), draw(2, 3)),
        Call(",", 2.0, draw()),
        Call("ij,kl->", draw(2, 2), draw(3, 2)),
        Call("ij,jk,kl->il", draw(2, 3), draw(3, 2), draw(2, 2), optimize="greedy"),
        Call(draw(2, 3), [i, k], draw(3, 4), [k, n], [i, n]), Call(draw(3, 3), [i, i]), Call(draw(2, 3), [k, i]),
        Call(draw(4, 2, 3), [Ellipsis, 0, 1], draw(3), [1], [Ellipsis, 0]), Call(draw(3, 3), [5, 5], [5]),
        Call("i j -> j", draw(2, 3)),
        Call("ij,jk->ik", cplx(2, 2), cplx(2, 2)), Call("i,i,i->i", draw(3), draw(3), draw(3)),
        Call("ij,j", draw(2, 1), draw(3)),
        Call("ij,jk->ik", draw(0, 3), draw(3, 2)),
    ],
    "np.kron": _pairs(((2,), (3,)), ((2, 2), (3, 2)), ((2,), (2, 3)), ((2, 1, 2), (2, 2)), ((), (2,)), ((2, 3), ())),
    "np.cross": [*_pairs(((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (4, 2, 3)), ((2, 1, 3), (4, 3))),
                 Call(draw(3, 2), draw(3, 2), axis=0), Call(draw(3, 2), draw(2, 3), axisa=0, axisc=0),
                 Call([1.0, 2.0, 3.0], draw(3)),
                 Call(draw(3, 2), draw(4, 2, 3), 0, -1, 1)],
    "np.linalg.cross": [Call(draw(2, 3), draw(2, 3)), Call(draw(3, 2), draw(3, 2), axis=0)],
}  # fmt: skip

STACK = [Call(regular(3, 3)), Call(regular(2, 3, 3)), Call(regular(1, 1)), Call(regular(2, 2, 2, 2)),
         Call(cplx(2, 2) + 2 * np.eye(2))]
VECTOR = [Call(draw(4), p) for p in (None, 1, 2, 3, 1.5, 0.5, -1, np.inf, -np.inf, 0)]
ALONG = [Call(draw(2, 3, 2), p, axis=a, keepdims=d) for p in (None, 1, 3, np.inf)
         for a, d in ((0, False), (-1, True), ((1,), False))]  # fmt: skip
MATRIX = [Call(draw(3, 2), p) for p in (None, "fro", "nuc", 2, -2, 1, -1, np.inf, -np.inf)]
MATRICES = [Call(draw(2, 3, 2), p, axis=a, keepdims=d) for p in ("fro", "nuc", 2, 1, -np.inf)
            for a, d in (((0, 1), False), ((2, 0), True), ((-1, -2), False))]  # fmt: skip

LINALG = {
    "np.linalg.inv": STACK,
    "np.linalg.det": [*STACK, Call(SINGULAR), Call(RANK_ONE), Call(np.zeros((3, 3))), Call(np.zeros((2, 2))),
                      Call(np.zeros((1, 1))),
                      Call(draw(0, 0)), Call(np.stack([SINGULAR, RANK_ONE, regular(3, 3)]))],
    "cofactors": [Call(regular(3, 3)), Call(SINGULAR), Call(RANK_ONE), Call(np.zeros((2, 2))), Call(np.zeros((3, 3))),
                  Call(regular(2, 3, 3)), Call(regular(1, 1)), Call(cplx(3, 3)), Call(RANK_ONE, draw(3, 3)),
                  Call(draw(4, 4), draw(4, 4)),
                  Call(np.zeros((3, 3)), draw(3, 3)), Call(draw(2, 3, 3), draw(2, 3, 3)),
                  Call(draw(2, 2), draw(2, 2), draw(2, 2)),
                  Call(draw(4, 4), draw(4, 4), draw(4, 4)), Call(draw(4, 4), draw(4, 4), draw(4, 4), draw(4, 4))],
    "np.linalg.slogdet": [*STACK, Call(-regular(3, 3))],
    "np.linalg.solve": [Call(regular(3, 3), draw(3)), Call(regular(3, 3), draw(3, 2)),
                        Call(regular(2, 3, 3), draw(2, 3, 2)),
                        Call(regular(2, 3, 3), draw(3)), Call(regular(3, 3), draw(2, 3, 2)),
                        Call(regular(2, 3, 3), draw(3, 2)),
                        Call(regular(2, 1, 2, 2), draw(3, 2, 2)), Call(cplx(2, 2) + 2 * np.eye(2), cplx(2)),
                        Call(regular(1, 1), draw(1))],
    "np.linalg.norm": [*VECTOR, *ALONG, *MATRIX, *MATRICES, Call(draw(2, 3, 2)), Call(draw(2, 3), keepdims=True),
                       Call(draw(2, 3), "nuc", keepdims=True), Call(cplx(3)), Call(cplx(2, 2), "nuc"),
                       Call(cplx(3), 1),
                       Call(cplx(2, 2), 2), Call(cplx(2, 2), np.inf), Call([3.0, 4.0]), Call(2.5), Call(cplx(3), 3)],
    "np.linalg.cholesky": [Call(positive(3, 3)), Call(positive(2, 3, 3)), Call(positive(3, 3), upper=True),
                           Call(positive(1, 1)),
                           Call(hermitian(3)), Call(hermitian(2), upper=True)],
    "np.linalg.matrix_power": [Call(regular(3, 3), p) for p in (0, 1, 2, 3, 5, 6, -1, -2, -3)]
                              + [Call(regular(2, 2, 2), 3)],
    "np.linalg.multi_dot": [Call([draw(2, 3), draw(3, 4), draw(4, 2)]), Call([draw(3), draw(3, 2), draw(2)]),
                            Call([draw(2, 3), draw(3)]),
                            Call([draw(3), draw(3, 2)]), Call([draw(3), draw(3)]),
                            Call([draw(2, 2)] + [draw(2, 2) for _ in range(4)])],
    "np.linalg.pinv": [Call(draw(3, 2)), Call(draw(2, 3)), Call(regular(2, 2)), Call(draw(2, 4, 3)),
                       Call(draw(3, 2), rcond=1e-12)],
    "np.linalg.eigh": [Call(positive(3, 3)), Call(draw(3, 3)), Call(draw(3, 3), UPLO="U"), Call(draw(2, 3, 3))],
    "np.linalg.eigvalsh": [Call(positive(3, 3)), Call(draw(3, 3), UPLO="U"), Call(draw(2, 3, 3))],
    "np.linalg.svd": [Call(draw(3, 3)), Call(draw(4, 2), full_matrices=False), Call(draw(2, 4), full_matrices=False),
                      Call(draw(2, 3, 2), full_matrices=False), Call(draw(3, 2), compute_uv=False),
                      Call(cplx(2, 3), compute_uv=False)],
    "np.linalg.qr": [Call(draw(3, 3)), Call(draw(4, 2)), Call(draw(4, 2), mode="r"), Call(draw(2, 4, 3)),
                     Call(draw(3, 3), "complete")],
    "np.linalg.trace": [Call(draw(3, 3)), Call(draw(2, 3, 4)), Call(draw(2, 3, 4), offset=1)],
    "np.linalg.diagonal": [Call(draw(3, 3)), Call(draw(2, 3, 4), offset=-1)],
    "np.linalg.matrix_transpose": [Call(draw(2, 3)), Call(draw(2, 3, 4))],
}  # fmt: skip
