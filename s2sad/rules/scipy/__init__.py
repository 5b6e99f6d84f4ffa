"""The rules of SciPy's functions, a module for each module of SciPy, which are read when one of its functions is first met."""
