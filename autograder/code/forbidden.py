"""Finds forbidden library functions: in the source of an answer and all of the student's own code that it reaches, and among the
operators that ran."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from autograder.code import parsed
from autograder.code.names import dotted
from autograder.code.parsed import Code

_OPERATORS = {
    "softmax": re.compile(r"(?<!log_)softmax|attention|transformer_encoder"),
    "log_softmax": re.compile(r"log_softmax"),
    "logsumexp": re.compile(r"log(?:cum)?sumexp"),
    "nll_loss": re.compile(r"(?<!poisson_)(?<!gaussian_)nll_loss"),
    "cross_entropy": re.compile(r"(?<!binary_)cross_entropy|(?<!poisson_)(?<!gaussian_)nll_loss"),
}
"""The last part of a forbidden torch name → what the operators that do its work are called: the functional and the module forms end in
them alike, and so do masked, sparse, nested and fused ones.  Attention has a softmax inside, in one piece with the rest where it is fused."""
PROFILER = "torch.profiler"
"""What a worker says to have been used where the profiler, with which operators are watched, was switched off meanwhile."""
LONGEST_SHOWN = 80  # characters of what stands in the source
_BLINDFOLDS = (
    *(
        f"torch.utils._python_dispatch.{name}"
        for name in ("_disable_current_modes", "_pop_mode", "_pop_mode_temporarily")
    ),
    *(
        f"torch.utils._python_dispatch.{name}"
        for name in ("_get_current_dispatch_mode", "_get_current_dispatch_mode_stack")
    ),
    "torch._C.*",
)
"""What can take off the watch over torch's operators."""
_WORKS = re.compile(r"^_?(?:batch_)?(?:encode|tokenize|generate|forward)|_tokenizer$|^model$|^__call__$")
"""Names of the methods and parts that do the work of the classes that tasks forbid."""
_FRESH_COPIES = ("importlib.reload", "imp.reload")
"""What makes functions anew that nobody watches."""
_ALIASES = {
    "Softmax": "softmax",
    "LogSoftmax": "log_softmax",
    "NLLLoss": "nll_loss",
    "CrossEntropyLoss": "cross_entropy",
}


def banned_operator(used: Any, forbidden: tuple[str, ...]) -> str:
    """The forbidden name behind one of the operators and functions that ran, or an empty string."""
    if not forbidden or not isinstance(used, list):
        return ""
    functions = _functions_of(forbidden)
    for name in map(str, used):
        if name.startswith("aten."):
            found = next((function for function in functions if _OPERATORS[function].search(name)), "")
            if found:
                return f"torch.{found}"
        elif name == PROFILER or any(_matches(name, pattern) for pattern in forbidden):
            return name
    return ""


@functools.lru_cache
def _functions_of(forbidden: tuple[str, ...]) -> tuple[str, ...]:
    """The functions among torch's forbidden ones whose operators are known."""
    last = (name.rpartition(".")[2] for name in forbidden if name.startswith("torch"))
    return tuple(dict.fromkeys(name for name in (_ALIASES.get(one, one) for one in last) if name in _OPERATORS))


def banned_name(sources: Iterable[str], function: str, forbidden: tuple[str, ...], other_tasks: Iterable[str]) -> str:
    """The forbidden dotted name that `function`, or code of the student's that it reaches, uses; empty if none.

    Functions of other tasks are not looked into: their task answers for them."""
    program, other_tasks = _program(tuple(sources)), tuple(other_tasks)
    if any(name.startswith("torch.") for name in forbidden):
        forbidden = (*forbidden, *_BLINDFOLDS)
    own = {function, *other_tasks}
    pieces = [(piece, program.known(piece, own)) for piece in _own_pieces(program, function, other_tasks)]
    making = {id(piece): _made(piece, known, forbidden) for piece, known in pieces}
    objects = {name for piece, _ in pieces if making[id(piece)][1] for name in piece.bound_names}
    for piece, known in pieces if forbidden else ():
        for name in _used(piece, known, program):
            if name != making[id(piece)][0] and any(_matches(name, pattern) for pattern in forbidden):
                return name
        if (found := _reloads(piece, known, forbidden)) or (found := _set_to_work(piece, objects, program, own)):
            return found
    return ""


