"""One call followed. A function and the values of its arguments come in, a list of what was computed goes out, with a
guard wherever a value decided; `recorder` is the machine, the others are the parts that it holds: for arrays that
change, for objects, and for what is outside. It may import the list and its adjoint.

A recorder in parts
-------------------

`Recorder` is a machine: its methods answer what lowered code asks, and decide what the keeper decides in another way.
What it knows is held by its parts, each a class of one module. A part asks another part, and the machine, by way of
the machine; none inherits from another.

    sheet                           ir/writing.py       the list: statements, variables, names, inputs, guards
    levels                          levels.py           the differentiations that are going on
    pins, identities                pins.py, ...        code and classes that were followed; which objects are one
    world, containers               capture.py, ...     what is read from outside; containers that are taken apart
    changes, native                 changing.py, ...    what is changed outside; calls that are not looked into
    arrays, reshaping               arrays.py, ...      views and writes; another shape in place
    writable, mirrors               writable.py, ...    what may be written; arrays from outside that are written

Arrays that change
------------------

The list is in static single assignment, so a write is an operation that makes a *version* of an array from the one
before. There are four, in `rules/own.py`:

    replaced(array, index, value)         y[index] = value
    accumulated(array, index, value)      y[index] += value      each element at most once
    diminished(array, index, value)       y[index] -= value
    accumulated_at(array, index, value)   np.add.at(y, index, value)

They are linear and have rules like any other primitive. The cotangent of `value` is `g[index]`, that of `array` is
`g` with zeros at the index. So the adjoint has no case for writes, and derivatives of any order come by themselves.
Where an index names an element twice, the last write wins, and the rule hands the cotangent to that one alone.

**The object.** A box is the array that the function holds; a write gives the box another variable (`arrays.py`). All
names of the array, and all containers with it, hold the same box, so aliases need no analysis. NumPy's other ways to
write are said in terms of these questions (`machine/array_writes.py`): `np.put`, `out=`, `fill`, `sort` and the like. Each
is run on a copy first. That raises what NumPy raises, and shows what the write has to leave, bit for bit.

**Views.** A view remembers its source and the operation that made it (`views.py`). When it is read after its source
has been written, the operation is written down once more. A write into a view is put back into its source, and from
there on to the array that owns the memory. For an index this is `replaced`. For a rearrangement such as `.T` or
`reshape` it is the operation's own rule: the pullback of a rearrangement is its transpose, and that is its inverse.
For anything else, such as a part that `np.split` gives, the operation is applied to the numbers of the elements,
which says where they are. Basic indices of basic indices become one: a write into `y[1:][0]` is one into `y[1]`, and
costs an element.

An array may be given another shape in place, `y.shape = n` (`reshaping.py`). The box has the new shape from then on,
and so have all names of the array. A view remembers the shape in which it was taken, and is read from its source in that
shape, and put back in it. Whether the layout allows it is asked of the layouts, which the path is then guarded for.

**Layouts.** Whether `reshape` or `ravel` gives a view or a copy depends on how its argument lies in memory, and so
does the order in which `np.sum` adds. The versions that the recorder evaluates are arrays of their own, with the
strides of the array that is written. So a box keeps the array as it was made, its `layout`, and what an operation
gives is a view where its memory lies within that of the version; the same part of the layout is the view's own.
Nothing is evaluated for the sake of the layout, whose numbers are old. Where the answer depends on the layout of an
argument and one of the arrays is written, the path is guarded by the strides of the arrays from outside
(`writable.py`).

**Arguments.** A written argument is guarded: it is writable, and it shares no memory with any other array from
outside. The generated code writes into a copy whose elements lie in the same order. A captured array is not written
at all: the write would be an effect outside the function.

**Storage.** The adjoint and the passes see versions only. The last pass (`place_writes` in `passes/storage.py`) gives
each version a memory: that of the version before. What shares this memory and is read later is copied right before
the write, and the copy stands for it from there on. It would be as easy to write into the copy and to keep the old
array. But then the function would go on with an array of another layout, and sums over it could differ in the last
bit. Here the function's arrays stay where NumPy has them, and the copies serve the adjoint. Parts that no write
reaches are not copied: `passes/regions.py` knows which elements constant basic indices name. After this pass the
emitter may print each write as one; that is why it runs also where nothing is optimised.

**Cost.** The cotangent of an array is an array of the sweep's own. `accumulate` makes contributions to parts of it
writes, so that reading one element in a loop costs one element. `simplify_parts` drops writes that nothing reads, and
assigns where the sum with zeros was meant. The recorder itself evaluates each version as a new array: a recording
costs a copy for each write, a later call does not.

**The tape** does all this in another way, so that it is a reference here too. Its function runs on copies of the
arguments with their strides, and NumPy's own arrays are written; aliases and views are NumPy's. Memory that was
written while something in it was differentiated is a *region* (`tape/memory.py`): its contents, as one flat array,
have a name. A write gives them a new name, a read is an entry from the contents to a copy of what is there. Which
elements an array consists of follows from its address and strides, whatever views it was made through. So the tape
knows no views, indices of indices, layouts or storage, and a fault in one of them shows as a difference. Some
programs are followed by one of the two only: the tape follows arguments that share memory and questions about
strides, and refuses `flat` of a differentiated array.

Two other designs were left aside. The emitter could decide what is stored in place; as a pass on the list the
decision is seen by `verify` and by the tests of passes. A view could be found by asking the arrays of the recording
for `base`; but those are copies of one another after a write, so it is asked of the layouts.

What comes from outside: captures, premises, effects
----------------------------------------------------

A compiled path must not know more than it asked. What the function reads from outside is a statement of the list, so
generated code reads it again.

- **Captured values** are read afresh, and guarded by type and shape: globals, closure cells, attributes, items of
  containers, defaults. A list or dict is taken apart, its length or keys are guarded, and its items are read one by
  one.
- **Captured code** is guarded by identity. A function that was followed must be the same function, or the path does
  not apply.
- **Builtins** are guarded against being shadowed.

A guard on something that is known before the call starts is a *premise*. Premises are asked before the path is
entered, in one expression, so a path whose premises do not hold costs no more than that.

What was asked is remembered, so that it is asked once. A memory stands for statements: where a region is walked
again, or left, what its statements said is forgotten with them. What can be asked in front of a region is asked
there.

**Which objects are one.** A differentiated argument, a copy and a container that is taken apart are other objects
than in the plain call. What each stands for is known (`machine/standing.py`), and `is`, `id` and `in` speak of that:
where the function asks, the path asks the objects themselves, `x is y`, in each call. Which containers among the
arguments are one object is part of the key.

A call without a derivative that is not known to be pure is an *effect*: `print`, a random draw, a method of an object
from outside. It is a statement that is never shared, moved or dropped. An effect must happen once in a call, also in
a call that runs half a path, meets a guard that fails, and starts over. So paths with effects take a log: what was
performed is kept with its outcome, value or exception, and handed on to the next path or to the recording, in order.
So is what was read between two effects, since another one may have changed it. An entry says what was called or read,
on which object, with which arguments, and serves nothing else; a call that does something else than the log says is
refused. One path may have read a list or dict whole where another one reads it in parts, since it changes it. What
was read whole tells every part, as long as no effect was given the container (`Effects.contents`); what nothing tells
is refused. A path without effects serves no call in which something has happened: it would read the world of now.
After an effect, values from outside are read again, for they may have changed. A recording that begins anew, or gets
too long, does nothing on its way out of the user's function: its log has ended, handlers let it through, and contexts
stay entered, for the next walk is handed that they are and leaves them.

A write into an object from outside is an effect too: `perform(setattr, model, 'calls', t3)`. A container that is
written is not taken apart, so that a history that grows needs no new path: at the first write the recording begins
anew, with the container read item by item (`changing.py`). What is kept outside is the plain value. The place where a
followed value was kept is remembered for the rest of the call, and a read of that place is the value again, under a
guard that it is the same object. A list has no such places, since they shift: reading it is refused then. An array
from outside is copied when it is read, and each write is made in the copy, which is followed like any array, and in
the array itself (`mirrors.py`). The tape does the same on the objects themselves (`tape/world.py`).

An operation that raised, and whose exception the function caught, is part of the path too: the path holds as long as
it raises the same.
"""
