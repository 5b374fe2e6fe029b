"""What no answer needs and tampering does.

Signs are what a person should look at: a flag, which costs no points.  Doubt is what follows where a notebook reaches into the process
that runs it: the worker's word about itself (which functions ran, whether an argument was changed) is then not believed.  Doubt costs
points, so it needs what honest code has no use for: tests/ordinary_lines.txt holds lines that people write, and none may raise a doubt."""

from __future__ import annotations

import ast
import functools
import re
from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.code import frames, parsed
from autograder.code.names import dotted, text
from autograder.code.parsed import Code

# ── signs: a person should have a look ────────────────────────────────────────────────────────────

_SIGNS: dict[str, str] = {
    "the grader's own package": (
        r"\b(?:import|from)[ \t]+autograder\b(?!\.magic)|(?<![.\w])autograder\.(?:worker|wire|checks|judge|sandbox|code|notebook|pool|model)\b"
    ),
    "code that is put together when it runs": r"(?<![.\w])(?:exec|__import__)[ \t]*\(|(?<![.\w])eval[ \t]*\((?!['\"][\d\s.+*/()-]*['\"]\))",
    "objects that belong to others": (
        r"\bgc\s*\.\s*get_(?:objects|referrers|referents)|\b__subclasses__\b|\bf_(?:locals|globals|builtins)\b"
    ),
    "the interpreter's or IPython's inner workings": (
        r"(?<!\bin )\bsys\.modules\b|\bast_transformers\b|\binput_transformers?\w*\b|\brun_cell\b|\bdo_execute\b|\b(?:sys|threading)\.set(?:trace|profile)\b|\bimport set(?:trace|profile)\b"
        r"|\b__builtins__\b|\bbuiltins\s*\.\s*\w+\s*=|\bmeta_path\b"
    ),
    "raw memory": r"\bctypes\.(?!c_|sizeof\b|util\b)\w+|\bfrom ctypes import\b|/proc/(?:self|\d+|\{[^}]*\})/(?:mem|maps)\b",
    "the watch over operators": r"\b_disable_current_modes\b|\b_DisableTorchDispatch\b|\b__torch_dispatch__\b|\b_python_dispatch\b",
    "what outlives a cell": r"\batexit\.register\b|\b_thread\b|\bThread\(|\bos\s*\.\s*fork\b|\bsignal\s*\.\s*signal\b",
}
_PATTERNS = {what: re.compile(pattern, re.MULTILINE) for what, pattern in _SIGNS.items()}
_PATCHED = "library functions that it replaces"
_LIBRARIES = {"torch", "numpy", "math", "pandas", "json", "builtins"}
_SETTINGS = re.compile(r"\.(?:backends|options|config|_dynamo|distributed|random|hub)\b")


def signs(sources: Iterable[str]) -> tuple[str, ...]:
    """One sentence for each kind of sign that the sources show, with the first place that shows it.  Comments show nothing."""
    hits: dict[str, str] = {}
    known: dict[str, str] = {}
    for source in sources:
        pieces = parsed.code(source)
        shown = [source] if pieces is None else []
        for piece in pieces or ():
            known.update(piece.imports)
            if patched := _patched(piece, known):
                hits.setdefault(_PATCHED, patched)
        left = [what for what, pattern in _PATTERNS.items() if what not in hits and pattern.search(source)]
        if left and pieces is not None:
            shown = [_without_comments(piece) for piece in pieces]
        for what in left:
            found = next((hit for words in shown if (hit := _PATTERNS[what].search(words))), None)
            if found:
                hits[what] = found.group()
    order = [*_PATTERNS, _PATCHED]
    return tuple(
        f"The code touches {what} (`{' '.join(hits[what].split())[:40]}`): have a look at it."
        for what in order
        if what in hits
    )


def _without_comments(piece: Code) -> str:
    """The code of `piece` as text, but for comments and for strings that stand alone, which are comments too."""
    alone = {
        id(leaf.value) for leaf in piece.leaves if isinstance(leaf, ast.Expr) and isinstance(leaf.value, ast.Constant)
    }
    if isinstance(piece.node, ast.Expr) and id(piece.node.value) in alone:
        return ""
    try:
        words = ast.unparse(piece.node)
    except (RecursionError, MemoryError, ValueError):  # nested very deeply
        return ""
    for leaf in piece.leaves:
        if id(leaf) in alone and isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and leaf.value:
            words = words.replace(leaf.value, "")
    return words