def uses(sources: Iterable[str], function: str, forbidden: tuple[str, ...], tasks: Iterable[str]) -> str:
    """What `function`, or code of the student's that it reaches, visibly uses of `forbidden`, as it stands in the source; empty if nothing.

    For whoever has no suite: nothing runs, so a method such as `logits.softmax` counts by its name, unless the notebook has a class of its
    own with such a method."""
    sources = tuple(sources)
    tasks = tuple(tasks)
    name = banned_name(sources, function, forbidden, tasks)
    if name:
        return name
    methods = {pattern.rpartition(".")[2] for pattern in forbidden if _owner_is_class(pattern)}
    return _written(sources, function, tasks, lambda last: last in methods)


def as_written(sources: Iterable[str], function: str, used: str, tasks: Iterable[str]) -> str:
    """What stands in the source of `function`, or of code that it reaches, and ends in the forbidden name `used` that was seen at run time:
    `logits.softmax` for `torch.softmax`.  `used` itself where nothing of the kind stands there."""
    last = used.rpartition(".")[2]
    works_like = _OPERATORS.get(_ALIASES.get(last, last))

    def fits(name: str) -> bool:
        return name == last or bool(works_like and works_like.search(_ALIASES.get(name, name)))

    return _written(tuple(sources), function, tuple(tasks), fits) or used


def _written(sources: tuple[str, ...], function: str, tasks: tuple[str, ...], fits: Callable[[str], bool]) -> str:
    """The first attribute that is called in what `function` reaches, whose name `fits` and is no method of a class of the notebook's."""
    program = _program(sources)
    for piece in _own_pieces(program, function, tasks):
        known = program.known(piece, {function, *tasks})
        for leaf in piece.leaves:
            if not (isinstance(leaf, ast.Call) and isinstance(leaf.func, ast.Attribute)):
                continue
            name = leaf.func.attr
            if fits(name) and name not in program.methods and len(text := ast.unparse(leaf.func)) <= LONGEST_SHOWN:
                return dotted(leaf.func, known) or text
    return ""


def _own_pieces(program: _Program, function: str, other_tasks: Iterable[str]) -> Iterator[Code]:
    """The code that `function` is made of and reaches, but for the functions of other tasks."""
    seen = set(other_tasks) - {function}
    waiting = [function]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for piece in program.definitions.get(name, ()):
            yield piece
            waiting += sorted(piece.global_names)


def _used(piece: Code, known: Mapping[str, str], program: _Program) -> Iterator[str]:
    """Every name in `piece` that can be traced to an import, in full."""
    for leaf in piece.leaves:
        if isinstance(leaf, (ast.Attribute, ast.Name, ast.Call, ast.Subscript)):
            name = dotted(leaf, known)
            if name:
                yield name
            elif (
                isinstance(leaf, ast.Name) and leaf.id in piece.global_names - known.keys() - program.definitions.keys()
            ):
                yield from (f"{module}.{leaf.id}" for module in program.stars)


def _owner_is_class(pattern: str) -> bool:
    owner = pattern.rpartition(".")[0].rpartition(".")[2]
    return owner[:1].isupper()


def _is_class(pattern: str) -> bool:
    return pattern.rpartition(".")[2][:1].isupper()


def _made(piece: Code, known: Mapping[str, str], forbidden: tuple[str, ...]) -> tuple[str, bool]:
    """The forbidden class of which a statement `name = …` of the notebook's top level makes an object, and whether `name` is that object
    and not only something that it was asked for, as in `tokenizer.get_vocab()`.  ("", False) for any other statement.

    Such an object may be there for other things: what counts is what the answer does with it."""
    node: ast.AST | None = piece.node.value if isinstance(piece.node, ast.Assign) else None
    asked = False
    while isinstance(node, (ast.Attribute, ast.Call)):
        if isinstance(node, ast.Call):
            name = dotted(node.func, known)
            made = next((pattern for pattern in forbidden if _is_class(pattern) and _makes(name, pattern)), "")
            if made:
                return made, not asked
            node = node.func
        elif _WORKS.search(node.attr):
            break
        else:
            asked, node = True, node.value
    return "", False


def _makes(called: str, pattern: str) -> bool:
    return called == pattern or called.startswith(f"{pattern}.from_")


