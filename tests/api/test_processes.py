"""Derivatives in other processes: of joblib, Dask, Ray, multiprocessing, and fresh ones that get a pickle; the texts go along."""
from __future__ import annotations

import copy
import linecache
import os
import pathlib
import pickle
import subprocess
import sys
import types
from typing import Any
from unittest import mock

import cloudpickle
import numpy as np
import pytest

import s2sad
from s2sad import SourceUnavailable, arrived, grad
from s2sad.rules import language

ROOT = pathlib.Path(__file__).parent.parent.parent

READ = "import pickle, sys; f, x = pickle.loads(sys.stdin.buffer.read()); print(repr(f(x)))"

# What a cell of a notebook, or a script, has: helpers, decorated functions, methods, closures, rules of one's own.
DEFINED = '''
import functools, math
import numpy as np
import s2sad
from s2sad import grad

k = 3.0


def helper(x):
    return k * x * x


def f(x):
    return helper(x) + math.sin(x)


@grad
def decorated(x):
    return helper(x) * x


@grad
@grad
def twice(x):
    return helper(x) * x


def scaled(a, x):
    return a * helper(x)


def closed(a):
    def inside(x):
        return a * helper(x)
    return inside


class Model:
    def __init__(self, a):
        self.a = a
        self.shape = lambda x: helper(x) + x

    def loss(self, x):
        return self.a * self.shape(x)

    def __call__(self, x):
        return self.loss(x) * x

    @grad
    def slope(self, x):
        return self.a * x ** 3


@s2sad.custom_vjp
def log1pexp(x):
    return math.log(1.0 + math.exp(x))


log1pexp.defvjp(lambda x: (log1pexp(x), x), lambda x, g: (g * (1.0 - 1.0 / (1.0 + math.exp(x))),))


@s2sad.custom_jvp
def cube(x):
    return x ** 3


@cube.defjvp
def cube_jvp(primals, tangents):
    return cube(primals[0]), 3.0 * primals[0] ** 2 * tangents[0]


@s2sad.stop_gradient
def constant(x):
    return helper(x)


def newton(a):
    x = 1.0
    for _ in range(30):
        x = x - (x * x - a) / (2.0 * x)
    return x


root = s2sad.implicit(newton, lambda x, a: x * x - a)


@grad
def recursive(x):
    return x if x < 1.0 else x * recursive.function(x / 2.0)


THINGS = {
    "grad": (grad(f), 2.0),
    "kept": (grad(newton, control="keep"), 2.0),
    "value_and_grad of a lambda": (s2sad.value_and_grad(lambda x: helper(x) * x), 2.0),
    "decorated": (decorated, 2.0),
    "decorated twice": (twice, 2.0),
    "recursive": (recursive, 3.0),
    "grad of grad": (grad(grad(f)), 2.0),
    "partial": (grad(functools.partial(scaled, 2.0)), 2.0),
    "closure": (grad(closed(5.0)), 2.0),
    "method": (grad(Model(2.0).loss), 2.0),
    "callable object": (grad(Model(2.0)), 2.0),
    "decorated method": (Model(2.0).slope, 2.0),
    "jacobian": (s2sad.jacobian(lambda x: np.array([helper(x), x])), 2.0),
    "hessian": (s2sad.hessian(lambda x: helper(x[0]) * x[1]), np.array([2.0, 3.0])),
    "hvp": (lambda x, h=s2sad.hvp(lambda x: helper(x[0]) * x[1]): h(x, np.array([1.0, 0.0])), np.array([2.0, 3.0])),
    "jvp": (functools.partial(s2sad.jvp, s2sad.compiled(f), tangents=(1.0,)), (2.0,)),
    "vjp": (lambda x, f=s2sad.compiled(f): s2sad.vjp(f, x)[1](1.0), 2.0),
    "elementwise_grad": (s2sad.elementwise_grad(lambda x: helper(x)), np.array([1.0, 2.0])),
    "sparse": (s2sad.jacobian(lambda x: helper(x) * x[0], sparse=True), np.array([1.0, 2.0])),
    "compiled": (s2sad.compiled(f), 2.0),
    "custom_vjp": (log1pexp, 0.5),
    "grad of custom_vjp": (grad(grad(log1pexp)), 0.5),
    "grad of custom_jvp": (grad(lambda x: cube(x) * x), 0.5),
    "stop_gradient": (grad(lambda x: constant(x) * x), 0.5),
    "implicit": (grad(grad(root)), 2.0),
}
'''
COMPARED = '''

def answer(thing, x):
    found = thing(x)
    return getattr(found, "toarray", lambda: found)()


def compare(answers):
    for (name, (thing, x)), there in zip(THINGS.items(), answers):
        assert repr(there) == repr(answer(thing, x)), (name, there)
    print("all the same")
'''
DEFINED += COMPARED
AS_FILE = DEFINED  # a script
AS_CELL = f"""
import linecache, __main__
text, name = {DEFINED!r}, "/tmp/ipykernel_17/3405691582.py"
linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
exec(compile(text, name, "exec"), __main__.__dict__)
"""