def _patched(piece: Code, known: Mapping[str, str]) -> str:
    """The function of a library in whose place `piece` puts another."""
    for leaf in piece.leaves:
        if isinstance(leaf, ast.Assign) and not isinstance(
            leaf.value, ast.Constant | ast.UnaryOp | ast.Compare | ast.List
        ):
            plain = isinstance(leaf.value, ast.Name) and leaf.value.id in {
                "float",
                "int",
                "bool",
                "object",
                "str",
                "complex",
            }
            names = [dotted(target, known) for target in leaf.targets if isinstance(target, ast.Attribute)]
            hit = next((name for name in names if _of_library(name) and not plain), "")
        elif isinstance(leaf, ast.Call) and isinstance(leaf.func, ast.Name) and leaf.func.id == "setattr" and leaf.args:
            hit = f"setattr({name}" if _of_library(name := dotted(leaf.args[0], known)) else ""
        else:
            continue
        if hit:
            return hit
    return ""


def _of_library(name: str) -> bool:
    return name.partition(".")[0] in _LIBRARIES and not _SETTINGS.search(name)


# ── doubt: the process is reached into ────────────────────────────────────────────────────────────

_OWN = "autograder"
_OWN_HARMLESS = {"magic", "__version__", "__file__", "__doc__", "__name__", "__path__"}
_OWN_MODULE = re.compile(
    r"autograder\.(?:worker|wire|checks|judge|judge_process|sandbox|code|notebook|pool|model)(?:\.\w+)*"
)
_DISPATCH = "torch.utils._python_dispatch"
_DISPATCH_HARMLESS = {
    "TorchDispatchMode",
    "BaseTorchDispatchMode",
    "return_and_correct_aliasing",
    "is_traceable_wrapper_subclass",
}
_REACHING = {
    "gc.unfreeze", "sys.settrace", "sys.setprofile", "threading.settrace", "threading.setprofile",
    "ctypes.pythonapi", "ctypes.memmove", "ctypes.memset",
}  # fmt: skip
_NAMES = {
    "_disable_current_modes", "_DisableTorchDispatch", "_ExcludeDispatchKeyGuard", "_pop_mode", "_pop_mode_temporarily",
    "_get_current_dispatch_mode", "_get_current_dispatch_mode_stack", "_pop_torch_dispatch_stack", "PyObj_FromPtr",
}  # fmt: skip
_MEMORY = re.compile(r"/proc/[^/]*/mem")
_OTHERS_OBJECTS = {"gc.get_objects", "gc.get_referrers", "gc.get_referents"}
_WORTH_A_LOOK = re.compile(
    r"autograder|getattr|vars|__import__|import_module|modules|__dict__|f_(?:back|locals|globals|builtins)|_getframe|getargvalues|/proc/"
    r"|unfreeze|set(?:trace|profile)|pythonapi|memmove|memset|from_address|get_(?:objects|referrers|referents)|_python_dispatch|"
    + "|".join(sorted(_NAMES))
)
"""What stands in every cell that reaches into the process.  Most cells hold nothing of it and are done with at once."""
_WORKERS = {"Child", "Watch", "_Recorder", "_ask_back", "_shell", "_pending"}
"""Names of what the worker is made of.  Whoever looks for them among the objects or frames of others means the worker."""


def touches(sources: Iterable[str]) -> bool:
    """Whether any code of the notebook, run or not, reaches into the process that runs it: then no task shares a process with another."""
    return _outline(tuple(sources)).anywhere


