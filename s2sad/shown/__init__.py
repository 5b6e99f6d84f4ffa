"""What was compiled, as people look at it: a path comes in, text and pictures go out.

`statement_text` writes statements as NumPy does, `path_text` a path with its guards, `textbook` as a book on calculus has it,
`evaluation` the values that they had in a call, `graph` a picture, and `show` puts these side by side. It may import `calls`
and what that stands on.
"""
