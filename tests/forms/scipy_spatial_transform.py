"""Rotations of scipy.spatial.transform: one and many, made of each thing and giving each, where they are none at all, too."""

import numpy as np
from scipy.spatial.transform import RigidTransform, Rotation, Slerp

from tests.forms.form import form
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(77)
ROTATION = "scipy.spatial.transform.Rotation"
ONE, MANY = Rotation.from_rotvec([0.3, -0.5, 0.4]), Rotation.from_rotvec([[0.3, -0.5, 0.4], [1.0, 0.2, -2.0], [-0.1, 0.0, 0.3]])
FAR = Rotation.from_rotvec([1.5, -2.5, 0.7])
Q, V, X = draw(4), draw(3), draw(3, 3)


def made(call, **at):
    """A rotation, by a number of each kind that it gives."""
    return form(f"{ROTATION}.{call}.as_quat()", **at)


def turned(call, **at):
    """What a rotation gives that is made of a quaternion."""
    return form(f"{ROTATION}.from_quat(q){call}", **at)


MADE = [
    made("from_quat(q)", q=Q),
    made("from_quat(q, scalar_first=True)", q=draw(3, 4)),
    made("from_quat(q)", q=draw(2, 2, 4)),
    form(f"{ROTATION}(q, normalize=False, scalar_first=True).as_matrix()", q=draw(2, 4)),
    form(f"{ROTATION}(q).as_matrix()", q=Q),
    made("from_rotvec(v)", v=V),
    made("from_rotvec(v)", v=3.0 * X),
    made("from_rotvec(v)", v=np.zeros(3)),
    made("from_rotvec(v)", v=np.full((2, 3), 1e-5)),
    made("from_rotvec([0.0, 0.0, t])", t=0.3),
    made("from_rotvec(v, degrees=True)", v=40.0 * V),
    made("from_rotvec(v)", v=draw(2, 1, 3)),
    made("from_euler('xyz', v)", v=V),
    made("from_euler('ZYX', v, degrees=True)", v=20.0 * X),
    made("from_euler('xzx', v)", v=draw(2, 1, 3)),
    made("from_euler('Y', t)", t=0.4),
    made("from_euler('yz', v)", v=draw(2)),
    made("from_euler('z', v)", v=draw(3, 1)),
    made("from_euler('XY', [a, b])", a=0.3, b=-0.7),
    made("from_mrp(v)", v=0.3 * V),
    made("from_mrp(v)", v=X),
    made("from_matrix(m)", m=ONE.as_matrix()),
    made("from_matrix(m)", m=FAR.as_matrix()),
    made("from_matrix(m)", m=MANY.as_matrix() + 0.1 * draw(3, 3, 3)),
    made("from_matrix(m, assume_valid=True)", m=ONE.as_matrix()),
    made("from_matrix(m, assume_valid=True)", m=FAR.as_matrix()),
    made("from_matrix(m, assume_valid=True)", m=MANY.as_matrix() + 0.1 * draw(3, 3, 3)),
    form(f"{ROTATION}.from_matrix([[np.cos(t), -np.sin(t), 0.0], [np.sin(t), np.cos(t), 0.0], [0.0, 0.0, 1.0]]).as_rotvec()", t=0.8),
    made("from_davenport([0.0, 0.0, 2.0], 'e', t)", t=0.4),
    made("from_davenport(axes, 'extrinsic', v)", axes=2.0 * np.eye(3), v=V, still=("axes",)),
    made("from_davenport(axes, 'i', v, degrees=True)", axes=ONE.as_matrix(), v=20.0 * X, still=("axes",)),
    made("from_davenport(n, 'i', v)", n=draw(3), v=0.4),
    made("concatenate([scipy.spatial.transform.Rotation.from_rotvec(v), r])", v=V, r=MANY),
    made("concatenate(scipy.spatial.transform.Rotation.from_rotvec(v))", v=X),
]

