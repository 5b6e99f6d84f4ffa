"""From the list to text, and from the text to a callable. A Function comes in, a compiled function goes out:
`statements` prints lists, `regions` and `loops` what has blocks, `naming` chooses names, `build` compiles, and
`arrival` writes the short way in. It may import the passes, which know what is written in place.

The text
--------

The emitter names variables as the user did, gives new versions a number, folds what is used once into its use, and
puts the user's line as a comment above what it became. A guard becomes an `if` that leaves. A write is printed as
one, `y[1:] = ...`, and the array keeps its name; what is folded and reads the array is evaluated before. The text is
registered with `linecache`, so tracebacks and `pdb` show it. It calls NumPy and `math`, and a named function of
`s2sad.runtime` where a formula is long.

In kept code the comment stands inside the loop or the branch, and once more in the adjoint.
"""
