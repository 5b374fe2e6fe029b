"""How much memory a worker uses by itself, read from outside, cheap enough to be asked every 20 ms."""

from __future__ import annotations

from pathlib import Path

# Pages of files and of the warm parent's mapped weights are shared, and left out.
_OWN = ("RssAnon:", "RssShmem:", "VmSwap:")


def usage_mb(pid: int) -> int:
    """Memory of the process `pid` and of all below it that is not the warm parent's, in MiB; 0 if `pid` is gone.

    A forked process counts its parent's private pages as its own although they are shared until written to.  So what the parent of `pid`
    has is taken off for `pid` and its children (the worker, behind the process that waits for it outside its PID namespace).  It is not
    taken off for processes that student code forks: there, writing to inherited pages would else cost nothing."""
    inherited = _own_kb(_parent(pid))
    total = max(0, _own_kb(pid) - inherited)
    for child in _children(pid):
        total += max(0, _own_kb(child) - inherited)
        below = _children(child)
        while below:
            total += sum(_own_kb(each) for each in below)
            below = [grandchild for each in below for grandchild in _children(each)]
    return total >> 10


def _own_kb(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in status.splitlines() if line.startswith(_OWN))


def _parent(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])


def _children(pid: int) -> list[int]:
    """The children of every thread of `pid`."""
    found: list[int] = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (thread / "children").read_text(encoding="utf-8").split())
    except OSError:  # it ended, or the kernel keeps no such lists (CONFIG_PROC_CHILDREN)
        if not Path("/proc/thread-self/children").exists():
            return [
                int(entry.name)
                for entry in Path("/proc").iterdir()
                if entry.name.isdecimal() and _parent(int(entry.name)) == pid
            ]
    return found
