"""From the list to text, and from the text to a callable. A Function comes in, a compiled function goes out:
`statements` prints lists, `regions` and `loops` what has blocks, `naming` chooses names, `build` compiles, and
`arrival` writes the short way in. It may import the passes, which know what is written in place.
"""
