"""Three ways to a gradient compared. A function and arguments come in, a report goes out of where compiled code, the
tape and differences disagree. It may import the tape and the public functions.
"""
from s2sad.check.report import CheckFailed, Report
from s2sad.check.three_ways import check_grads

__all__ = ["CheckFailed", "Report", "check_grads"]
