"""What an operation of lowered code means. The questions that lowered code asks come in (`questions`), the answers that
Python would give go out, with calls, objects, classes and protocols followed; what to do with a primitive, with an
array that is written, or with the world outside is left to the kind of machine that is built on this one: a recorder,
a keeper, or a tape (`decisions`). It may import `source`, the rules and the runtime.

One mechanism
-------------

The front end does not interpret the syntax tree. It rewrites the function so that every operation asks a machine, and
lets Python run the result:

    if s < 1.5:                             if __s2sad__.truth(__s2sad__.compare('<', s, 1.5)):
        s = s + x * rate(s)                     s = __s2sad__.name('s', __s2sad__.binary('+', s, ...

An interpreter of the tree would have to be a second Python: scopes, closures, `nonlocal`, generators, `with`,
exceptions with their tracebacks, class bodies, comprehensions. Each of these is a place to differ from Python in a
corner. Here CPython itself does all of it. The rewritten function has the lines and columns of the original, so
tracebacks, debuggers and the carets of error messages point into the user's file.

Operator overloading alone would not do. It does not see `math.sin(x)`, which asks for a plain float. It does not see
`if`, `while` and `and`, only a request for a truth value without a place. It does not see names or lines, nor that a
value was read from a global. Values do carry overloaded operators (`traced.py`), but only for native code that works
on them, such as `sum`, `sorted` and `functools.reduce`.

What an operation means is decided in `questions.py` and its helpers, once, for two machines:

- the **recorder** (`record/recorder.py`) evaluates and writes down; compiled gradients are made from its list,
- the **tape** (`tape/machine.py`) evaluates and keeps closures; it is the reference that compiled gradients are
  tested against.

So both understand the same Python, and a difference between them can only lie in what they do with the operations. A
third, the **keeper** (`keep/keeper.py`), is a recorder without the values of a call; kept control flow is its
section.

A call is resolved in this order: a builtin with a meaning of its own (`isinstance`, `len`), a function with a rule, a
function written in Python, which is lowered in its turn and run in place, a class, native code. Native code that only
moves, compares and adds what it is given runs on followed values; what it calls is called by the machine. Other
native code runs on plain values if nothing differentiated reaches it, and is refused by name if something does. A
text that Python writes of objects and containers has places where followed values stand, which the machine fills in.

**What belongs to the call** (`belonging.py`) decides about code of the standard library and of installed packages. A
call concerns the followed function if it is given what is differentiated, an object that the function has made, or a
function that is defined in it. Then it is followed like the user's code. Any other call runs as it is, as an effect:
once in each call, with its result read afresh. What a package's function calls in its own package is followed where
that function is. An object of a library's class that is made with a followed value is thus the call's own, and its
methods are followed; one that is made without is an object from outside.

**Cached functions** (`caches.py`) run once for the same arguments. A call that no followed value reaches is a call of
the user's cached function, whose cache answers and is filled as in a plain call. Results of other calls are kept by
the machine, for as long as the call lasts. Two numbers that are differentiated are the same argument if they are one
variable: numbers that happen to be equal are differentiated apart.
"""
