"""What is asked of the world around the function, besides values: whether code, classes and builtins are those that were followed."""
from __future__ import annotations

import operator
import types
from collections.abc import Callable
from typing import Any

from s2sad.ir.writing import Box
from s2sad.machine import objects
from s2sad.machine.traced import Traced, strip
from s2sad.rules import structural
from s2sad.runtime import asking
from s2sad.runtime.notices import MACHINE
from s2sad.runtime.same import same_key


class Pinned(objects.Pins):
    """What a recorded path depends on: each code, class and builtin is asked for once, and guarded.

    Until the function has had an effect such a question may stand before the path, as a premise. The machine remembers what was asked,
    writes the question down, and performs it.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine

    def unshadowed(self, owner: Any, name: str) -> None:
        """No attribute of the instance hides what its class defines."""
        if isinstance(owner, Box) and asking.attribute(owner.value, "__dict__") is not None:
            self.machine.once(("own", owner.var, name), lambda: self._absent(owner, owner.value, name))

    def _absent(self, owner: Any, plain: Any, name: str) -> None:
        """The dictionary of an object does not have the name."""
        names = self.machine.emit(structural.ATTRIBUTE, [owner, "__dict__"], self.machine.performed.read(getattr, plain, "__dict__"))
        inside = self.machine.performed.read(operator.contains, names.value, name)
        self.machine.guard("truth", self.machine.emit(structural.CALL, [operator.contains, [names, name], {}], inside), False)

    def code(self, function: types.FunctionType) -> None:
        """A function is its code and its defaults: both may be replaced in place."""
        premise = not self.machine.sheet.acted
        code = function.__code__ if premise else self.machine.performed.read(getattr, function, "__code__")
        self.machine.guard("is", self.machine.emit(structural.ATTRIBUTE, [function, "__code__"], code), code, premise=premise)
        for name, count in (("__defaults__", len), ("__kwdefaults__", tuple)):
            held = getattr(function, name)
            if held:
                box = self.machine.emit(structural.ATTRIBUTE, [function, name], self.machine.performed.read(getattr, function, name))
                known = self.machine.performed.read(count, held)
                self.machine.sheet.guard_value(self.machine.emit(structural.CALL, [count, [box], {}], known), known)

    def attribute(self, kind: type, name: str, attribute: Any) -> None:
        """What a class of the user's defines under a name, or that it defines nothing: None."""
        if objects.is_users(kind) and MACHINE not in getattr(attribute, "__globals__", ()):
            self.machine.once(("pin", kind, name), lambda: self._attribute(kind, name, attribute))

    def _attribute(self, kind: type, name: str, attribute: Any) -> None:
        premise = not self.machine.sheet.acted
        if attribute is None and objects.defined(type(kind), "__getattr__") is None and not hasattr(kind, name):
            # Asking the dictionary is quicker; bases of a class that has none but `object` cannot be replaced.
            question, asked = (operator.contains, kind.__dict__) if kind.__bases__ == (object,) else (hasattr, kind)
            found = False if premise else self.machine.performed.read(question, asked, name)
            self.machine.guard("truth", self.machine.emit(structural.CALL, [question, [asked, name], {}], found), False, premise)
            return
        if attribute is not None and getattr(kind, name, None) is attribute:
            found = attribute if premise else self.machine.performed.read(getattr, kind, name)
            box = self.machine.emit(structural.ATTRIBUTE, [kind, name], found)
        else:
            found = attribute if premise else self.machine.performed.read(objects.defined, kind, name)
            box = self.machine.emit(structural.CALL, [objects.defined, [kind, name], {}], found)
        if attribute is None or callable(attribute) or hasattr(type(attribute), "__get__"):
            self.machine.guard("is", box, attribute, premise)
        else:  # data, which is read where it is used
            self.machine.guard("type", box, type(attribute), premise)

    def asked(self, value: Any, name: str) -> None:
        kind = type(value)
        if kind not in objects.PLAIN and objects.is_users(kind):
            self.attribute(kind, name, objects.defined(kind, name))

    def passed_over(self, holder: type, classes: list[type], name: str) -> None:
        """What `super()` finds: the order of the classes, and that those before do not have it."""
        if objects.is_users(holder):
            self.machine.once(("passed", holder, name, len(classes)), lambda: self._passed_over(holder, classes, name))

    def _passed_over(self, holder: type, classes: list[type], name: str) -> None:
        premise = not self.machine.sheet.acted
        order = holder.__mro__ if premise else self.machine.performed.read(getattr, holder, "__mro__")
        self.machine.sheet.guard_value(self.machine.emit(structural.ATTRIBUTE, [holder, "__mro__"], order), order, premise)
        for kind in filter(objects.is_users, classes):
            self._absent(kind, kind, name)

    def chosen(self, function: Callable[..., Any], *args: Any) -> Any:
        return self.machine.once(("chosen", function, args), lambda: self._chosen(function, args))

    def _chosen(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        premise = not self.machine.sheet.acted
        found = function(*args) if premise else self.machine.performed.read(function, *args)
        self.machine.guard("is", self.machine.emit(structural.CALL, [function, list(args), {}], found), found, premise)
        return found

    def verdict(self, question: Any, subject: Any, kinds: Any) -> Any:
        plain = strip(subject) if isinstance(subject, Traced) else subject
        answer = question(plain, kinds)
        kind = plain if question is issubclass else type(plain)
        concerned = [c for c in (kind, *objects.flattened(kinds)) if isinstance(c, type) and objects.is_users(c)]
        if all(type(c) is type for c in concerned) and not (concerned and objects.is_users(kind)):
            return answer
        # The class of what the function made itself is known; what that class is may change.
        if not isinstance(subject, Box):
            question, subject = issubclass, kind
        key = ("verdict", question, subject.var if isinstance(subject, Box) else kind, same_key(tuple(objects.flattened(kinds))))
        return self.machine.once(key, lambda: self._judged(question, subject, kinds))

    def _judged(self, question: Any, subject: Any, kinds: Any) -> Any:
        answer = self.machine.performed.read(question, strip(subject), kinds)
        self.machine.guard("truth", self.machine.emit(structural.CALL, [question, [subject, kinds], {}], answer), answer)
        return answer

    def builtin(self, function: types.FunctionType, name: str) -> None:
        machine = self.machine

        def ask() -> None:
            shadowed = machine.emit(structural.SHADOWED, [function, name], False)
            machine.guard("truth", shadowed, False, premise=not machine.sheet.acted)

        machine.once(("builtin", id(function.__globals__), name), ask)
