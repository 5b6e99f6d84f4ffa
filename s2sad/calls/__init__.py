"""From a call to the path that answers it: arguments come in, what the compiled path returns goes out. A `call` goes one
way: `dispatch`, `stored_paths`, `choice` of control, `compilation` of a path (`recorded_paths`, `kept_paths`), `running`,
the check at `first_use`, `report`. What is derived is told by who calls (`Compiled` in `api`). It may import all that
stands before it: the stages, and the tape.

Paths and calls
---------------

The key of a call is the structure of its arguments and the type of each leaf. A container is its items and its
attributes, as they are stored (`runtime/containers.py`); the recorded function gets an instance that is put together
of followed leaves and belongs to the call, as if the function had made it. So what its class does is followed like
any code. Keys, guards and caches tell values by class and bits, functions and other objects by identity
(`runtime/same.py`): `1` and `True` are two keys of a dict, `0.0` is not `-0.0`. A guard says `==` where that is the
same question, and `same(...)` where it is not. Under a key lie the recorded paths, the most recent first. A call
tries those whose premises hold; a guard that fails raises `OtherPath` and the next one is tried; if none is left, the
call is recorded. Any other exception of generated code also leads to recording, which then raises what the function
raises, with its own traceback. The number of paths is bounded, and the answer never depends on which are there. Paths
that keep their control flow lie under a shorter key, without the sizes of arrays, and are tried first.

The path of the last call has a short way in: a generated test of the arguments and the premises (`emit/arrival.py`).
It takes containers apart as they were in that call, and asks for the same classes, keys, dtypes and shapes, and for
the same containers that are one object. It is what makes the gradient of a small function fast: parameters in a dict
cost what they cost one by one. A derived function *is* this test (`emit/at_once.py`) as long as calls come that pass it:
Python calls the generated function, that calls the path, and returns the results in their places. Any other call goes
on from there to the `dispatch` of the rules that hold, and from there the long way.

**Trust.** A kept path serves calls that it was not made from, so its value is compared with the function's own at each
first use: of a set of sizes (`uses.py`), and of a side of a branch (`emit/sides.py`). To be told of a new side costs
nothing while it is not taken: a mark stands at the beginning of each side that is new, and is gone from the code once it
was taken. In the short way in, a mark leaves the path, so that the call goes the long way, on which marks are asked. The
sizes that were served stand in a set, which the short way in asks instead of the shapes of one call. A difference that
comes again is a fault of ours (`first_use.py`). What a plain call would leave a trace of is not checked: effects, and what
fills a cache of the user's.

**Native code.** Where the backend is to have it, a path that was made is given native code (`native_paths.py`): the path
with that is stored, and the one in Python stands behind it. What native code leaves, by an exception, a guard, a NaN or an
infinity, the path behind it answers at once, and that is who then tells of it; the next call begins with native code again.
There is no native code of what has effects, so a call may always begin anew. At the first use for some sizes all results,
gradients too, are compared with those of the path behind (`native_use.py`), but for rounding; where a difference may be
rounding that grew, the arguments are moved in their last digits, and the results may differ as far as they move by that.
Of new sides of branches native code tells nothing. NumPy's error state is not asked by it either: where that raises or
calls something, Python serves. A default backend is part of the state under which paths lie (`runtime/ruling.py`), so
those of different backends lie side by side. When `backend="auto"` compiles stands in `tiers.py`.

**NumPy's warnings.** NumPy warns where a frame of Python stands, which is the generated text, or the machine. So
followed and generated code runs under an error state that is the user's with one difference: where NumPy would warn,
it tells an object of ours (`runtime/notices.py`). NumPy calls it from within the operation, so the frames above it
say which instruction runs. A line of generated code knows what each of its nodes was printed of (`emit/lines.py`),
and the position of the instruction says which node that is, so each operation finds its own line of the user, also
where several were folded into one. An operation of the adjoint is not to be spoken of. A frame of lowered code asks
its machine for the place. If NumPy's own Python code, or other foreign code, stands below, the warning is given
there, as in the plain call.

What is told is kept until the run is over, and dropped if the path is left: the next path, or the recording, is told
again. It is given before each effect, so the order is that of the plain call, and the log of effects knows what has
been given in this call. If the filters make an error of it, it is raised at once, within the operation. The path is
left then, the call is recorded, and the user's line raises. What was moved out of a loop knows the loop: if it makes
no step, which its range tells, or afterwards the names of its body, there is no warning.

What NumPy's functions say of themselves, such as the mean of an empty slice, goes through `warnings`. While a
function is followed, and in code that calls such functions, a filter of ours stands first. It picks out what names
our own modules, tells us, and lets everything else pass.

The user's error state is never changed: foreign code that is called finds its own. NumPy keeps the state in a context
variable. To set it and set it back for each call would cost as much as a small function. So generated code that calls
NumPy alone runs in a context of its own, which costs a tenth of a microsecond, and code that computes with Python's
numbers alone, which NumPy hears nothing of, in that of the call.
"""