def doubt(sources: Iterable[str], function: str, tasks: Iterable[str]) -> str:
    """The sentence for the student where what the cells run, or `function` and what it calls, reaches into the process; else empty.

    The functions of other `tasks` count for themselves only."""
    outline = _outline(tuple(sources))
    name = outline.hit or outline.follow([function], set(tasks))
    if not name:
        return ""
    return (
        f"cannot be judged: `{name}` reaches into the process that runs the notebook, so that nothing which that process says of itself "
        "(which functions ran, what was changed) is believed. Take it out, or talk to the staff."
    )


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far one piece of code reaches: `hit` is enough by itself, the rest only together."""

    hit: str
    frames: frames.Use
    objects: str
    worker: str


_NO_REACH = _Reach("", frames.Use(), "", "")


class _Outline:
    """A notebook's functions, what its imports stand for, and the first name (`hit`) with which code that the cells run reaches into the process."""

    def __init__(self, sources: tuple[str, ...]) -> None:
        self.defined: dict[str, list[Code]] = {}
        self.imports: dict[str, str] = {}
        self.stars: list[str] = []
        self._bound: dict[str, set[str]] = {}
        self._seen: dict[Code, _Reach] = {}
        run: list[Code] = []
        hit = ""
        for source in sources:
            pieces = parsed.code(source)
            if pieces is None:
                hit = hit or _in_words(source)
                continue
            plain = not _WORTH_A_LOOK.search(source)
            for piece in pieces:
                part = piece.node
                if plain:
                    self._seen[piece] = _NO_REACH
                if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    self.defined.setdefault(part.name, []).append(piece)
                    run += map(Code, [*part.decorator_list, *part.args.defaults, *filter(None, part.args.kw_defaults)])
                else:
                    run.append(piece)
                    for name in piece.bound_names:
                        self._bound.setdefault(name, set()).update(piece.all_names)
                    self.imports.update(piece.imports)
                    self.imports.update(_aliases(piece, self.imports))
                    self.stars += [module for name, module in piece.imports if name == "*"]
        names = {name for piece in run for name in piece.all_names}
        called = self._reached(names, set())
        self.hit = hit or self._hit(
            [(piece, not _is_class(piece)) for piece in run] + [(piece, False) for piece in called]
        )
        inside = [piece for pieces in self.defined.values() for piece in pieces]
        self.anywhere = bool(self.hit or self._hit([(piece, not _is_class(piece)) for piece in [*run, *inside]]))

    def follow(self, names: Iterable[str], tasks: set[str]) -> str:
        """The first name with which the functions called `names`, or functions that they use but those of other `tasks`, reach into the
        process."""
        wanted = set(names)
        first = [piece for name in wanted for piece in self.defined.get(name, ())]
        further = {name for piece in first for name in piece.global_names}
        further |= {inner for name in wanted for inner in self._bound.get(name, ())}
        rest = self._reached(further, tasks | wanted)
        # Bound in another way than by `def`, the judged function may be any of the helpers: the grader then calls that one directly.
        return self._hit([(piece, True) for piece in first] + [(piece, not first) for piece in rest])

    def _reached(self, names: set[str], seen: set[str]) -> list[Code]:
        found: list[Code] = []
        waiting, seen = sorted(names - seen), set(seen)
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            for piece in self.defined.get(name, ()):
                found.append(piece)
                waiting += sorted(piece.global_names)
        return found

    def _hit(self, pieces: Iterable[tuple[Code, bool]]) -> str:
        """The first name with which `pieces` reach into the process.  Each comes with whether the grader may call it itself: the frame above
        is then the grader's."""
        reaches = [(self._reach(piece), direct) for piece, direct in pieces]
        hit = next((reach.hit for reach, _ in reaches if reach.hit), "")
        objects = next((reach.objects for reach, _ in reaches if reach.objects), "")
        worker = next((reach.worker for reach, _ in reaches if reach.worker), "")
        variables = next(
            (reach.frames.variables for reach, direct in reaches if worker or _is_outside(reach.frames, direct)), ""
        )
        return hit or (objects if worker else "") or variables

    def _reach(self, piece: Code) -> _Reach:
        if piece not in self._seen:
            known = ChainMap({}, dict(piece.imports), self.imports)
            known.update(_aliases(piece, known))
            self._seen[piece] = _reach_of(piece, known, self.stars)
        return self._seen[piece]


@functools.lru_cache(maxsize=1)  # every task of a submission asks
def _outline(sources: tuple[str, ...]) -> _Outline:
    return _Outline(sources)


def _is_outside(use: frames.Use, direct: bool) -> bool:
    """Whether the frames of which the code looks at the variables may be the grader's; `direct` where the grader may call it itself."""
    return use.steps > (0 if direct or use.special else 1)


def _is_class(piece: Code) -> bool:
    return isinstance(piece.node, ast.ClassDef)


def _aliases(piece: Code, known: Mapping[str, str]) -> dict[str, str]:
    """What names stand for that `piece` gives to modules and their functions: `g = gc`."""
    found: dict[str, str] = {}
    for leaf in piece.leaves:
        if isinstance(leaf, ast.Assign) and len(leaf.targets) == 1 and isinstance(leaf.targets[0], ast.Name):
            name = dotted(leaf.value, ChainMap(found, known))  # type: ignore[arg-type]
            if name:
                found[leaf.targets[0].id] = name
    return found


