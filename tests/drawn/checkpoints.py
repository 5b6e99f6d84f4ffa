"""Which steps are run again, and when, where a loop is checkpointed: 24 steps with 4 snapshots."""

from __future__ import annotations

from s2sad.machine.checkpoints import Snapshots, nearest, offer
from tests.drawn.sheet import BLUE, FAINT, GREEN, INK, ORANGE, Sheet

STEPS, COUNT = 24, 4
LEFT, TOP, ACROSS, DOWN = 70, 74, 11, 11


def schedule() -> list[tuple[str, int]]:
    """What is done, one thing after the other: a step forward, a step again, a snapshot, an adjoint."""
    done = [("forward", i) for i in range(STEPS)]
    snapshots = Snapshots(STEPS, COUNT, 0.0)
    done.append(("snapshot", 0))
    for i in range(STEPS - 1, -1, -1):
        start, state = nearest(snapshots, i)
        for k in range(start, i):
            held = len(snapshots.held)
            offer(snapshots, k, state)
            done += [("snapshot", k)] * (len(snapshots.held) > held) + [("again", k)]
        done.append(("adjoint", i))
    return done


def picture() -> str:
    done = schedule()
    moves = [entry for entry in done if entry[0] != "snapshot"]
    wide = LEFT + ACROSS * len(moves) + 30
    sheet = Sheet(max(wide, 700), TOP + DOWN * STEPS + 74, f"A loop of {STEPS} steps whose adjoint has {COUNT} snapshots")
    again = sum(kind == "again" for kind, _ in moves)
    title = f"checkpoint(range({STEPS}), snapshots={COUNT}): {STEPS} steps, {again} are run again, {COUNT} states are held"
    sheet.text(24, 34, title, 15, INK, bold=True)
    for i in (0, STEPS - 1):
        sheet.text(LEFT - 10, TOP + DOWN * i + 9, f"step {i}", 11, FAINT, "end")
    time, colours = 0, {"forward": FAINT, "again": BLUE, "adjoint": ORANGE}
    for kind, step in done:
        x, y = LEFT + ACROSS * time, TOP + DOWN * step
        if kind == "snapshot":
            sheet.dot(x, y + 4.5, 5, GREEN)
            continue
        sheet.box(x + 1, y, ACROSS - 2, DOWN - 2, colours[kind], colours[kind], 1)
        time += 1
    bottom = TOP + DOWN * STEPS + 20
    sheet.line([(LEFT, bottom), (LEFT + 110, bottom)], arrow=True)
    sheet.text(LEFT + 120, bottom + 4, "time", 12, FAINT)
    legend = (("forward", FAINT), ("snapshot is taken", GREEN), ("step is run again", BLUE), ("adjoint of a step", ORANGE))
    for i, (said, colour) in enumerate(legend):
        sheet.dot(LEFT + 6 + 150 * i, bottom + 28, 5, colour)
        sheet.text(LEFT + 18 + 150 * i, bottom + 32, said, 12, INK)
    return sheet.svg()
