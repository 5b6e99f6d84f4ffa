"""What is cut off a long expression goes by the name that the whole is going to have:

    birth_bar += k4_0_bar * prey + k3_0_bar * prey_1
    birth_bar += k2_0_bar * prey_2 + k1_0_bar * prey_3
"""
from __future__ import annotations

import ast
import functools

from s2sad.emit.lifetimes import Life, alike
from s2sad.emit.naming import Naming
from s2sad.ir.program import Assign, Var, everything, reads


class Pieces(Naming):
    """The part of the emitter that names the pieces of long expressions."""

    def settle(self, var: Var) -> None:
        whole = None if var in self.labels or var in self.claimed else self.whole(var)
        if whole is not None:
            value = self.folded.pop(var)
            self.name_as(var, whole)
            self.folded[var] = value
        super().settle(var)

    def name_as(self, piece: Var, whole: Var) -> None:
        """Let a piece have the name of the whole, if nothing reads meanwhile what has it so far."""
        label = self.claimed.get(whole)
        if label is not None:
            if not self.is_waited_for(label):
                self.claim(piece, label, self.blocks[self.home[piece]], self.holders[label] - {whole})
        elif whole not in self.labels:
            both = Life(self.lifetimes.of(piece).made, self.lifetimes.of(whole).last)
            self.labels[piece] = self.labels[whole] = self.name_for(whole, self.hint(whole), both)

    def whole(self, piece: Var) -> Var | None:
        """The variable with a name and a line of its own that an expression is a piece of, and of nothing else."""
        made = piece
        while self.uses[made] == 1 and (reader := self.readers.get(made)) is not None:
            made = reader.targets[0]
            if not isinstance(reader.primitive.template, (ast.BinOp, ast.UnaryOp)) or self.home[made] != self.home[piece]:
                return None
            if made in self.function.names and (made in self.claimed or self.uses[made] > 1 or not reader.phase):
                return made if alike(made.type, piece.type) and made not in self.grown else None
        return None

    @functools.cached_property
    def readers(self) -> dict[Var, Assign]:
        """For each variable a statement that reads it."""
        return {v: s for s in everything(self.function.statements) if isinstance(s, Assign) and len(s.targets) == 1 for v in reads(s)}
