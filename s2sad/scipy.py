"""There is no SciPy of s2sad's own: who asks for one is told what to import."""
from s2sad.elsewhere import no_module

raise no_module(__name__)
