"""What a function comes to call, read off its code: for tests that hold all of a kind to asking something."""

from collections.abc import Iterable, Iterator
from functools import partial
from types import CodeType, FunctionType, MethodType, ModuleType

OURS = ("services.", "shared.")


def reached(from_: object) -> set[FunctionType]:
    """Every function of ours that something may call, itself or by what it calls; rather too many than too few.

    A name is followed wherever it leads: a function, a method of a class, a function of a module that is named too.
    """
    found: set[FunctionType] = set()
    waiting = list(_functions(from_))
    while waiting:
        function = waiting.pop()
        if function in found or not function.__module__.startswith(OURS):
            continue
        found.add(function)
        waiting += _called(function)
    return found


def _functions(what: object) -> Iterator[FunctionType]:
    """The functions that are called where something is."""
    match what:
        case FunctionType():
            yield what
        case MethodType():
            yield from _functions(what.__func__)
        case partial():
            yield from _functions(what.func)
        case type() if what.__module__.startswith(OURS):
            yield from (value for value in vars(what).values() if isinstance(value, FunctionType))
        case list() | tuple():
            yield from (each for each in what if isinstance(each, FunctionType))
        case dict():
            yield from (each for each in what.values() if isinstance(each, FunctionType))
        case _ if type(what).__module__.startswith(OURS) and type(what) is not type:
            yield from _functions(type(what))


def _called(function: FunctionType) -> Iterator[FunctionType]:
    names = set(_names(function.__code__))
    held = [function.__globals__[name] for name in names if name in function.__globals__]
    held += [cell.cell_contents for cell in function.__closure__ or ()]
    modules = [each for each in held if isinstance(each, ModuleType)]
    held += [vars(module)[name] for module in modules for name in names if name in vars(module)]
    owner = function.__globals__.get(function.__qualname__.partition(".")[0])
    if isinstance(owner, type):
        held += [value for name, value in vars(owner).items() if name in names]
    for each in held:
        yield from _functions(each)


def _names(code: CodeType) -> Iterable[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)
