"""The forward sweep, over lists. A list with its inputs, their tangents and its outputs comes in; the same list goes out with the
tangents written down next to the values, and the tangents of the outputs. It may import the list, the machine and what the reverse sweep
knows of shapes and dtypes, not what records.

A tangent stands next to its value, so nothing is saved: what the rule reads is there. The rules are those of the reverse sweep. Of an
elementwise one the tangent is the sum of partials times tangents; a linear one is applied to the tangents; others state theirs with
`jvp=`. A rule that states none gets one from its pullback: that is linear in the cotangent, so the tangent is what arrives at the
cotangent when the pullback itself is pulled back (`transposed.py`).

What is not active has no tangent, and nothing is computed for it: a term of a stated tangent that names those of inactive arguments
alone is left out. As a cotangent, a tangent may be smaller than its value as long as it broadcasts to it, and is of the float type of
its value.
"""
