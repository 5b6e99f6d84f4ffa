"""What is said of edges holds where it can be run, and stands for each function whose forms have an edge."""

from __future__ import annotations

import pytest

from s2sad.rules import edges as texts
from s2sad.shown.rule_table import NUMPY, SCIPY, public, row
from tests.forms import checked, edges, edges_numpy, edges_scipy, edges_special
from tests.forms.form import Form
from tests.forms.test_forms import FORMS

TABLES = (edges_numpy, edges_scipy, edges_special)
CLAIMS = [claim for table in TABLES for claim in table.CLAIMS]
RAISES = [raising for table in TABLES for raising in table.RAISES]
NAMED = {name: function for module in (*NUMPY, *SCIPY) for name, function in public(module)}
NO_EDGE = {"np.gradient", "scipy.special.itairy", "scipy.special.log_softmax"}  # what differences see there is too small


def called(form: Form) -> set[str]:
    """The functions that a form calls; those of an object count as its."""
    names = {name for name, _ in checked.called(form)}
    return names | {name.rpartition(".")[0] for name in names}


@pytest.mark.sampled(12)
@pytest.mark.parametrize("claim", CLAIMS, ids=[f"{claim.call} {n}" for n, claim in enumerate(CLAIMS)])
def test_a_gradient_at_an_edge(claim: Form) -> None:
    edges.check(claim)


@pytest.mark.parametrize(("claim", "text"), RAISES, ids=[claim.call for claim, _ in RAISES])
def test_an_edge_without_a_gradient(claim: Form, text: str) -> None:
    with edges.refused(text):
        edges.check(claim)


def test_each_note_is_of_a_public_function() -> None:
    assert sorted(texts.notes().keys() - NAMED.keys()) == []


def test_each_function_with_a_note_has_a_line_that_runs() -> None:
    shown = {name for claim in [*CLAIMS, *[claim for claim, _ in RAISES]] for name in called(claim)}
    assert sorted(texts.notes().keys() - shown) == []


def test_each_function_that_is_shown_at_an_edge_has_a_note() -> None:
    first = {name for f in FORMS if f.edge is not None for name, _ in [*checked.called(f)][:1]}
    first |= {name.rpartition(".")[0] for name in first}
    assert sorted(n for n in first - NO_EDGE if n in NAMED and not row(n, NAMED[n]).note) == []


def test_texts_are_short() -> None:
    assert [text for found in texts.notes().values() for text in found if len(text) > 100] == []
