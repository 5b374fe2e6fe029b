"""How much memory a worker uses by itself, read from outside, cheap enough to be asked every 20 ms."""

from __future__ import annotations

from pathlib import Path

# Pages of files and of the warm parent's mapped weights are shared, and left out.
_OWN = ("RssAnon:", "RssShmem:", "VmSwap:")
SOCKET_KB = 256
"""What one end of a pair of sockets may hold of the kernel's memory, which counts as no process's: Linux' default buffer, and one write more."""


def usage_mb(pid: int) -> int:
    """Memory of the process `pid` and of all below it that is not the warm parent's, in MiB; 0 if `pid` is gone.

    A forked process counts its parent's private pages as its own although they are shared until written to.  So what the parent of `pid`
    has is taken off for `pid`, and for the worker if `pid` only waits for it outside its PID namespace.  It is not taken off for processes
    that student code forks: there, writing to inherited pages would else cost nothing."""
    inherited = _own_kb(_parent(pid))[0]
    total = 0
    todo = [(pid, True)]
    while todo:
        process, warm = todo.pop()
        own, first = _own_kb(process)
        warm = warm or first
        total += max(0, own - inherited) if warm else own
        if first:
            total += SOCKET_KB * _sockets(process)
        todo += [(child, False) for child in _children(process)]
    return total >> 10


def _own_kb(pid: int) -> tuple[int, bool]:
    """(the memory of `pid` alone, in KiB; whether it is the first process of a PID namespace)"""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0, False
    own, first = 0, False
    for line in status.splitlines():
        if line.startswith(_OWN):
            own += int(line.split()[1])
        elif line.startswith("NSpid:"):
            first = line.split()[-1] == "1"
    return own, first


def _sockets(pid: int) -> int:
    """How many sockets there are in the network namespace of `pid`, also those that are on their way through another."""
    try:
        first = Path(f"/proc/{pid}/net/sockstat").read_text(encoding="utf-8").partition("\n")[0]
    except OSError:
        return 0
    return int(first.rpartition(" ")[2])


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
