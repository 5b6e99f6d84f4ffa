"""Which values to save, so that the rest of what is needed is computed again from them at the least cost: a cut in a network.

Each value has two nodes, `there` and `again`. An edge from the first to the second stands for saving it, one from the second to the sink
for computing it again, and edges that are never cut lead from `again` to what it is computed from, and from the source to what is needed.
What a cut cuts is what is saved and what is computed again, and each choice that gives what is needed is a cut: the least one is the
cheapest choice.
"""
from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Mapping

from s2sad.adjoint.costs import Way
from s2sad.ir.program import Var

Node = Hashable
Network = dict[Node, dict[Node, float]]
SOURCE, SINK, NEVER = "source", "sink", float("inf")


def cheapest(needed: Iterable[Var], ways: Mapping[Var, Way | None], there: set[Var], saving: Callable[[Var], float]) -> list[Var]:
    """What to save of the values that have ways; what is `there` costs nothing."""
    wanted = [v for v in dict.fromkeys(needed) if v not in there]
    found = dict.fromkeys(wanted)
    network: Network = {SOURCE: {("there", v): NEVER for v in wanted}}
    for var in (waiting := list(wanted)):
        way = ways[var]
        network["there", var] = {("again", var): saving(var)}
        network["again", var] = {SINK: NEVER if way is None else way.work}
        for origin in () if way is None else way.origins:
            if origin not in there:
                network["again", var]["there", origin] = NEVER
                if origin not in found:
                    found[origin] = None
                    waiting.append(origin)
    reached = least_cut(network)
    return [v for v in found if ("there", v) in reached and ("again", v) not in reached]


def least_cut(network: Network) -> set[Node]:
    """The nodes on the side of the source, where the edges that lead out of it have the least capacity: what flow leaves within reach."""
    left: Network = {SINK: {}, **{node: dict(edges) for node, edges in network.items()}}
    for node, edges in network.items():
        for end in edges:
            left[end].setdefault(node, 0)
    while SINK in (levels := _levels(left)):
        _fill(left, levels)
    return set(levels)


def _levels(left: Network) -> dict[Node, int]:
    """How many edges with room there are from the source to a node."""
    levels: dict[Node, int] = {SOURCE: 0}
    for node in (waiting := [SOURCE]):
        for end, room in left[node].items():
            if room and end not in levels:
                levels[end] = levels[node] + 1
                waiting.append(end)  # type: ignore[arg-type]
    return levels


def _fill(left: Network, levels: dict[Node, int]) -> None:
    """Let flow what can along edges that lead one level on."""
    ahead = {node: [end for end in left[node] if levels.get(end) == level + 1] for node, level in levels.items()}
    path: list[Node] = [SOURCE]
    while path:
        if path[-1] == SINK:
            path = _push(left, path)
            continue
        ends = ahead[path[-1]]
        while ends and not left[path[-1]][ends[-1]]:
            ends.pop()
        if ends:
            path.append(ends[-1])
            continue
        path.pop()
        if path:
            ahead[path[-1]].pop()


def _push(left: Network, path: list[Node]) -> list[Node]:
    """Fill a path to the sink; what of it still has room."""
    edges = list(itertools.pairwise(path))
    flow = min(left[a][b] for a, b in edges)
    for a, b in edges:
        left[a][b] -= flow
        left[b][a] += flow
    return path[: 1 + next(k for k, (a, b) in enumerate(edges) if not left[a][b])]
