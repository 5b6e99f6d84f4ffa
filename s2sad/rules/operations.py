"""The primitives of the table that the engine itself writes down or takes apart, as objects: there is no other way to name one.

What is true of more than one primitive, or might be of another, is a fact of it, and asked for.
"""
from __future__ import annotations

import numpy as np

from s2sad.rules import creation, indexing, operators, own, shapes
from s2sad.rules.language import BY_FUNCTION, BY_NAME

# Parts of arrays, and the versions that writes make
GETITEM = BY_NAME["getitem"]
SCATTER = BY_NAME["scatter"]
REPLACED = BY_NAME["replaced"]
ACCUMULATED = BY_NAME["accumulated"]
DIMINISHED = BY_NAME["diminished"]
ACCUMULATED_AT = BY_NAME["accumulated_at"]

# The same value again
IDENTITY = BY_NAME["identity"]
COPIED = BY_NAME["copied"]
COPIED_IF_THERE = BY_NAME["copied_if_there"]
COPY_IN_ORDER = BY_NAME[".copy"]
COPY = BY_FUNCTION[np.copy]
ZEROS = BY_FUNCTION[np.zeros]
ARRAY = BY_FUNCTION[np.array]
RESHAPE = BY_FUNCTION[np.reshape]
TRANSPOSE = BY_FUNCTION[np.transpose]
ASTYPE = BY_NAME[".astype"]
FLOAT = BY_FUNCTION[float]
CONJUGATE = BY_NAME[".conjugate"]

SUM = BY_FUNCTION[np.sum]
SUMMED_TO = BY_NAME["summed_to"]

# Arithmetic
ADD = BY_NAME["+"]
SUBTRACT = BY_NAME["-"]
MULTIPLY = BY_NAME["*"]
MATMUL = BY_NAME["@"]
OUTER = BY_FUNCTION[np.outer]
DIVIDE = BY_NAME["/"]
NEGATE = BY_NAME["neg"]
POWER = BY_NAME["**"]
POWER_DERIVATIVE = BY_NAME["power_derivative"]
EQUAL = BY_NAME["=="]
LESS = BY_NAME["<"]
SUM_OF_ITEMS = BY_FUNCTION[sum]

# Cotangents that may not be there
ADDED_COTANGENTS = BY_NAME["added_cotangents"]
NO_COTANGENTS = BY_NAME["no_cotangents"]
