"""The intermediate representation: a Wengert list with regions. What a machine is asked comes in and is written down
(`writing`), a Function goes out (`program`); `verify` holds its rules, `liveness` tells what of it is needed,
`interpret` runs it. It may import the machine, whose operations are written down.
"""
