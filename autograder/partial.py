"""A changed check is asked again by itself only where that gives what judging the whole notebook would give.

The tasks of a notebook are judged in one process, one after another.  What an answer leaves behind there could change the verdict on another:
wherever that is thinkable, everything is judged again."""

from __future__ import annotations

import ast
import dataclasses
import re
from pathlib import Path

from autograder.model import DEATHS, Manifest, NotGradable, Outcome, Report, Submission, TaskScore
from autograder.release.source import declared_tasks

_CELL_DEATHS = {"Timeout", "MemoryError", "Crash"}
_PLAIN = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.ClassDef)
_LEAVES_TRACES = re.compile(
    r"^(?:set_.*|.*seed|train|eval|half|double|to|add_.*|resize_.*|load_.*|requires_grad_|register_.*|setattr|globals|vars|exec|open|"
    r"write.*|save.*|to_csv|environ|filterwarnings|simplefilter|cache.*|lru_cache)$"
)
"""Names of what changes something that outlives a call: of a library, of a model, on the disk."""


# ── the suite ─────────────────────────────────────────────────────────────────────────────────────


def changed_tasks(checks: Path, old: dict[str, str], new: dict[str, str]) -> tuple[str, ...]:
    """The tasks whose checks differ between two states (`fingerprint.check_parts`) of a suite; () where any verdict may have changed."""
    names = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    if not all(name in old and name in new and re.fullmatch(r"test_\w+\.py", name) for name in names):
        return ()
    texts = {path.name: path.read_text(encoding="utf-8") for path in checks.glob("*.py")}
    for name in names:
        stem = name.removesuffix(".py")
        if any(re.search(rf"\b{stem}\b", text) for other, text in texts.items() if other != name):
            return ()
        if not all(map(_is_plain, ast.parse(texts[name]).body)):
            return ()
    declared = declared_tasks(checks)
    touched = {one.id for one in declared if one.file in names}
    return tuple(dict.fromkeys(one.id for one in declared if one.id in touched))


def _is_plain(statement: ast.stmt) -> bool:
    """Whether a statement of a module does nothing to any other module."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return isinstance(statement, _PLAIN) and all(isinstance(target, ast.Name | ast.Tuple) for target in targets)


# ── the submission ────────────────────────────────────────────────────────────────────────────────


def stands_apart(
    submission: Submission | NotGradable, manifest: Manifest, report: Report, tasks: tuple[str, ...]
) -> bool:
    """Whether `tasks` can be judged without the others: nothing ties the answers together, and nothing went wrong that others paid for."""
    from autograder.code.forbidden import reached
    from autograder.code.suspicious import touches

    if isinstance(submission, NotGradable) or [task.id for task in report.tasks] != [one.id for one in manifest.tasks]:
        return False
    sources = submission.code
    if report.flags or touches(sources) or _went_wrong(report):
        return False
    functions = {task.id: task.function for task in manifest.tasks}
    for name, function in functions.items():
        names = reached(sources, function)
        called = names.keys() & (set(functions.values()) - {function})
        if called and (name in tasks or {functions[task] for task in tasks} & called):
            return False
        if name in tasks and any(_leaves_traces([piece.node for piece in pieces]) for pieces in names.values()):
            return False
    return True


def _went_wrong(report: Report) -> bool:
    died = any(check.outcome in DEATHS for task in report.tasks for check in task.checks)
    return (
        died or any(task.note for task in report.tasks) or any(e.type in _CELL_DEATHS for e in report.execution.errors)
    )


def _leaves_traces(nodes: list[ast.AST]) -> bool:
    """Whether what one name of the notebook stands for may change something that outlives a call, or is something that can be changed."""
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            continue
        if not isinstance(node, ast.FunctionDef) or any(map(_is_trace, ast.walk(node))):
            return True
    return len(nodes) > 1


def _is_trace(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return isinstance(node.ctx, ast.Store | ast.Del) or bool(_LEAVES_TRACES.match(node.attr))
    if isinstance(node, ast.Name):
        return bool(_LEAVES_TRACES.match(node.id))
    if isinstance(node, ast.FunctionDef):
        defaults = (*node.args.defaults, *filter(None, node.args.kw_defaults))
        return bool(node.decorator_list) or not all(isinstance(one, ast.Constant | ast.UnaryOp) for one in defaults)
    return isinstance(node, ast.Global | ast.Nonlocal | ast.ClassDef)


# ── the result ────────────────────────────────────────────────────────────────────────────────────


def merged(old: Report, new: Report) -> Report | None:
    """`old` with the tasks of `new`; None where only judging everything can tell: where a point was lost, an answer to another task may
    have left something behind that the judge has to look into."""
    scores = {task.id: task for task in new.tasks}
    if new.fingerprint != dataclasses.replace(old.fingerprint, checks=new.fingerprint.checks) or not all(
        task.score == task.points or _is_untouched(task) for task in scores.values()
    ):
        return None
    tasks = tuple(scores.get(task.id, task) for task in old.tasks)
    score = round(sum(task.score for task in tasks), 2)
    return dataclasses.replace(old, notebook=new.notebook, tasks=tasks, score=score, fingerprint=new.fingerprint)


def _is_untouched(task: TaskScore) -> bool:
    return all(check.outcome is Outcome.NOT_ATTEMPTED for check in task.checks if not check.visible)
