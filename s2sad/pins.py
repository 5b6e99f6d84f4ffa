"""What is asked of the world around the function, besides values: whether code, classes and builtins are those that were followed."""
from __future__ import annotations

import operator
import types
from collections.abc import Callable
from typing import Any

from s2sad import asking, library, objects
from s2sad.nodes import MACHINE
from s2sad.same import same_key
from s2sad.traced import Traced, strip
from s2sad.writing import Box, Writer

CALL = objects.CALL
SHADOWED = objects.structural("shadowed", "function", "name", meaning=lambda function, name: name in function.__globals__)


def is_followed() -> bool:
    """Asked by compiled code, whether it is the user's that runs."""
    return False


class Pinning(Writer):
    """The part of a recording that remembers what it has asked, and guarded."""

    def once(self, key: Any, ask: Callable[[], Any]) -> Any:
        """What was asked of the world outside, with the statements that say so: asked once, and remembered as long as these stand."""
        if key not in self._memo:
            self._memo[key] = ask()
        return self._memo[key]

    def unshadowed(self, owner: Any, name: str) -> None:
        """No attribute of the instance hides what its class defines."""
        if isinstance(owner, Box) and asking.attribute(owner.value, "__dict__") is not None:
            self.once(("own", owner.var, name), lambda: self._absent(owner, owner.value, name))

    def _absent(self, owner: Any, plain: Any, name: str) -> None:
        """The dictionary of an object does not have the name."""
        names = self._emit(objects.ATTRIBUTE, [owner, "__dict__"], self.performed.read(getattr, plain, "__dict__"))
        inside = self.performed.read(operator.contains, names.value, name)
        self.guard("truth", self._emit(CALL, [operator.contains, [names, name], {}], inside), False)

    def pin_code(self, function: types.FunctionType) -> None:
        """A function is its code and its defaults: both may be replaced in place."""
        premise = not self._effects
        code = function.__code__ if premise else self.performed.read(getattr, function, "__code__")
        self.guard("is", self._emit(objects.ATTRIBUTE, [function, "__code__"], code), code, premise=premise)
        for name, count in (("__defaults__", len), ("__kwdefaults__", tuple)):
            held = getattr(function, name)
            if held:
                box = self._emit(objects.ATTRIBUTE, [function, name], self.performed.read(getattr, function, name))
                known = self.performed.read(count, held)
                self.guard_value(self._emit(CALL, [count, [box], {}], known), known)

    def pin(self, kind: type, name: str, attribute: Any) -> None:
        """What a class of the user's defines under a name, or that it defines nothing: None."""
        if objects.is_users(kind) and MACHINE not in getattr(attribute, "__globals__", ()):
            self.once(("pin", kind, name), lambda: self._pin(kind, name, attribute))

    def _pin(self, kind: type, name: str, attribute: Any) -> None:
        premise = not self._effects
        if attribute is None and objects.defined(type(kind), "__getattr__") is None and not hasattr(kind, name):
            # Asking the dictionary is quicker; bases of a class that has none but `object` cannot be replaced.
            question, asked = (operator.contains, kind.__dict__) if kind.__bases__ == (object,) else (hasattr, kind)
            found = False if premise else self.performed.read(question, asked, name)
            self.guard("truth", self._emit(CALL, [question, [asked, name], {}], found), False, premise)
            return
        if attribute is not None and getattr(kind, name, None) is attribute:
            found = attribute if premise else self.performed.read(getattr, kind, name)
            box = self._emit(objects.ATTRIBUTE, [kind, name], found)
        else:
            found = attribute if premise else self.performed.read(objects.defined, kind, name)
            box = self._emit(CALL, [objects.defined, [kind, name], {}], found)
        if attribute is None or callable(attribute) or hasattr(type(attribute), "__get__"):
            self.guard("is", box, attribute, premise)
        else:  # data, which is read where it is used
            self.guard("type", box, type(attribute), premise)

    def asked(self, value: Any, name: str) -> None:
        kind = type(value)
        if kind not in objects.PLAIN and objects.is_users(kind):
            self.pin(kind, name, objects.defined(kind, name))

    def passed_over(self, holder: type, classes: list[type], name: str) -> None:
        """What `super()` finds: the order of the classes, and that those before do not have it."""
        if objects.is_users(holder):
            self.once(("passed", holder, name, len(classes)), lambda: self._passed_over(holder, classes, name))

    def _passed_over(self, holder: type, classes: list[type], name: str) -> None:
        premise = not self._effects
        order = holder.__mro__ if premise else self.performed.read(getattr, holder, "__mro__")
        self.guard_value(self._emit(objects.ATTRIBUTE, [holder, "__mro__"], order), order, premise)
        for kind in filter(objects.is_users, classes):
            self._absent(kind, kind, name)

    def chosen(self, function: Callable[..., Any], *args: Any) -> Any:
        return self.once(("chosen", function, args), lambda: self._chosen(function, args))

    def _chosen(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        premise = not self._effects
        found = function(*args) if premise else self.performed.read(function, *args)
        self.guard("is", self._emit(CALL, [function, list(args), {}], found), found, premise)
        return found

    def debugger(self, function: Any) -> Any:
        """Each call is followed anew, so that a debugger stops in the user's code: the path holds for none but this one."""
        if library.starts_debugger(function):
            self.guard("truth", self._emit(CALL, [is_followed, [], {}], True), True, premise=not self._effects)
            self.opaque(is_followed, (), {})  # to stop is an effect
        return library.debugger(self, function)

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
        return self.once(key, lambda: self._judged(question, subject, kinds))

    def _judged(self, question: Any, subject: Any, kinds: Any) -> Any:
        answer = self.performed.read(question, strip(subject), kinds)
        self.guard("truth", self._emit(CALL, [question, [subject, kinds], {}], answer), answer)
        return answer

    def pin_builtin(self, function: types.FunctionType, name: str) -> None:
        def ask() -> None:
            self.guard("truth", self._emit(SHADOWED, [function, name], False), False, premise=not self._effects)

        self.once(("builtin", id(function.__globals__), name), ask)
