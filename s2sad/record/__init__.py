"""One call followed. A function and the values of its arguments come in, a list of what was computed goes out, with a
guard wherever a value decided; `recorder` is the machine, the others say what it does with arrays that change, with
objects, and with what is outside. It may import the list and its adjoint.
"""