GIVEN = [
    turned(".as_quat(canonical=True)", q=-np.abs(draw(2, 4))),
    turned(".as_quat(scalar_first=True)", q=Q),
    turned(".as_matrix()", q=Q),
    turned(".as_matrix()", q=draw(2, 2, 4)),
    turned(".as_rotvec()", q=Q),
    turned(".as_rotvec(degrees=True)", q=draw(3, 4)),
    turned(".as_rotvec()", q=np.array([0.0, 0.0, 0.0, -2.0])),
    turned(".as_rotvec()", q=np.array([1e-5, -2e-5, 0.0, 1.0])),
    turned(".as_rotvec()", q=np.array([1.0, 0.0, 0.5, 0.01])),
    turned(".as_rotvec()", q=np.array([0.0, 0.0, 1.0, 0.0]), edge={"q": np.array([np.pi, np.pi, 0.0, -2.0])}),
    *[turned(f".as_euler({s!r})", q=Q) for s in ("xyz", "zxy", "xyx", "ZYX", "XYZ", "YZY")],
    turned(".as_euler('yxz', degrees=True)", q=draw(3, 4)),
    turned(".as_euler('ZXZ', degrees=True)", q=draw(2, 1, 4)),
    form(f"{ROTATION}.from_euler('ZYX', v).as_euler('ZYX')", v=np.array([0.3, np.pi / 2 - 1e-3, 0.2])),
    turned(".as_euler('xyx', suppress_warnings=True)", q=np.array([1.0, 0.0, 0.0, 2.0]), edge={"q": np.array([0.8, 0.0, 0.0, -0.4])}),
    turned(".as_davenport(np.eye(3)[:3], 'e')", q=Q),
    turned(".as_davenport(m, 'intrinsic', degrees=True)", q=draw(3, 4), m=ONE.as_matrix(), still=("m",)),
    turned(".as_davenport(np.eye(3)[[0, 2, 1]], 'i')", q=Q),
    turned(".as_mrp()", q=Q),
    turned(".as_mrp()", q=draw(3, 4)),
    turned(".magnitude()", q=Q),
    turned(".magnitude()", q=draw(3, 4)),
    turned(".magnitude()", q=np.array([0.0, 0.0, 0.0, 2.0]), edge={"q": np.zeros(4)}),
    turned(".magnitude()", q=np.array([0.0, 0.0, 1.0, 0.0]), edge={"q": np.zeros(4)}),
    form(f"{ROTATION}.from_rotvec(v).magnitude()", v=V),
    form(f"v * {ROTATION}.from_rotvec(v).approx_equal(r, atol=0.3)", v=V, r=ONE),
]

APPLIED = [
    form(f"{ROTATION}.from_rotvec(v).apply(x)", v=V, x=draw(3)),
    form(f"{ROTATION}.from_rotvec(v).apply(x)", v=V, x=draw(2, 3)),
    form(f"{ROTATION}.from_rotvec(v).apply(x)", v=draw(2, 3), x=draw(3)),
    form(f"{ROTATION}.from_rotvec(v).apply(x, inverse=True)", v=draw(2, 3), x=draw(2, 3)),
    form(f"{ROTATION}.from_matrix(m).apply(x)", m=ONE.as_matrix(), x=draw(3)),
    form(f"{ROTATION}.from_matrix(m).apply(x, inverse=True)", m=MANY.as_matrix(), x=draw(3, 3)),
    form(f"{ROTATION}.from_euler('ZYX', v).apply([1.0, t, 0.0])", v=V, t=0.5),
    form(f"{ROTATION}.from_rotvec(v).apply(x)", v=draw(2, 1, 3), x=draw(2, 3)),
    form("r.apply(x)", r=ONE, x=draw(3)),
    form("r.apply(x, inverse=True)", r=ONE, x=draw(2, 3)),
    form("r.inv().apply(x)", r=MANY, x=draw(3, 3)),
    form("r[1].apply(x)", r=MANY, x=draw(3)),
    form("[one.apply(x) for one in r]", r=MANY, x=draw(3)),
]

COMPOSED = [
    form(f"({ROTATION}.from_rotvec(v) * {ROTATION}.from_quat(q)).as_quat()", v=V, q=Q),
    form(f"({ROTATION}.from_rotvec(v) * {ROTATION}.from_quat(q)).as_matrix()", v=V, q=draw(2, 4)),
    form(f"({ROTATION}.from_rotvec(v) * {ROTATION}.from_quat(q)).as_rotvec()", v=X, q=Q),
    form(f"(r * {ROTATION}.from_rotvec(v)).as_quat()", r=MANY, v=X),
    form(f"({ROTATION}.from_rotvec(v) * r).as_quat()", r=ONE, v=draw(2, 1, 3)),
    form(f"({ROTATION}.from_rotvec(v).inv() * r).magnitude()", r=ONE, v=V),
    turned(".inv().as_rotvec()", q=Q),
    *[form(f"({ROTATION}.from_quat(q) ** {n}).as_quat()", q=Q) for n in ("0.3", "-2", "1", "-1", "0")],
    form(f"({ROTATION}.from_quat(q) ** n).as_matrix()", q=draw(2, 4), n=1.7),
    *[form(f"({ROTATION}.from_quat(q) ** n).as_matrix()", q=Q, n=n) for n in (0.0, 1.0, -1.0)],
    form("(r ** n).as_rotvec()", r=MANY, n=0.4),
    turned("[1].as_matrix()", q=draw(3, 4)),
    turned("[np.array([0, 2, 0])].as_quat()", q=draw(3, 4)),
    turned("[np.array([True, False, True])].as_quat()", q=draw(3, 4)),
    turned("[:2].as_quat()", q=draw(3, 4)),
    form(f"[one.as_rotvec() for one in {ROTATION}.from_quat(q)]", q=draw(2, 4)),
    form(f"len({ROTATION}.from_rotvec(v)) * v", v=X),
]

