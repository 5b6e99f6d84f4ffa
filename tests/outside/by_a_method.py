class K:
    k = 1.0

    def step(self, x):
        self.k = self.k + x


owner = K()


def f(x):
    owner.step(x)
    return x * x


ARGUMENTS = (1.0,)
