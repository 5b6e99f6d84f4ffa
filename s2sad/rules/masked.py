"""The rules of the product with a masked cotangent: they mask again, so higher derivatives keep the exact zeros."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.primitives import rule
from s2sad.runtime import unbroadcast
from s2sad.runtime_masked import kept_partial, masked_product


def kept_back(g: Any, cotangent: Any, partial: Any) -> Any:
    kept = np.logical_or(np.not_equal(cotangent, 0), np.isfinite(partial))
    return unbroadcast(np.where(kept, g, 0.0), np.shape(partial))


# A cotangent that happens to be 0 beside a finite partial has its ordinary derivative; beside an infinite one the
# slot is masked, and the product is 0 whatever becomes of the cotangent.
rule("masked_product(cotangent, partial)",
     cotangent="unbroadcast(masked_product(g, kept_partial(cotangent, partial)), np.shape(cotangent))",
     partial="unbroadcast(masked_product(cotangent, g), np.shape(partial))", masks=True)  # fmt: skip
rule("kept_partial(cotangent, partial)",
     cotangent="unbroadcast(np.zeros_like(g), np.shape(cotangent))",
     partial="kept_back(g, cotangent, partial)", masks=True)  # fmt: skip
