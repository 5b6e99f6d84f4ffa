"""Benchmarks of compiled gradients, outside the default test run.

Run the table with `python -m tests.benchmarks.ratios`, the single entries with `pytest tests/benchmarks`.
"""
import os

# Matrix products on several threads make the ratios depend on what else the machine does. The libraries read these
# when NumPy is first imported, so they stand here, before any module of the package imports it.
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
