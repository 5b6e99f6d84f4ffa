"""Control flow kept. A function and the types of its arguments come in, a list with loops and branches as regions goes
out; `keeper` is the machine, which walks each block on stand-ins for any value of a type. It may import what
records.

How it is kept
--------------

A recorded path is exact about one call and grows with it. A loop of 100,000 steps, or a function that takes another
path in each call, needs code with loops and branches in it. `keeper.py` makes it. The `Keeper` is the recorder with
other values and with blocks; what operations, calls, captures, writes and views mean is inherited.

**The machine and its parts.** `keeper.py` holds what lowered code asks and what is decided otherwise than in a
recording. What is known while a function is kept stands in parts, each with a docstring that says what it is asked
and what it asks: the blocks that are being written (`blocks.py`), the variables in them (`variables.py`), what
different ways leave in one of them (`joins.py`), which arrays may be one (`aliases.py`), how they lie in memory
(`orders.py`) and which other shape they are given (`reshaping.py`), the functions (`walk.py`) and the branches and
loops (`regions.py`, `loops.py`) that are walked, what the loops are known to carry (`plans.py`), the sizes that code asks
for (`sizes.py`), what is known of them (`deciding.py`) and what conditions say (`conditions.py`), those of values from
outside (`ties.py`), and what results are (`results.py`), whatever the answers (`supposed.py`). A region here is one that
is walked; in `adjoint` and `emit` it is one of the list.

**Values: types.** A recording holds the values of a call. Here there are none, so each value is a stand-in for its type
(`s2sad.types`): an array of which dtype and shape are known, a whole number as a size, any other number as one of its
class. A size is a number, or a polynomial over symbols: dimensions and whole numbers from outside, the number of a step,
what changes in a loop, a length that only the run knows. What an operation gives follows from what its primitive states
(`results.py`); nothing is computed on arrays that are made up for the purpose. The rules, which ask for `np.ndim(g)` and
branch on shapes, run as they are.

**Questions.** Two sizes with one normal form are the same. Is `n` equal to `m`, is `k` below `n`: that types do not tell.
`deciding.py` answers. Where all numbers are known in the present call, the answer is that of the call, and a guard says so;
each later call asks it, by one comparison, and a call in which it is not so takes another path. Where a number changes in
a loop, its bounds may tell: in `for i in range(n - 2)` the part `x[i:i + 3]` has three elements if the axis has `n`. If
they tell it only for this call, as where the axis is that of another array, what is asked once is whether it holds for all
steps. Where there are no bounds, what nearly every program means is taken for granted and asked in each step: that the
bounds of a part lie within its axis. What an answer says is a fact: `m` is written `n` from then on, in the block in which
the guard stands. The condition of a branch or of a `while` is such a fact as well, on the way that it leads to.

All other questions about numbers that change have no answer, but most need none (`supposed.py`): what an operation gives is
told once for each. In `h + x[:k]`, either may have one element. The sum has the length of `h` or `k` elements, and that is
a number of its own, which the code finds in the result; where both have other lengths, NumPy raises, as it does in the
function. Such a statement is not left out, and not moved to where the function might not come. The adjoint sums over the
axes along which the one or the other was repeated, and finds out which (`summed_to`). What would be of another kind by the
answer, as with `np.squeeze`, is refused, with the line.

Nothing is asked early. How long `x[1:]` is, is written `max(0, n - 1)`, and two such parts are equally long without a
question; only what is added to something of `n - 1` elements makes it one. Sizes of 0 and 1 are told from others where an
array comes in, as NumPy broadcasts by them.

**A number that is not known stays one.** A size passes for a number of its class, but is no number: Python and NumPy can
not take it for one. Where code needs the number itself, for the number of items of a list, say, it asks for it, and the
path is for this number, under a guard.

**The walk.** Lowered code is run by Python, and Python takes one side of an `if`. So the statements are walked
(`walk.py`), over a namespace that holds the variables. Only what has control flow is taken apart: `if`, `for`,
`while`, `return`, `break`, `continue`, and `try`, `with` and `match` (`compound.py`). Every other statement, and every
expression, is lowered as for a recording, and run. Conditional expressions, `and`, `or` and chained comparisons become
questions with a function for each side.

**Functions that call themselves.** A function that is called is walked where it is called, so one that calls itself has to
come to an end as it is walked. What ends it may be the structure of an argument, a length, or a whole number: what is known
of these, by bounds or by the conditions of the way, is not asked again. Where it is not known for any number, it is for those of the
call. A condition that the code asks may end it sooner; more than a dozen calls, one in the other, are not taken under such
conditions, nor more than 160 in all, as they double at each depth. How often a computed number lets a function call itself is
not known.

**Lists of unknown length.** A list that gets longer or shorter in a loop or a branch is a value of the code from there
on, a Python list that operations make one from the other: appended, popped, stored, read by number (`lists.py`,
`rules/lists.py`). It is the walk that finds out: the region is left, the list is converted in front of it, and the
region is walked again. The list of the function stays the object that it is, with one item that stands for all
(`growing.py`), so its names and holders are those of the function. Items are numbers or arrays of one type; an array
in a list is not written any more. Its cotangent is a list as long, which the sweep changes in place: what was appended
is popped from it, what was popped is appended (`adjoint/lists.py`). How long a list is, is known where each step of a
loop appends as many items. What else is done with a list, `insert`, `index`, `reverse`, a part that is assigned, a star
in a target, is written in terms of these, as functions that are walked like the user's (`plainly.py`, `list_calls.py`).
A variable may hold one such list and then another (`rebinding.py`).

**Generators.** A generator is walked when its values are taken, and a `yield` gives the value to the body of the `for`
that runs over it (`generators.py`). So both interleave as in Python, and no generator is in the code. A comprehension
of unknown length is a generator whose values are appended to a list (`comprehensions.py`); one of known length runs as
it is. So are `map`, `filter` and `np.ndindex`. What Python has as an iterator gives its values once, in the block in which
it was made; `enumerate` and `zip` of what has a length are no generators, but are used once as well (`iteration.py`).

**Truth that Python asks.** Where Python sorts, filters or looks up a key, and where it runs code that is followed but
not walked, as the key of a sort, it asks for a truth value and takes one answer. Then the statement is given up, the state
is what it was before, and it is walked once on each side of a branch, with the answer of that side (`forks.py`). What
it had computed before the question is in front of the branch, and is not computed again (`passes/sides.py`). A
statement has up to 64 such ways. The state has to be kept in front of a statement that asks; which ones do is found
out by walking the function once more. A pattern of a `match` asks in the same way. So does a `try`: where a side of a
branch raises, it is walked once with each side, and on the side that raises the exception is really there, for the
handler to catch. What an operation would raise for numbers that are not known is asked before it where the condition
is simple (`raising.py`): division by zero, the domains of `math`, an index. Where another operation raises, or a loop
within the `try` is left by an exception, the call leaves the path and is recorded.

**Branches.** A survey (`slots.py`) lists all that can be reached from the names: names, items of lists and dicts,
attributes of objects made in the function, contents of arrays. Both sides of an `if` are walked from the same survey.
What differs afterwards is a result of the `If`. Both values are joined to their common type. Where there is none, as
for None and a number, two texts, two functions, an array and a matrix, the variable is a choice (`choices.py`): a
number says of which kind it is, and each kind has its variables. A statement that reads it is walked once for each
kind, so it sees plain values; what a condition has told is known on its sides. That a name has no value yet is a kind as
well. Where there is no choice either, a mark takes the place of the variable: using it is refused, not using it is fine.

Lists, dicts and objects of the function's own stay the objects that they are (`things.py`): what is written into one is
seen under all its names. One that was there before the branch is an option of a choice by itself. Of two that the sides
have made, and that one variable holds, one stands for both, with their contents joined, if they are of one class. What
only one side has made is an option, and what it holds has a value on that side alone. Two lists that are alike, of which
one was there before and has another name, are joined into a third, and none of the three is written any more.

A side that raises, or that lacks a rule or a name, is left out: a guard sends its calls to a recording, which says so. Where one
side returns, the statements after the `if` belong to the other side; if a side returns on some of its ways only, they
are walked once, under the condition that says whether they are reached. An array that only one side defines has no
cotangent on the other: None, which nothing reads (`adjoint/stacks.py`).

**Second names.** After `if c: v = a` the variable `v` is an array of its own or another name of `a`, by the way that
was taken, and the code has one variable for both. As long as nothing is written that makes no difference. So each such
variable knows which arrays it may be, and what they held when the region ended (`aliases.py`). A write into it is
refused. A write into one of those leaves it stale, and reading it then is refused, with the advice to copy. The same
holds for what a loop carries, and for parts of arrays. A variable whose array nothing else holds is written freely, so
buffers that change places are fine. Lists, dicts and objects that have a second name are copied into such a variable,
by what they hold: the copy is not written, and not read once one of them has been.

**Layouts.** How an array lies in memory is told from types as well: by how many elements the next one of each axis lies
further on, as sizes (`types/strides.py`), through indices, transposes, other shapes and what is computed from arrays
without gaps. So it is known whether `y.T.reshape(-1)` is a view, for any sizes but those that NumPy asks about too. It
matters where one of the two is written, and nobody is asked before that: then the function is walked once more, and
arrays from outside are guarded to have no gaps. Where it is still not known, the write is refused. An array that is given
another shape in place stays the object that it is; its shape is a part of its contents, and has to be the same on all
ways where a loop or a branch ends.

**Loops.** The body is walked with parameters in place of what it may change. The first walk knows of none; what
differs after it is carried, and the body is walked again, until the set and its types settle. Two walks are the rule,
for a loop inside as well: what it carries is remembered (`plans.py`). In the first walk of the outer body, which is thrown
away, the inner one is walked once, and taken to carry what it changed; in the second walk it starts with that. A slot is
remembered by the way to it from the names, as its objects are others in each walk.
It is the source that is walked, not the steps. `break` and `return` inside a loop are a result of the body that says
whether to go on, and carried values for the rest. What does not depend on the step, cannot raise and has no effect is
written down in front of the loop while it is recorded, so no pass has to find it. A loop over the items of a list or
a tuple is no loop here: its steps are walked one by one, up to 512. So are those of `range(3)`, where the number of a step
has to be known, for an axis or a key. Where it may be any, that loop stays one. Steps that are as many as an array of this
call has elements are never walked one by one: the code would serve that size alone, and says so by being refused.

**The form of a loop.** A loop is a scan: it carries values from step to step, takes an element of each stack that it
scans, and gives a stack for each value that it saves. This form is closed under transposition. The adjoint of a loop
carries cotangents in the other direction, and its stacks are those the loop saved (`adjoint/regions.py`). The
cotangent of a stack is a stack again. So the second order is the same step once more, and so is each order after it.
Where several loops read a stack, their cotangents are added; where one side of a branch reads it, the other side
gives zeros (`adjoint/stacks.py`). The adjoint of a branch is a branch on the same condition. What has arrived in a
block must be handed on by it: a cotangent that is left over is a fault and raises, since dropping it would give a
wrong number.

**Halves.** The list of a `vjp` has parameters after the arguments, the cotangents, and is split where it meets them
(`passes/halves.py`). What does not depend on a cotangent is the first half: it runs at the call, and hands over what the
second one needs. So a pullback reads nothing again, and may be called many times.

The sweep goes over regions, on the machine that walked them. Differentiating the finished text of the body as a
function of its own would have been less code. But what a body reads from around it would have had to become an
argument, and its cotangents a result of each step; here it is carried like the rest.

**What a step hands to its reverse.** The adjoint of a body is written down as if it could read the body's variables.
`adjoint/residuals.py` then finds each of them a way. The index is there. What takes a few scalar operations from what
is there is computed again. What the step has read from an array, or stored there, is read back from it where no later
write may touch it: `adjoint/still_there.py` compares the indices (`ir/footprints.py`). It is read from the version at
the end, or else from one that is kept whole: a copy, made where the array is next written, of no more elements than
about twice what the steps would save. The rest is saved. Where the rest
comes from fewer scalars in the same way, as `r * x` and `1 - x` both come from `x`, those are saved in its place.
A product of two matrices takes several operations for each number that it gives (`adjoint/costs.py`): where no size is
large it is computed again, which repeats what the step did once, beside the two products that are its adjoint. What both
the step and its reverse would compute and is not repeated, as an inverse, is computed in the step and saved.
What the reverse step only compares, or asks for the size of, is asked in the step itself (`adjoint/early.py`): the
answers take a byte for each element, and an array that is written next need not be copied for them. Of what a step
ends with and what the next one begins with, which is the same, one is saved and the other carried.

A stack of numbers is a Python list: `[0.0] * n` where the number of steps is known before the loop, `append` where it is
not. An array would take less memory. But storing a number into an array and reading it back takes about four times as
long as with a list, and what comes back is a NumPy scalar: the operations after it are slower, and their results of
another class than in the function. The arrays that steps save are the rows of one array, `u_saved[step] = u`, where
their sizes and the number of steps can be said before the loop: a list of small arrays takes eight times the memory. What
nested loops save goes into one array with an index for each loop (`passes/nested.py`): lists of lists take four times
the memory and more lines. What was a number of Python's own is made one again when it is read, `float(x_saved[i, j])`,
and whole numbers go into an array only if they say nothing but where something is: others may be too large. The array is
made where the number of steps can be said before the outermost loop (`passes/extents.py`), exactly, or so that no more
than half of it stays empty. It holds anything until it is written; where a side of a branch leaves out a number which is
zero, it holds zeros.

**Checkpoints.** What a checkpointed function computes counts as cheap. A checkpointed loop saves nothing; in front of
each step of its adjoint stands a loop that brings the state there from the nearest snapshot (`adjoint/rerun.py`), and
the step itself once more. Which states are kept is decided at run time, at binomial distances
(`machine/checkpoints.py`). The statements are those of the function and stay out of the algebra, so the numbers are
the same.

**Names and places.** A carried variable appears in four places: before the loop, at the start of a step, at its end,
after the loop. `emit/naming.py` gives them one name where no value is read after the next one is assigned, so the
text has no moves. `passes/placing.py` decides which writes are made in place. An array that a loop writes belongs to
the loop: it has memory of its own when a step begins, and what else would see the write is copied before.
`place_writes`, for lists, asks which elements are read later; with an index that is not known, that question has no
answer.

**Choosing.** `calls/choice.py` decides. While a call is recorded, the steps of its loops are counted
(`record/steps.py`): in front of a loop that takes more than a dozen, with those of the loops in it, the recording is
given up, unless something has happened by then that may not happen twice; `reasons` names it then, and the next call is
kept. Where a loop has a length, that is before its first step. What keeping would not leave as a loop does not count:
the items of a list. How many a dozen is was measured (`tests/benchmarks/first_calls.py`): to keep a kernel takes about
as long as to record it for two sizes of so many steps, and no other size costs anything then. A function that has taken
four paths for arguments of one kind will likely take more. Where keeping is refused, the reason is stored and the call
recorded; the same where a kept path raises, since only a recording can raise what the user's function raises, at its
line. If the recording does not raise, the path has left out the way of these arguments, or is at fault: `reasons` says
which, `"keep"` raises it, and a recorded path that does not serve its own call warns. It is tried four times for
arguments of one kind, and as often again whenever 64 recorded paths had to make room (`calls/trials.py`); between these,
`reasons` says how calls get past the paths that are kept. Arguments are of one kind if their classes, or dtypes and
ranks, agree. So an array of another size needs no new path.

An earlier plan was different in five points. `for` and `while` are one statement, `Loop`, with a range or a test:
their adjoints differ in the head only. Statements are walked, where lowered code was to be run once. Stacks are
lists. Every dimension is unknown, not only one that changes between steps: code that is made to be used again should
not be made again for another size. And `"auto"` counts paths by kind of arguments, so arrays of five sizes are enough
for one kept path.
"""