def run(place: pathlib.Path, text: str, **variables: str) -> str:
    """What a script prints, in an interpreter of its own."""
    script = place / "script.py"
    script.write_text(text)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **variables}
    done = subprocess.run([sys.executable, "-W", "error", str(script)], capture_output=True, text=True, env=environment, check=False,
                          timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


# Real schedulers

JOBLIB = """
if __name__ == "__main__":
    import joblib
    compare(joblib.Parallel(n_jobs=2)(joblib.delayed(answer)(*each) for each in THINGS.values()))
"""
DASK = """
if __name__ == "__main__":
    import tempfile, dask
    from distributed import Client, LocalCluster
    with (dask.config.set(temporary_directory=tempfile.mkdtemp()),
          LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as cluster, Client(cluster) as client):
        # One by one: a class that arrives once more gets new methods, also while one of its instances is at work.
        compare([client.submit(answer, *each, pure=False).result() for each in THINGS.values()])
"""
RAY = """
if __name__ == "__main__":
    import ray
    ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False)
    there = ray.remote(answer)
    compare(ray.get([there.remote(*each) for each in THINGS.values()]))
    ray.shutdown()
"""
SCHEDULERS = {"joblib": JOBLIB, "dask": DASK, "ray": RAY}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("written", ["file", "cell"])
def test_each_kind_of_derivative_is_sent(scheduler: str, written: str, tmp_path: pathlib.Path) -> None:
    if scheduler == "ray":
        pytest.importorskip("ray", reason="Ray is large, and in no extra: pip install ray")
    text = {"file": AS_FILE, "cell": AS_CELL}[written] + SCHEDULERS[scheduler]
    assert "all the same" in run(tmp_path, text, PYTHONWARNINGS="error" if scheduler == "joblib" else "default")


# Functions that make their derivatives where they arrive: nothing of s2sad is sent with them.
FITTED = """
import numpy as np
from s2sad import grad, value_and_grad

def cube(x):
    return x ** 3

class Model:
    def __init__(self, rate):
        self.rate = rate

    def loss(self, p):
        return np.sum((cube(p) * self.rate - 1.0) ** 2)

    def fit(self, p):
        value, slope = value_and_grad(self.loss)(p)
        return float(value), slope.tolist(), grad(grad(lambda x: cube(x) * self.rate))(2.0), self.bent(3.0)

    def bent(self, x):
        def inside(y):
            return y * cube(self.rate)
        return grad(inside)(x)

THINGS = {rate: (Model(rate).fit, np.array([1.0, 2.0])) for rate in (0.5, 2.0)}
"""
FITTED += COMPARED


@pytest.mark.parametrize("scheduler", ["joblib", "dask"])
def test_a_method_of_a_script_is_differentiated_where_it_arrives(scheduler: str, tmp_path: pathlib.Path) -> None:
    text = FITTED + {"joblib": JOBLIB, "dask": DASK}[scheduler]
    assert "all the same" in run(tmp_path, text, PYTHONWARNINGS="default" if scheduler == "dask" else "error")


# The script is edited while it runs, and then its function arrives in a process that knows nothing of it.
EDITED = """
import cloudpickle, pathlib, subprocess, sys
text = pathlib.Path(__file__).read_text()
pathlib.Path(__file__).write_text(text.replace({!r}, {!r}))
subprocess.run([sys.executable, "-c", {!r}], input=cloudpickle.dumps(THINGS[0.5]), stderr=subprocess.STDOUT)
"""


@pytest.mark.parametrize("old, new, said", [
    ("def cube", "# It is above.\n\ndef cube", "(9.25, [-1.5, 36.0], 6.0, 0.125)"),
    ("* self.rate - 1.0", "* self.rate - 2.0", "loss() came from another process without its text\nhint: make the derivative where"),
])  # fmt: skip
def test_a_script_that_was_edited_is_compared_elsewhere(old: str, new: str, said: str, tmp_path: pathlib.Path) -> None:
    assert said in run(tmp_path, FITTED + EDITED.format(old, new, READ))


CELL_THAT_FITS = """
import numpy as np
from s2sad import grad, value_and_grad
class Model:
    def loss(self, p):
        return p * p
    def fit(self, p):
        return grad(self.loss)(p)
class Better(Model):
    @grad
    def slope(self, p):
        return self.loss(p)
    def fit(self, p):
        return self.slope(p)
class Best(Model):
    def __init__(self):
        self.slope = grad(self.loss)
    def fit(self, p):
        return self.slope(p)
"""


def test_what_is_said_of_a_cell_that_is_not_there_leads_to_the_way_out() -> None:
    made = cell(CELL_THAT_FITS, "<cell that fits>")
    said = read_elsewhere(cloudpickle.dumps((made.Model().fit, 3.0)), check=False)
    assert said.endswith("SourceUnavailable: no source: loss() came from another process without its text\n"
                         "hint: make the derivative where the function is written, and send that, for it takes the text along; "
                         "or define the function in a module that can be imported here")  # fmt: skip
    for way_out in (made.Better(), made.Best()):
        assert read_elsewhere(cloudpickle.dumps((way_out.fit, 3.0))) == "6.0"


SPAWN = """
if __name__ == "__main__":
    import multiprocessing
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        for each in (decorated, twice, grad(f), log1pexp, constant, grad(functools.partial(scaled, 2.0))):
            assert pool.map(each, [0.5, 2.0]) == [each(0.5), each(2.0)], each
    print("all the same")
"""


def test_a_script_that_spawns_processes_sends_names(tmp_path: pathlib.Path) -> None:
    assert "all the same" in run(tmp_path, DEFINED + SPAWN)


# Pickles in a fresh process


def read_elsewhere(pickled: bytes, check: bool = True, path: str = "") -> str:
    """What a process that knows nothing of this one makes of a pickled function and its argument; or what it complains of."""
    done = subprocess.run([sys.executable, "-c", READ], input=pickled, capture_output=True, check=False, cwd="/",
                          env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), path])})  # fmt: skip
    assert not check or done.returncode == 0, done.stderr.decode()[-3000:]
    return (done.stdout or done.stderr).decode().strip()