def _reach_of(piece: Code, known: Mapping[str, str], stars: Iterable[str]) -> _Reach:
    hit = objects = worker = ""
    words = {leaf.attr for leaf in piece.leaves if isinstance(leaf, ast.Attribute)}
    for leaf in piece.leaves:
        hit = hit or _hit_of(leaf, known, stars)
        if isinstance(leaf, (ast.Attribute, ast.Name, ast.Call)) and (name := dotted(leaf, known)) in _OTHERS_OBJECTS:
            objects = objects or name
        word = leaf.attr if isinstance(leaf, ast.Attribute) else leaf.id if isinstance(leaf, ast.Name) else text(leaf)
        worker = worker or (word if word in _WORKERS else "")
        if word == _OWN and "modules" in words and not isinstance(leaf, ast.Name):
            hit = hit or _OWN
    return _Reach(hit or _writes_to_address(piece, words), frames.use(piece, known), objects, worker)


def _hit_of(leaf: ast.AST, known: Mapping[str, str], stars: Iterable[str]) -> str:
    """What of the process `leaf` reaches for, all by itself."""
    if isinstance(leaf, (ast.Import, ast.ImportFrom)):
        modules = [alias.name for alias in leaf.names] if isinstance(leaf, ast.Import) else []
        if isinstance(leaf, ast.ImportFrom) and leaf.module and not leaf.level:
            modules = [f"{leaf.module}.{alias.name}" for alias in leaf.names]
        return next((module for module in modules if _is_reaching(module)), "")
    if isinstance(leaf, ast.Constant | ast.BinOp):
        word = text(leaf)
        return word if _OWN_MODULE.fullmatch(word) or _MEMORY.fullmatch(word) else ""
    if isinstance(leaf, ast.JoinedStr):
        pieces = [part.value if isinstance(part, ast.Constant) else "*" for part in leaf.values]
        return joined if _MEMORY.fullmatch(joined := "".join(map(str, pieces))) else ""
    if isinstance(leaf, ast.Attribute) and leaf.attr in _NAMES:
        return leaf.attr
    if isinstance(leaf, (ast.Attribute, ast.Name, ast.Call, ast.Subscript)):
        name = dotted(leaf, known)
        if name and _is_reaching(name):
            return name
        if isinstance(leaf, ast.Name) and leaf.id not in known:
            return next((full for module in stars if _is_reaching(full := f"{module}.{leaf.id}")), "")
        if isinstance(leaf, ast.Call) and isinstance(leaf.func, ast.Name) and leaf.func.id in {"getattr", "vars"}:
            owner = dotted(leaf.args[0], known) if leaf.args else ""
            hidden = leaf.func.id == "vars" or (len(leaf.args) > 1 and not text(leaf.args[1]))
            return f"{leaf.func.id}({owner})" if hidden and owner in {"gc", _DISPATCH, _OWN} else ""
    return ""


def _is_reaching(name: str) -> bool:
    """Whether a full dotted name is one with which nothing but tampering begins."""
    parts = name.split(".")
    if parts[0] == _OWN:
        return len(parts) > 1 and parts[1] not in _OWN_HARMLESS
    if name.startswith(f"{_DISPATCH}."):
        return name.removeprefix(f"{_DISPATCH}.").partition(".")[0] not in _DISPATCH_HARMLESS
    return name in _REACHING or ".".join(parts[:2]) in _REACHING or parts[-1] in _NAMES


def _writes_to_address(piece: Code, words: set[str]) -> str:
    """Whether `piece` writes to memory at an address, as ctypes can."""
    if "from_address" not in words:
        return ""
    stored = (
        leaf
        for leaf in piece.leaves
        if isinstance(leaf, (ast.Attribute, ast.Subscript)) and isinstance(leaf.ctx, ast.Store)
    )
    return "from_address" if any(isinstance(leaf, ast.Subscript) or leaf.attr == "value" for leaf in stored) else ""


def _in_words(source: str) -> str:
    """The first name of the kind in a cell that Python cannot parse; IPython may still run it."""
    found = _OWN_MODULE.search(source)
    if found:
        return found.group()
    words = set(re.findall(r"\w+", source))
    full = {f"{one}.{two}" for one, two in re.findall(r"\b(\w+)\s*\.\s*(\w+)", source)}
    return next(iter(sorted((words & _NAMES) | (full & _REACHING))), "")
