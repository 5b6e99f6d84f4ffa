"""What can be made of an array in one step, with the shape that has, as far as it can be said: parts, reductions, rearrangements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tests.generate_sizes_shapes import ONE, Size, half, least, smaller, times

Shape = tuple[Size, ...]
Part = tuple[str, Shape]


def array_of(shape: Shape, number: str) -> list[str]:
    """New arrays of a shape."""
    text = str(shape[0]) if len(shape) == 1 else f"({', '.join(map(str, shape))})"
    if not shape:
        return [number]
    found = [f"(np.ones({text}) * {number})", f"np.zeros({text})", f"np.full({text}, {number})"]
    if len(shape) == 1:
        found += [f"(0.1 * np.arange({text}))"] * 2 + [f"np.linspace(0.0, 1.0, {text})"]
    if len(shape) == 2:
        found += [f"np.eye({shape[0]})"] if shape[0] == shape[1] else []
    return found


def parts(name: str, shape: Shape, indices: Sequence[Any], wholes: Sequence[str]) -> Iterator[Part]:
    """All that is known here."""
    rank = len(shape)
    yield from _first_axis(name, shape, indices, wholes)
    yield f"np.cumsum({name}, axis=0)" if rank else f"np.sin({name})", shape
    if rank == 1:
        yield from _vector(name, shape[0])
    elif rank == 2:
        yield from _matrix(name, *shape, indices)
    elif rank == 3:
        yield from _box(name, *shape, indices)


def _first_axis(name: str, shape: Shape, indices: Sequence[Any], wholes: Sequence[str]) -> Iterator[Part]:
    """Slices along the first axis, and elements of it."""
    if not shape:
        return
    size, rest = shape[0], shape[1:]
    for text, length in _slices(size, indices, wholes):
        yield f"{name}[{text}]", (length, *rest)
    if rest:
        yield f"{name}[-1]", rest
        yield f"{name}[0]", rest
    yield f"{name}[None]", (ONE, *shape)
    yield f"np.concatenate([{name}, {name}[:-1]])", (size * 2 - 1, *rest)
    yield f"np.concatenate([{name}[1:], {name}[:1]])", shape
    yield f"np.diff({name}, axis=0)", (size - 1, *rest)
    yield f"np.flip({name}, 0)", shape
    yield f"np.roll({name}, 1)", shape


def _slices(size: Size, indices: Sequence[Any], wholes: Sequence[str]) -> Iterator[tuple[str, Size]]:
    """Slices of an axis."""
    yield from (("1:", size - 1), (":-1", size - 1), ("::2", half(size, True)), ("1::2", half(size, False)), ("::-1", size), (":", size),
                ("-3:", smaller(size, least("3"))), (":2", smaller(size, least("2"))), ("1:-1", size - 2), ("-1:0:-1", size - 1),
                (f":{half(size, False)}", half(size, False)), (f"{half(size, False)}:", half(size, True)), ("2:", size - 2),
                ("-2::-1", size - 1), (f":{size - 1}", size - 1), (":-2", size - 2), ("::-2", half(size, True)),
                ("::3", least(f"(({size + 2}) // 3)")), ("-2:", smaller(size, least("2"))))  # fmt: skip
    for k in wholes:
        yield f":{k}", smaller(size, least(k))
        yield f"{k}:", least(f"max({size} - {k}, 0)")
        yield f"{k}:{k} + 2", least(f"min(2, max({size} - {k}, 0))")
        yield f"-{k}:", least(f"(min({k}, {size}) or {size})")
    for i in indices:
        if i.bound == size:
            at = least(i.name)
            yield from ((f"{at}:", size - at), (f":{at}", at), (f":{at + 1}", at + 1), (f"{at + 1}:", size - at - 1))
            yield from [(f"{at - 1}:{at + 1}", Size((), 2))] * (i.low > 0) + [(f"{at}:{at + 2}", Size((), 2))] * (i.room > 0)
            yield from [(f"{at - 1}:{at + 2}", Size((), 3))] * (i.low > 0 and i.room > 0)
            yield f"{at}::-1", at + 1
            yield f"{at}::2", half(size - at, True)
            yield f"-{at}:", least(f"({at} or {size})")
            yield from ((f"{at}:{j.name}", least(j.name) - at) for j in indices if j is not i and j.bound == size)


def _vector(name: str, size: Size) -> Iterator[Part]:
    yield f"{name}[:, None]", (size, ONE)
    yield f"{name}.reshape(-1, 1)", (size, ONE)
    yield f"np.reshape({name}, (1, {size}))", (ONE, size)
    yield f"({name}[:, None] * {name})", (size, size)
    yield f"np.outer({name}, {name})", (size, size)
    yield f"np.stack([{name}, 0.5 * {name}])", (Size((), 2), size)
    yield f"np.append({name}, 0.5)", (size + 1,)
    yield f"np.repeat({name}, 2)", (size * 2,)
    yield f"np.tile({name}, 2)", (size * 2,)
    yield f"np.sort({name})", (size,)
    yield f"{name}.cumsum()", (size,)
    yield f"np.hstack([0.5, {name}, 0.25])", (size + 2,)
    yield f"np.broadcast_to({name}, (2, {size}))", (Size((), 2), size)
    yield f"{name}.sum(keepdims=True)", (ONE,)
    yield f"np.array([{name}.sum()])", (ONE,)
    yield f"np.zeros_like({name})", (size,)
    yield f"np.diag({name})", (size, size)
    yield f"np.concatenate([{name}[::2], {name}[1::2]])", (size,)
    yield f"np.pad({name}, 1)", (size + 2,)
    for k in (2, 3):
        yield f"{name}[:{k} * (len({name}) // {k})].reshape({k}, -1)", (Size((), k), least(f"({size.inside} // {k})"))


def _matrix(name: str, p: Size, q: Size, indices: Sequence[Any]) -> Iterator[Part]:
    for text, length in _slices(q, indices, ()):
        yield f"{name}[:, {text}]", (p, length)
    for i in indices:
        if i.bound == q:
            yield f"{name}[:, {i.name}]", (p,)
        if i.bound == p:
            yield f"{name}[{i.name}]", (q,)
            yield f"{name}[{i.name}, :{i.name}]", (least(i.name) if p == q else smaller(q, least(i.name)),)
            yield f"{name}[{i.name}, ::-1]", (q,)
            if p == q:
                yield f"{name}[{i.name}, {i.name}:]", (q - least(i.name),)
                yield f"{name}[:{i.name}, {i.name}]", (least(i.name),)
                yield f"{name}[:{i.name}, :{i.name}]", (least(i.name), least(i.name))
    yield f"{name}.T", (q, p)
    yield f"np.transpose({name})", (q, p)
    yield f"{name}.sum(axis=0)", (q,)
    yield f"np.sum({name}, axis=1)", (p,)
    yield f"{name}.sum(axis=-1, keepdims=True)", (p, ONE)
    yield f"np.sum({name}, axis=0, keepdims=True)", (ONE, q)
    yield f"{name}.ravel()", (times(p, q),)
    yield f"{name}.reshape(-1)", (times(p, q),)
    yield f"np.reshape({name}, ({p.inside} * {q.inside},))", (times(p, q),)
    yield f"np.reshape({name}, ({q}, {p}))", (q, p)
    yield f"np.reshape({name}, ({q}, -1))", (q, p)
    yield f"({name} @ {name}.T)", (p, p)
    yield f"np.dot({name}.T, {name})", (q, q)
    yield f"np.diag({name})", (smaller(p, q),)
    yield f"np.concatenate([{name}, {name}[:, :1]], axis=1)", (p, q + 1)
    yield f"{name}[1:-1, 1:-1]", (p - 2, q - 2)
    yield f"({name}[:-1, 1:] - {name}[1:, :-1])", (p - 1, q - 1)
    yield f"np.tril({name})", (p, q)
    yield f"np.diff({name})", (p, q - 1)
    yield f"np.vstack([{name}, {name}.sum(axis=0)])", (p + 1, q)
    yield f"np.cumsum({name})", (times(p, q),)
    yield f"{name}[::2, ::-1]", (half(p, True), q)


def _box(name: str, p: Size, q: Size, r: Size, indices: Sequence[Any]) -> Iterator[Part]:
    for i in indices:
        yield from [(f"{name}[{i.name}]", (q, r))] * (i.bound == p) + [(f"{name}[:, {i.name}]", (p, r))] * (i.bound == q)
        yield from [(f"{name}[..., {i.name}]", (p, q))] * (i.bound == r)
        yield from [(f"{name}[:{i.name}, {i.name}]", (least(i.name), r))] * (i.bound == p == q)
    yield f"{name}.sum(axis=0)", (q, r)
    yield f"np.sum({name}, axis=(0, 2))", (q,)
    yield f"{name}.sum(axis=1, keepdims=True)", (p, ONE, r)
    yield f"np.transpose({name}, (2, 0, 1))", (r, p, q)
    yield f"np.swapaxes({name}, 0, 1)", (q, p, r)
    yield f"{name}.reshape({p}, -1)", (p, times(q, r))
    yield f"{name}.reshape(-1, {r})", (times(p, q), r)
    yield f"{name}[..., ::-1]", (p, q, r)
    yield f"{name}[:, 1:]", (p, q - 1, r)
    yield f"{name}[..., :-1]", (p, q, r - 1)
    yield f"{name}[:, -1]", (p, r)
    yield f"np.moveaxis({name}, 0, -1)", (q, r, p)
    yield f"np.concatenate([{name}, {name}], axis=1)", (p, q * 2, r)
    yield f"np.einsum('ijk->ik', {name})", (p, r)