def cell(text: str, name: str) -> types.ModuleType:
    """A module that no other process can import, whose text only `linecache` has."""
    made = types.ModuleType("cells")
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    exec(compile(text, name, "exec"), made.__dict__)
    return made


@pytest.mark.parametrize("protocol", range(6))
def test_pickles_of_any_protocol(protocol: int) -> None:
    made = cell("k = 2.0\ndef helper(x):\n    return k * x\ndef f(x):\n    return helper(x) * x\n", f"<cell of protocol {protocol}>")
    assert read_elsewhere(cloudpickle.dumps((grad(made.f), 3.0), protocol=protocol)) == "12.0"
    assert pickle.loads(pickle.dumps(decorated, protocol)) is decorated
    assert pickle.loads(pickle.dumps(Holder.slope, protocol)) is Holder.slope
    assert pickle.loads(pickle.dumps(own, protocol)) is own and pickle.loads(pickle.dumps(stopped, protocol)) is stopped


@grad
def decorated(x: float) -> float:
    """Decorated."""
    return x * x


@s2sad.custom_vjp
def own(x: float) -> float:
    return x


@s2sad.stop_gradient
def stopped(x: float) -> float:
    return x


def cubed(x: float) -> float:
    return x ** 3


class Holder:
    @grad
    def slope(self, x: float) -> float:
        return x * x


def test_what_goes_by_name_is_not_compiled_again_where_it_arrives() -> None:
    """Neither the derivative that has the name of its function, nor one of a function that is found by its name, from the third on."""
    sent = [cloudpickle.loads(cloudpickle.dumps(grad(cubed))) for _ in range(5)]
    assert [derivative(2.0) for derivative in sent] == [12.0] * 5 and len({*map(id, sent)}) == 5
    assert [derivative.stats().recordings for derivative in sent] == [1, 1, 0, 0, 0]
    assert cloudpickle.loads(cloudpickle.dumps(decorated)) is decorated


def test_a_module_that_goes_by_value_takes_its_texts_along(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "only_here.py").write_text("from s2sad import grad\ndef h(x):\n    return x ** 3\n@grad\ndef f(x):\n    return h(x)\n")
    monkeypatch.syspath_prepend(tmp_path)
    module: Any = __import__("only_here")
    assert "No module named 'only_here'" in read_elsewhere(cloudpickle.dumps((module.f, 2.0)), check=False)
    cloudpickle.register_pickle_by_value(module)
    try:
        assert read_elsewhere(cloudpickle.dumps((module.f, 2.0))) == "12.0"
        assert read_elsewhere(cloudpickle.dumps((grad(module.f), 2.0))) == "12.0"
    finally:
        cloudpickle.unregister_pickle_by_value(module)


