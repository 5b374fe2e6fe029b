"""A finished folder into the place of another, whose .git, if it has one, stays: all of it or nothing, also where the run is killed."""

from __future__ import annotations

import shutil
from pathlib import Path

GIT = ".git"  # a folder, or the file that a work tree or a submodule has


def swap(built: Path, target: Path) -> None:
    """Puts `built` where `target` is, with two renames; both lie in the same file system.  A link or a file in its place goes."""
    old = _aside(target)
    try:
        if target.is_symlink() or target.is_file():
            target.unlink()
        if target.exists():
            target.rename(old)
        _take_git(old, built)
        built.rename(target)
    except BaseException:  # a Ctrl-C too
        mend(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def mend(target: Path) -> None:
    """Undoes a `swap` that was killed half-way: the folder that was to be replaced comes back."""
    old = _aside(target)
    if not old.is_dir():
        return
    if target.exists():  # the swap was done but for the clearing up
        _take_git(old, target)
        shutil.rmtree(old, ignore_errors=True)
        return
    for built in target.parent.glob(f".{target.name}-*/built"):
        _take_git(built, old)
    old.rename(target)


def listing(folder: Path) -> list[str]:
    """All that lies below `folder`, but for folders: hidden files too, and links as what they are."""
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()
    )


def _take_git(source: Path, target: Path) -> None:
    if (source / GIT).exists() and not (target / GIT).exists():
        (source / GIT).rename(target / GIT)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.replaced")
