def f(x, kind):
    match kind:
        case 'square':
            return x * x
    return x


OPTIONS = {"control": "keep"}
ARGUMENTS = (2.0, 'square')