FITTED = [
    form(f"{ROTATION}.from_rotvec(v).mean().as_matrix()", v=0.3 * X),
    form(f"{ROTATION}.from_rotvec(v).mean(w).as_matrix()", v=0.3 * X, w=np.array([0.5, 1.0, 2.0])),
    form(f"{ROTATION}.from_rotvec(v).reduce(g).as_matrix()", v=3.0 * X, g=Rotation.create_group("O")),
    form(f"{ROTATION}.from_rotvec(v).reduce(g, g, True)[0].as_matrix()", v=V, g=Rotation.create_group("C4")),
    form(f"{ROTATION}.align_vectors(a, b)[0].as_matrix()", a=draw(4, 3), b=draw(4, 3)),
    form(f"{ROTATION}.align_vectors(a, b, w)[0].apply(b)", a=X, b=draw(3, 3), w=np.array([0.5, 1.0, 2.0])),
    form(f"{ROTATION}.align_vectors(a, b, weights=w)[1]", a=draw(2, 3), b=draw(2, 3), w=np.array([0.5, 1.5])),
]

BETWEEN = [
    form("scipy.spatial.transform.Slerp(times, r)(t).as_matrix()", times=np.array([0.0, 1.0, 3.0]), r=MANY, t=np.array([0.3, 1.2, 2.9])),
    form(f"scipy.spatial.transform.Slerp([0.0, 1.0, 3.0], {ROTATION}.from_rotvec(v))(t).as_rotvec()", v=X, t=0.4),
    form("slerp(t).as_quat()", slerp=Slerp([0.0, 1.0, 3.0], MANY), t=np.array([0.5, 2.5])),
]

RIGID = "scipy.spatial.transform.RigidTransform"
MOVED = RigidTransform.from_components(draw(3, 3), MANY)
W = np.concatenate([X, draw(3, 3)], axis=1)

TOGETHER = [
    form(f"{RIGID}.from_components(t, {ROTATION}.from_rotvec(v)).as_matrix()", t=draw(3), v=V),
    form(f"{RIGID}.from_components(t, {ROTATION}.from_rotvec(v)).apply(x)", t=draw(3), v=X, x=draw(3, 3)),
    form(f"{RIGID}.from_components(t, {ROTATION}.from_rotvec(v)).apply(x, inverse=True)", t=draw(3), v=V, x=draw(2, 3)),
    form(f"{RIGID}.from_rotation({ROTATION}.from_matrix(m)).as_matrix()", m=ONE.as_matrix()),
    form(f"{RIGID}(np.vstack([m, [[0.0, 0.0, 0.0, 1.0]]])).as_matrix()", m=MOVED.as_matrix()[0, :3] + 0.1 * draw(3, 4)),
    form(f"{RIGID}.from_translation(t).as_exp_coords()", t=draw(2, 3)),
    *[form(f"{RIGID}.from_exp_coords(w).as_matrix()", w=w) for w in (W, W[0], 1e-3 * W[1])],
    form(f"{RIGID}.from_exp_coords(w).as_exp_coords()", w=W),
    form(f"{RIGID}.from_exp_coords(w).as_dual_quat()", w=W),
    form(f"{RIGID}.from_exp_coords(w).inv().as_components()[0]", w=W),
    form(f"{RIGID}.from_exp_coords(w).inv().rotation.as_rotvec()", w=W[0]),
    form(f"{RIGID}.from_exp_coords(w).translation", w=W[0]),
    form(f"{RIGID}.from_dual_quat(d).as_matrix()", d=draw(2, 8)),
    form(f"{RIGID}.from_dual_quat(d, scalar_first=True).as_dual_quat(scalar_first=True)", d=draw(8)),
    form(f"(r * {RIGID}.from_exp_coords(w)).as_matrix()", r=MOVED, w=W[0]),
    form(f"({RIGID}.from_exp_coords(w) * {RIGID}.from_exp_coords(w[:, ::-1])).as_exp_coords()", w=W),
    form(f"({RIGID}.from_exp_coords(w) ** 0.3).as_matrix()", w=W),
    form(f"({RIGID}.from_exp_coords(w) ** -1).as_matrix()", w=W[0]),
    form(f"{RIGID}.from_exp_coords(w).mean().as_matrix()", w=0.3 * W),
    form(f"{RIGID}.from_exp_coords(w).mean(u).as_matrix()", w=0.3 * W, u=np.array([0.5, 1.0, 2.0])),
    form(f"{RIGID}.concatenate([{RIGID}.from_exp_coords(w), r]).as_matrix()", w=W[0], r=MOVED),
    form("r.apply(x)", r=MOVED, x=draw(3)),
    form("r[1].inv().apply(x)", r=MOVED, x=draw(2, 3)),
]

FORMS = [*MADE, *GIVEN, *APPLIED, *COMPOSED, *FITTED, *BETWEEN, *TOGETHER]
