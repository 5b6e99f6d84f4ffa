"""The intermediate representation: a Wengert list with regions. What a machine is asked comes in and is written down
(`writing`, on a sheet that the machine holds), a Function goes out (`program`); `verify` holds its rules, `liveness`
tells what of it is needed, `interpret` runs it. It may import the machine, whose operations are written down.

The language
------------

    function  ::= name block
    block     ::= (var ...) { statement ... } -> (operand ...)
    statement ::= var ... = primitive(operand ...)
                | guard atom kind value
                | var ... = for range or while block, carried operand ..., scanned var ... : block
                | var ... = if atom then block else block
    operand   ::= atom | display           a display is a tuple, list, dict or slice of operands
    atom      ::= var | const

This is a Wengert list with regions, in static single assignment, as frozen dataclasses. A recorded path has no
regions: its list has the first two kinds of statements only. A block reads the variables around it freely. A `Var`
carries the type that was recorded: a class, or dtype and shape. A statement carries its place in the user's file, and
the *phase* it belongs to: 0 for the function, 1 for its adjoint, 2 for the adjoint of that. There are four kinds of
guards: `truth` of a condition, `equals` for a number that shaped the list, `type`, and `is` for a function or class
that was followed.

`verify` checks every list the passes make: each variable is assigned once and before it is read, each primitive has
its operands, each region as many parameters and results as it carries and saves values. And each statement has the type
that its primitive tells from the types of its arguments (`typed.py`). In a recorded path that is held against what NumPy
gave. Of what is kept, where sizes are symbols, a type may follow only from what the guards and conditions of the list
ask: a guard that was left out is found. Types take about as long as keeping does, so they are looked at in the tests, and
in use where `Settings(verify=True)` asks for it.
"""
