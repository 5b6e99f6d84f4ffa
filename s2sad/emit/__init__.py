"""From the list to text, and from the text to a callable. A Function comes in, a compiled function goes out:
`statements` prints lists, `regions` and `loops` what has blocks, `naming` chooses names, `build` compiles, and
`arrival` writes the short way in. It may import the passes, which know what is written in place.

The text
--------

The emitter names variables as the user did. A name stands for the next version as soon as nothing reads the one before;
a version has a number only where two are needed at once. A value without a name is called after the element, the part
or the size that it is, and `t` and a number where it is none. What is used once is folded into its use, up
to the length of a line: the longest of the function, between 100 and 140 characters, and of a statement that stands
over several lines as many (`breadth`). What is cut off goes by the name of the whole where that is free (`pieces`); what
joins two things is called after them, `K_times_H`. A short whole number, `i - 1`, and an element that is read twice
are written at each use, where their names last and their memory is not written between. A write is printed as one, `y[1:] = ...` or
`y[i] *= 2`, and the array keeps its name; what is folded and reads the array is evaluated before. The text is
registered with `linecache`, so tracebacks and `pdb` show it. It calls NumPy and `math`, and a named function of
`s2sad.runtime` where a formula is long.

Lines that a person writes as one are one: an array or a shape that is taken apart, values that several names begin with, that
are alike or short and of one form (`grouping`), what a step saves (`saved_together`), a branch that only chooses values for a few names
(`choices`), and a value that is saved right where it is named (`saved_at_once`).

A guard becomes an `if` that leaves; those of one line of the user's that follow one another are one, as far as there is
room. What a kept path asks of the sizes of arguments is asked in one place at the top, by their shapes, without what
follows from the rest (`sizes_first`). What an adjoint reads once, after a loop, is computed there (`late`).

The order is forward, then adjoint, then one `return`: the value is computed in the forward part. The user's line stands
as a comment once above what it became, and once above its adjoint: in kept code where its own statement is, inside
the loop or the branch, and not above what was moved out of there. What a reverse loop computes again stands under the
comment of the adjoint that needs it.
"""
