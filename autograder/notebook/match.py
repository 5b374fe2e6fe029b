"""Which cell of a student's notebook is which cell of the release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from autograder.model import Manifest, ReleasedCell, Role, Task
from autograder.notebook.cells import Found
from autograder.notebook.text import assigned, functions, normal, unanswered

# Of the lines of two cells, the share that both have, from which on one is an edited version of the other.
SIMILAR = 0.5

Pairs = dict[int, int]  # place in the student's notebook → place in the manifest


def match(cells: list[Found], manifest: Manifest) -> Pairs:
    """Pairs every cell of the release, answers apart, with at most one cell of the student's.

    By grade_id, then by equal content, then by the cell's id, then by similar content."""
    wanted = {place: cell for place, cell in enumerate(manifest.cells) if cell.role is not Role.ANSWER}
    sources = [normal(cell.source) for cell in cells]
    # A cell that defines a task's function is an answer, whatever marks it carries.
    asked = {task.function for task in manifest.tasks}
    answering = {at for at, cell in enumerate(cells) if cell.is_code and asked & set(functions(cell.source))}
    by_name = _index((cell.grade_id,) for cell in cells)
    by_source = _index((source,) for source in sources)
    by_id = _index(() if cell.grade_id else cell.ids for cell in cells)
    pairs: Pairs = {}

    def take(place: int, candidates: list[int]) -> None:
        released = wanted[place]
        free = [at for at in candidates if at not in pairs and at not in answering and _same_kind(cells[at], released)]
        if free:
            # A copied cell has its model's ids too: of several, the one with the released content is meant.
            equal = (at for at in free if sources[at] == normal(released.source))
            pairs[next(equal, free[0])] = place
            del wanted[place]

    for place, released in list(wanted.items()):
        take(place, by_name.get(released.grade_id, []))
    for place, released in list(wanted.items()):
        take(place, by_source.get(normal(released.source), []))
    for place, released in list(wanted.items()):
        take(place, by_id.get(released.id, []))
    marked = {released.grade_id for released in manifest.cells}
    unmarked = [at for at, cell in enumerate(cells) if cell.is_code and cell.grade_id not in marked - {""}]
    for place, released in list(wanted.items()):
        if released.role in (Role.SETUP, Role.TEST):
            take(place, _similar(normal(released.source), [at for at in unmarked if at not in pairs], sources))
    return pairs


def match_answers(cells: list[Found], pairs: Pairs, manifest: Manifest) -> dict[str, int]:
    """Task id → the place of the cell that answers it: the last one that defines the task's function, as in Python,
    but never the untouched stub while there is anything else; then by grade_id; then by its place in the notebook."""
    roles = {at: manifest.cells[place].role for at, place in pairs.items()}
    released = {cell.task: cell for cell in manifest.cells if cell.role is Role.ANSWER}
    code = [at for at, cell in enumerate(cells) if cell.is_code and roles.get(at, Role.CODE) in (Role.CODE, Role.DEMO)]
    defined = {at: set(functions(cells[at].source)) for at in code}
    bound = {at: set(assigned(cells[at].source)) for at in code}
    answers: dict[str, int] = {}
    for task in manifest.tasks:
        stub = normal(released[task.id].source)

        def is_written(at: int, stub: str = stub, function: str = task.function) -> bool:
            return normal(cells[at].source) != stub and not unanswered(cells[at].source, function)

        own = [at for at, cell in enumerate(cells) if cell.grade_id == task.id and at not in pairs]
        definitions = [at for at in code if task.function in defined[at]]
        written = [at for at in definitions if is_written(at)]
        marked = [at for at in own if cells[at].is_code and not cells[at].is_blank]
        named = [at for at in code if task.function in bound[at]]
        choices = written or named or definitions or marked or own
        if choices:
            answers[task.id] = choices[-1]
    for task in manifest.tasks:
        if task.id not in answers and (at := _in_the_gap(task, cells, pairs, answers, manifest)) is not None:
            answers[task.id] = at
    return answers


def _in_the_gap(
    task: Task, cells: list[Found], pairs: Pairs, answers: dict[str, int], manifest: Manifest
) -> int | None:
    """The only unknown code cell between the recognised neighbours of the task's answer in the release."""
    known = {place: at for at, place in pairs.items()}
    known |= {
        place: answers[c.task] for place, c in enumerate(manifest.cells) if c.role is Role.ANSWER and c.task in answers
    }
    home = next(place for place, c in enumerate(manifest.cells) if c.role is Role.ANSWER and c.task == task.id)
    before = next((known[place] for place in range(home - 1, -1, -1) if place in known), -1)
    after = next((known[place] for place in range(home + 1, len(manifest.cells)) if place in known), len(cells))
    taken = {*pairs, *answers.values()}
    unknown = [
        at for at in range(before + 1, after) if at not in taken and cells[at].is_code and not cells[at].is_blank
    ]
    recognised = before >= 0 or after < len(cells)
    return unknown[0] if recognised and len(unknown) == 1 else None


def _index(groups: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """Key → the places whose group holds it.  The empty key says nothing and is left out."""
    index: defaultdict[str, list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        for key in group:
            if key:
                index[key].append(place)
    return dict(index)


def _same_kind(cell: Found, released: ReleasedCell) -> bool:
    """A cell that was turned from code to text, or back, is still known by its grade_id."""
    return cell.is_code == (released.cell_type == "code") or cell.grade_id == released.grade_id != ""


def _similar(wanted: str, places: list[int], sources: list[str]) -> list[int]:
    """Those of `places` whose source shares most lines with `wanted`, best first."""
    lines = set(wanted.splitlines())
    scored = []
    for at in places:
        other = set(sources[at].splitlines())
        share = len(lines & other) / max(1, len(lines | other))
        if share >= SIMILAR:
            scored.append((-share, at))
    return [at for _, at in sorted(scored)]
