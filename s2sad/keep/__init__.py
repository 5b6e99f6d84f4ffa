"""Control flow kept. A function and the types of its arguments come in, a list with loops and branches as regions goes
out; `keeper` is the machine, which walks each block on samples that stand for any value of a type. It may import what
records.
"""
