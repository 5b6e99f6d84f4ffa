"""What generated code and the rules call, and what may be asked of any value. Plain values come in, plain values go out:
`control` leaves paths and performs effects; `functions`, `arrays`, `bases`, `pivots`, `stacks` and `strong` are formulas; `asking`,
`same` and `containers` look at objects without running their code; `notices` and `finite` watch what NumPy warns of.
It may import `errors` alone.
"""
FORMULAS = frozenset(f"s2sad.runtime.{module}" for module in ("control", "functions", "arrays", "bases", "pivots", "stacks", "strong"))
"""The modules whose functions stand for what they compute: where one is called with followed values, it is followed itself."""