def test_the_text_is_sent_as_it_was_seen() -> None:
    made = cell("def f(x):\n    return x * x\n", "<cell edited>")
    derivative = grad(made.f)
    derivative(1.0)
    cell("def f(x):\n    return x * x * x\n", "<cell edited>")
    assert read_elsewhere(cloudpickle.dumps((derivative, 3.0))) == "6.0"


def test_what_arrives_is_sent_on() -> None:
    made = cell("def f(x):\n    return x * x\n", "<cell sent on>")
    on = "import cloudpickle, sys; g = cloudpickle.loads(sys.stdin.buffer.read()); sys.stdout.buffer.write(cloudpickle.dumps(g))"
    done = subprocess.run([sys.executable, "-c", on], input=cloudpickle.dumps((grad(made.f), 3.0)), capture_output=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})  # fmt: skip
    assert read_elsewhere(done.stdout) == "6.0"


def test_a_refusal_elsewhere_names_the_line() -> None:
    made = cell("def f(x):\n    y = x * x\n    return eval('y')\n", "<cell refused>")
    said = read_elsewhere(cloudpickle.dumps((grad(made.f), 3.0)), check=False)
    assert "<cell refused>:3:12: unsupported: eval()" in said and "return eval('y')\n" in said


RULES = """
from s2sad import elementwise, grad
def h(x):
    return x * x
def f(x):
    return h(x) * x
elementwise("h(x)", x="100.0")
"""


def test_a_rule_that_is_not_there_is_told(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with mock.patch.dict(language.BY_FUNCTION), mock.patch.dict(language.BY_NAME):
        made = cell(RULES, "<cell with a rule>")
        assert grad(made.f)(1.0) == 101.0
        for derivative in (grad(made.f), grad(lambda x: made.h(x))):
            said = read_elsewhere(cloudpickle.dumps((derivative, 1.0)), check=False)
            assert "RuleError: bad rule: h has a rule in the process that a derivative comes from, and none in this one" in said
        (tmp_path / "with_a_rule.py").write_text(RULES)
        monkeypatch.syspath_prepend(tmp_path)
        module: Any = __import__("with_a_rule")
        pickled = cloudpickle.dumps((grad(lambda x: module.h(x)), 1.0))
        assert read_elsewhere(pickled, path=str(tmp_path)) == "100.0"


# What is sent, and what is read


def test_only_texts_that_are_not_there_are_sent() -> None:
    made = cell("import numpy as np\ndef f(x):\n    return np.cov(x)\n", "<cell library>")
    assert [text.file for text in texts_of(grad(made.f))] == ["<cell library>"]
    assert texts_of(grad(np.cov)) == [] and texts_of(grad(read_elsewhere)) == []


def texts_of(derivative: Any) -> Any:
    return derivative.__reduce_ex__(5)[2].__reduce__()[1][-1][0]


def test_a_text_that_came_is_read_for_the_same_code_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrived, "_texts", {})
    made = cell("def f(x):\n    return x * x\n", "<cell to compare>")
    del linecache.cache["<cell to compare>"]
    for text in ("def f(x):\n    return x + x\n", "def f(x):\n    return x * x + 0.0\n"):
        send("<cell to compare>", text, made.f)
        with pytest.raises(SourceUnavailable):
            grad(made.f)(3.0)
    send("<cell to compare>", "def f(x):\n    return x * x\n", made.f)
    assert grad(made.f)(3.0) == 6.0


def send(file: str, text: str, function: Any) -> None:
    pickle.loads(pickle.dumps(arrived.SentText(file, text.splitlines(keepends=True), arrived.marks(function.__code__))))
    linecache.cache.pop(file, None)


def test_texts_that_came_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrived, "_texts", {})
    monkeypatch.setattr(arrived, "KEPT", 3)
    for k in range(5):
        send(f"<cell bounded {k}>", "\n", decorated.function)
    assert [file for file, _ in arrived.texts(decorated.function.__code__)] == [f"<cell bounded {k}>" for k in (4, 3, 2)]


def test_copies_and_what_they_tell_of_themselves() -> None:
    made = cell("def f(x):\n    'The square.'\n    return x * x\n", "<cell copied>")
    derivative = grad(made.f)
    for again in (copy.copy(derivative), copy.deepcopy(derivative), cloudpickle.loads(cloudpickle.dumps(derivative))):
        assert again is not derivative and again(3.0) == 6.0
        assert (again.__name__, again.__doc__) == ("f", derivative.__doc__) and again.paths and not derivative.paths
    assert copy.copy(decorated) is decorated and copy.deepcopy(decorated) is decorated
