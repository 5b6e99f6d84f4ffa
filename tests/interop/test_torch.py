"""Functions of PyTorch's tensors, held against PyTorch: by its gradcheck, and by the same function written with its own operations."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest

import s2sad

torch = pytest.importorskip("torch", reason="PyTorch is not installed, which is large: pip install '.[torch]' and these tests run")

from s2sad.interop.torch import function  # noqa: E402  it needs PyTorch

pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")  # which PyTorch itself calls


@function
def network(x, w, power=2):
    hidden = np.tanh(x @ w)
    return np.sum(hidden**power), hidden


@function
def by_branches(x):
    y = 0.0
    for k in range(3):
        y = y + math.sin(x * k)
        if x > 0:
            y = y * x
    return y


@function
def wave(x):
    return np.sum(np.sin(x) * x**2)


@function
def holomorphic_and_not(z):
    return np.exp(z) * np.conj(z) + z.real


def given(*shape: int, dtype: Any = None, seed: int = 0) -> Any:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=dtype or torch.float64, generator=generator).requires_grad_()


@pytest.mark.parametrize("check", [torch.autograd.gradcheck, torch.autograd.gradgradcheck])
@pytest.mark.parametrize(
    "called, inputs",
    [
        (network, (given(4, 3), given(3, 2, seed=1))),
        (network, (given(4, 3).detach(), given(3, 2, seed=1), 3)),
        (by_branches, (torch.tensor(0.7, dtype=torch.float64, requires_grad=True),)),
        (by_branches, (torch.tensor(-0.7, dtype=torch.float64, requires_grad=True),)),
        (holomorphic_and_not, (given(3, dtype=torch.complex128),)),
        (lambda x, w: network(x.T, w)[0], (given(3, 4), given(3, 2, seed=1))),
    ],
    ids=["two of them", "one of them", "scalar", "other side", "complex", "not contiguous"],
)
def test_autograd_checks_it(check: Any, called: Any, inputs: Any) -> None:
    assert check(called, inputs)


@pytest.mark.parametrize("dtype", ["float64", "complex128"])
def test_a_gradient_that_is_differentiated_again_is_the_same(dtype: str) -> None:
    z = given(3, dtype=getattr(torch, dtype))
    seed = given(3, dtype=getattr(torch, dtype), seed=1).detach()
    called = holomorphic_and_not if dtype == "complex128" else function(lambda x: np.sin(x) * x)
    again, once = (torch.autograd.grad(called(z), z, seed, create_graph=create)[0] for create in (True, False))
    torch.testing.assert_close(again, once, rtol=1e-12, atol=0.0)


def test_forward_mode_is_checked_as_well() -> None:
    inputs = given(4, 3), given(3, 2, seed=1)
    assert torch.autograd.gradcheck(network, inputs, check_forward_ad=True)
    assert torch.autograd.gradgradcheck(network, inputs, check_fwd_over_rev=True)


def test_the_third_derivative() -> None:
    x = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    found = by_branches(x)
    for _ in range(3):
        (found,) = torch.autograd.grad(found, x, create_graph=True)
    assert found.item() == pytest.approx(s2sad.elementwise_grad(by_branches.function, order=3)(0.7), rel=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtypes_and_shapes_are_those_of_the_function(dtype: str) -> None:
    x, w = given(4, 3, dtype=getattr(torch, dtype)), given(3, 2, dtype=getattr(torch, dtype))
    loss, hidden = network(x, w)
    assert str(loss.dtype) == str(hidden.dtype) == f"torch.{dtype}" and loss.shape == () and hidden.shape == (4, 2)
    (loss + hidden.sum()).backward()
    again = [t.detach().clone().requires_grad_() for t in (x, w)]
    h = torch.tanh(again[0] @ again[1])
    ((h**2).sum() + h.sum()).backward()
    for one, other in zip((x, w), again, strict=True):
        assert one.grad.dtype == one.dtype
        torch.testing.assert_close(one.grad, other.grad)


def test_containers_and_what_is_no_tensor() -> None:
    @function
    def model(p, *, scale, kind):
        loss = np.sum(p["w"] ** 2 * scale) if kind == "sum" else 0.0
        return {"loss": loss, "order": np.argsort(p["w"]), "n": 3, "name": p["name"], "none": None}

    w = torch.tensor([3.0, 1.0, 2.0], requires_grad=True)
    scale = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    found = model({"w": w, "name": "a", "whole": torch.tensor([1, 2])}, scale=scale, kind="sum")
    assert (found["n"], found["name"], found["none"], found["order"].tolist()) == (3, "a", None, [1, 2, 0])
    assert not found["order"].requires_grad
    found["loss"].backward()
    assert w.grad.tolist() == [6.0, 4.0, 12.0] and scale.grad.tolist() == [9.0, 1.0, 4.0]


def test_gradients_go_where_they_are_required() -> None:
    x, w = given(4, 3), given(3, 2).detach()
    network(x, w)[0].backward()
    assert x.grad is not None and w.grad is None
    assert not network(x.detach(), w)[0].requires_grad
    with torch.no_grad():
        assert not network(x, w)[0].requires_grad


def test_no_memory_is_shared_with_what_is_read_later() -> None:
    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    result = function(lambda x: np.exp(x))(x)
    expected = result.detach().clone()
    with torch.no_grad():
        result.zero_()
    result.backward(torch.ones(2, dtype=torch.float64))
    assert torch.equal(x.grad, expected)
    assert function(lambda x: x[::-1])(x).tolist() == [2.0, 1.0]


def test_an_argument_is_not_written_into() -> None:
    @function
    def writes(x):
        x[0] = x[1] ** 2
        return x.sum()

    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    writes(x).backward()
    assert x.tolist() == [1.0, 2.0] and x.grad.tolist() == [0.0, 5.0]


def test_a_tensor_that_changes_before_the_backward_pass_is_told_of() -> None:
    x = torch.ones(3, dtype=torch.float64, requires_grad=True) * 1.0
    found = wave(x)
    x[0] = 5.0
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        found.backward()


def test_backward_twice() -> None:
    x = torch.ones(3, dtype=torch.float64, requires_grad=True)
    found = wave(x)
    found.backward(retain_graph=True)
    once = x.grad.clone()
    found.backward()
    assert torch.equal(x.grad, 2.0 * once)


def test_the_transforms_of_torch_func() -> None:
    rows = given(5, 3).detach()

    def same(x: Any) -> Any:
        return torch.sum(torch.sin(x) * x**2)

    for transform in (torch.func.grad, torch.func.hessian, lambda f: torch.func.jacrev(torch.func.jacrev(f))):
        torch.testing.assert_close(transform(wave)(rows[0]), transform(same)(rows[0]))
    torch.testing.assert_close(torch.vmap(wave)(rows), torch.vmap(same)(rows))
    torch.testing.assert_close(torch.vmap(torch.func.grad(wave), in_dims=1)(rows), torch.vmap(torch.func.grad(same), in_dims=1)(rows))


def test_a_layer_of_a_module_trains() -> None:
    torch.manual_seed(0)
    linear = torch.nn.Linear(2, 1)
    x, y = torch.randn(20, 2), torch.randn(20)

    @function
    def loss(predicted, y):
        return np.mean((predicted[:, 0] - y) ** 2)

    optimiser = torch.optim.Adam(linear.parameters(), 0.1)
    for _ in range(150):
        optimiser.zero_grad()
        loss(linear(x), y).backward()
        optimiser.step()
    a = torch.cat([x, torch.ones(20, 1)], dim=1)
    best = torch.linalg.lstsq(a, y[:, None]).solution[:, 0]
    torch.testing.assert_close(torch.cat([linear.weight[0], linear.bias]).detach(), best, rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize(
    "tensor, told",
    [
        (lambda: torch.ones(3, device="meta"), r"argument x_1 is on the device meta, .* pass it as .cpu\(\)"),
        (lambda: torch.ones(3).to_sparse(), r"argument x_1 has the layout torch.sparse_coo: pass it as .to_dense\(\)"),
        (lambda: torch.ones(3, dtype=torch.bfloat16), r"argument x_1 has the dtype torch.bfloat16: pass it as .float\(\) or .double\(\)"),
    ],
)
def test_what_numpy_cannot_read_is_refused(tensor: Any, told: str) -> None:
    with pytest.raises(TypeError, match=told):
        wave(x=[0.0, tensor()])


def test_what_has_no_derivative_names_the_line() -> None:
    with pytest.raises(s2sad.MissingRule, match=r"np.ma.average\(x\)"):
        function(lambda x: np.ma.average(x))(given(3))


def test_it_stands_for_the_function_and_is_pickled() -> None:
    assert wave.__name__ == "wave" and pickle.loads(pickle.dumps(wave)) is wave

    class Model:
        def __init__(self, k: float) -> None:
            self.k = k

        @function
        def energy(self, x):
            return self.k * np.sum(x**2)

    x = torch.tensor([1.0, 2.0], requires_grad=True)
    Model(3.0).energy(x).backward()
    assert x.grad.tolist() == [6.0, 12.0]
