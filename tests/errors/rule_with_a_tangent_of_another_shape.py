import numpy as np

import s2sad


def doubled(x):
    return np.multiply(x, 2.0)


def run():
    with s2sad.rules.override():
        s2sad.rule("doubled(x)", x="2.0 * g", jvp="2.0 * np.outer(x_dot, x_dot)", namespace={"doubled": doubled, "np": np})
        s2sad.jvp(lambda x: doubled(x), (np.ones(3),), (np.ones(3),))
