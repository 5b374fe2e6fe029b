"""What peers.py hands in: some of the other attacks, some on where nbgrader and otter keep hidden tests and results, and honest work.

Only attacks that cannot hurt the machine are here: both peers run them with the rights of whoever runs peers.py."""

from __future__ import annotations

from attacks_files import GRADED, PAGES
from attacks_inside import LYING, TAMPERING
from attacks_outside import READING, tries
from hostile_scene import RIGHT, SHORT, Attack, Notebook

RAN_INSIDE = "ran-inside"
"""The file that an attack leaves behind if it ran in the process that grades."""


def named(attacks: tuple[Attack, ...], name: str) -> Attack:
    return next(attack for attack in attacks if attack.name == name)


def one_cell(nb: Notebook) -> Notebook:
    """An honest notebook whose author pressed "split cell" once: two cells with the same marks."""
    at = next(i for i, cell in enumerate(nb["cells"]) if cell["metadata"]["nbgrader"]["grade_id"] == "total")
    nb["cells"].insert(at, dict(nb["cells"][at], source="# my notes", id="twin"))
    return nb


HIDDEN_TESTS = """import glob, os
kept = [path for path in ('@ROOT@/gradebook.db', *sorted(glob.glob('tests/*.py'))) if os.path.exists(path)]
assert kept
for path in kept: print(open(path, 'rb').read()[:2000])"""
REWRITTEN = """
import pickle
plain = pickle.dump
def dump(results, file, *more, **options):
    for test in getattr(results, "results", {}).values():
        for case in test.test_case_results:
            case.passed = True
    plain(results, file, *more, **options)
pickle.dump = dump"""
RUNS = f"""open('@ROOT@/{RAN_INSIDE}', 'w').write(' '.join(__import__('sys').argv))"""
PICKLE = f"""
import pickle
class Note:
    def __init__(self, kept): self.kept = kept
    def __reduce__(self): return eval, (\"\"\"[{RUNS}, kept][1]\"\"\", dict(kept=self.kept))
plain = pickle.dump
pickle.dump = lambda results, file, *more, **options: plain(Note(results), file, *more, **options)"""
RECORD = f"""
import gc, logging.handlers, pickle, struct
class Note:
    def __reduce__(self): return eval, (\"\"\"dict(name='x', levelno=0, note={RUNS})\"\"\",)
for found in gc.get_objects():
    if isinstance(found, logging.handlers.SocketHandler):
        note = pickle.dumps(Note())
        found.send(struct.pack('>L', len(note)) + note)"""

ALL_ROWS: tuple[tuple[str, Attack], ...] = (
    ("an honest right answer", Attack("right", base="right")),
    ("an honest wrong answer", Attack("wrong")),
    ("`torch.allclose` and `equal` say yes", named(TAMPERING, "allclose says yes")),
    ("an AST transformer drops asserts", named(TAMPERING, "assert is a pass")),
    ("asserts are cut from the cells' text", named(TAMPERING, "asserts are cut from the text")),
    ("an object equal to everything", named(LYING, "equal to everything")),
    ("a tensor subclass that lies", named(LYING, "a tensor subclass")),
    ("the tag `skip-execution` on the tests", named(GRADED, "skip-execution on the tests")),
    ("tests turned into text", named(GRADED, "tests turned into text")),
    ("the tests' marks are lost", named(GRADED, "tests without marks")),
    ("`os._exit` in an answer", Attack("exit", answers={"softmax": "import os\n    os._exit(0)"}, base="right")),
    ("one cell split in two, honestly", Attack("split", base="right", edit=one_cell)),
    ("a warning on stderr, honestly", Attack("stderr", base="right", answers={"total": f"import sys; print('careful', file=sys.stderr)\n    {RIGHT['total']}"})),
    ("a cell without end, honestly", Attack("endless", base="right", late="import time\nwhile True: time.sleep(1)", limits=SHORT)),
    ("results rewritten while they are saved", Attack("rewritten", REWRITTEN)),
    ("a pickle that runs code, as results", Attack("pickle", PICKLE)),
    ("a pickle that runs code, as a log record", Attack("record", RECORD)),
    ("reads the hidden tests where they are kept", Attack("reads", tries(HIDDEN_TESTS))),
    ("reads a classmate's notebook", named(READING, "a classmate")),
    ("reads a secret from the environment", named(READING, "its own environment")),
    ("writes into the gradebook", Attack("writes", tries("with open('@ROOT@/gradebook.db', 'ab') as f: f.write(b'')"))),
    ("starts a program", Attack("program", tries("import subprocess\nsubprocess.run(['/bin/true'], check=True)"))),
    ("opens a socket", Attack("socket", tries("import socket\nsocket.socket().bind(('127.0.0.1', 0))"))),
    ("leaves a start-up file for the next one", Attack("startup", tries("import pathlib\nopen(pathlib.Path('@ROOT@') / 'startup.py', 'w')"))),
    ("script in an output, on the page", named(PAGES, "script in HTML output")),
)  # fmt: skip