def _set_to_work(piece: Code, objects: set[str], program: _Program, other_tasks: set[str]) -> str:
    """What `piece` has one of the `objects` of forbidden classes do, as it stands in the source, where that is what the class is for.

    The functions of `other_tasks` are not looked into, so handing an object to one of them has it do its work."""
    if not objects or not piece.is_definition:
        return ""
    asking = {"len", "isinstance", "type", "hasattr", *(program.definitions.keys() - other_tasks)}
    harmless: set[int] = set()
    for leaf in piece.leaves:
        if isinstance(leaf, ast.Attribute) and isinstance(leaf.value, ast.Name):
            harmless.add(id(leaf.value))
        elif isinstance(leaf, ast.Call) and isinstance(leaf.func, ast.Name) and leaf.func.id in asking:
            harmless |= {id(one) for one in leaf.args}
    for leaf in piece.leaves:
        if isinstance(leaf, ast.Name) and leaf.id in objects and leaf.id in piece.global_names:
            if id(leaf) not in harmless:
                return leaf.id
        elif isinstance(leaf, ast.Attribute) and _WORKS.search(leaf.attr):
            base: ast.AST = leaf
            while isinstance(base, ast.Attribute):
                base = base.value
            if isinstance(base, ast.Name) and base.id in objects and base.id in piece.global_names:
                return ast.unparse(leaf)
    return ""


def _reloads(piece: Code, known: Mapping[str, str], forbidden: tuple[str, ...]) -> str:
    """How `piece` makes the functions of a library anew, which nobody watches; a module of the student's own may be reloaded."""
    libraries = {pattern.partition(".")[0] for pattern in forbidden}
    for leaf in piece.leaves:
        if isinstance(leaf, ast.Call) and leaf.args and (name := dotted(leaf.func, known)) in _FRESH_COPIES:
            module = dotted(leaf.args[0], known)
            if not module or module.partition(".")[0] in libraries:
                return name
    return ""


def called_tasks(sources: Iterable[str], function: str, tasks: Iterable[str]) -> tuple[str, ...]:
    """The functions among `tasks` that `function` refers to, directly or through the student's helpers or other tasks."""
    return tuple(sorted(reached(sources, function).keys() & (set(tasks) - {function})))


def reached(sources: Iterable[str], function: str) -> dict[str, list[Code]]:
    """Every name of the notebook's top level that `function` uses, itself included, directly or through others, with the statements that
    bind it."""
    program = _program(tuple(sources))
    found: dict[str, list[Code]] = {}
    waiting = [function]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = program.definitions.get(name, [])
        for piece in found[name]:
            waiting += sorted(piece.global_names)
    return found


def _matches(dotted: str, pattern: str) -> bool:
    return dotted.startswith(pattern[:-1]) if pattern.endswith(".*") else dotted == pattern


@functools.lru_cache(maxsize=2)  # every task of a submission asks
def _program(sources: tuple[str, ...]) -> _Program:
    return _Program(sources)


class _Program:
    """The top level of a notebook: what each name is bound to, what each import stands for, and the methods of its classes."""

    def __init__(self, sources: Iterable[str]) -> None:
        self.definitions: dict[str, list[Code]] = {}
        self.imports: dict[str, str] = {}
        self.stars: list[str] = []
        self.methods: set[str] = set()
        for source in sources:
            for piece in parsed.code(source) or ():
                for name in piece.bound_names:
                    if piece.is_definition:
                        self.definitions[name] = [piece]
                        self.imports.pop(name, None)  # the student's own from here on
                    else:
                        self.definitions.setdefault(name, []).append(piece)
                if not piece.is_definition:
                    self.imports |= dict(piece.imports)
                    self.stars += [module for name, module in piece.imports if name == "*"]
                classes = (leaf for leaf in piece.leaves if isinstance(leaf, ast.ClassDef))
                self.methods |= {part.name for one in classes for part in one.body if isinstance(part, ast.FunctionDef)}
        self.imports.pop("*", None)
        # Looked up for every statement: a name may be bound by thousands of them.
        self._functions = {
            name for name, pieces in self.definitions.items() if any(piece.is_definition for piece in pieces)
        }

    def known(self, piece: Code, own: set[str]) -> dict[str, str]:
        """What the names that `piece` takes from imports stand for: not those that it binds for itself, nor the tasks' functions (`own`)
        that the notebook defines."""
        names = piece.global_names if piece.is_definition else piece.all_names
        imports = {
            name: self.imports[name]
            for name in names & self.imports.keys()
            if not (name in own and name in self._functions)
        }
        return imports | dict(piece.imports)
