"""What an operation of lowered code means. The questions that lowered code asks come in (`questions`), the answers that
Python would give go out, with calls, objects, classes and protocols followed; what to do with a primitive is left to
the machine that is built on this one: a recorder, a keeper, or a tape. It may import `source`, the rules and the
runtime.
"""
