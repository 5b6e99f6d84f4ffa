"""Rules of the operations that the engine itself writes down."""
from s2sad.primitives import linear, rule, zero
from s2sad.runtime_core import accumulated, identity, replaced, written

linear("identity(x)", x="g", namespace={"identity": identity})
zero("replaced(array, index, value)", namespace={"replaced": replaced})
rule("sum(items, start)", items="[g for item in items]", start="g", jvp="sum(items_dot, start_dot)")
zero("written(array, function, args, kwargs)", namespace={"written": written})
linear("accumulated(array, index, value)", array="g", value="g[index]", namespace={"accumulated": accumulated})
linear("x.conjugate()", x="np.conjugate(g)")
