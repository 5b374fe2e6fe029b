"""Many submissions of one assignment → their judgements, by the workers of a Dask cluster.

A node needs this package and the models, not the repository: the bundle of the assignment travels as the result of a task, which Dask hands to
each worker once and makes again where it is lost; notebooks travel as they were read here, each with its task.  Judgements come back; journal,
gradebook and everything that is known of students stay here."""

from __future__ import annotations

import concurrent.futures
import itertools
import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from autograder import notebook
from autograder.bundle import Bundle, differences, pack
from autograder.errors import AuthoringError, InfrastructureError, UsageError
from autograder.journal import Done, withheld
from autograder.model import Assignment, Course, Manifest, NotGradable, Submission
from autograder.submitted import Job

CONNECT_SECONDS = 5
"""Within one network a scheduler answers at once or not at all."""
RETRIES = 1
NOBODY_SECONDS = 60.0
LOOK_SECONDS = 2.0
_REMEDY = "What is finished is kept: run the command again, and it goes on where it stopped."

_log = logging.getLogger(__name__)


def judge_all(
    course: Course, assignment: Assignment, manifest: Manifest, jobs: list[Job], *, scheduler: str
) -> Iterator[Done]:
    """Judges `jobs` with the hidden suite on the cluster whose scheduler listens at `scheduler`, and yields each as it is done.

    What a lost worker had is judged once more elsewhere; what loses its worker twice gets a `grader_error`.  A node that cannot judge as
    this machine would (other versions, a sandbox that does not hold, a missing model) is named on stderr and gets nothing more.  Raises
    InfrastructureError where nobody answers at `scheduler` or nobody is left who can judge."""
    bundle = pack(course, assignment, manifest)  # a file that cannot be read is no fault of the scheduler's
    with _connected(scheduler) as client:
        run = _Run(client, bundle, scheduler)
        try:
            yield from run.judge(iter(jobs))
        finally:
            run.close()


class _Run:
    """One assignment on one cluster."""

    def __init__(self, client: Any, bundle: Bundle, scheduler: str) -> None:
        from autograder import node  # imports Dask

        self._client, self._scheduler, self._node = client, scheduler, node
        self._manifest, self._limits = bundle.manifest, bundle.course.limits
        self._id = uuid.uuid4().hex
        self._refused: dict[str, str] = {}
        self._seen = time.monotonic()
        for address, found in client.run(differences, bundle.versions, on_error="return").items():
            if isinstance(found, Exception):
                self._refuse(address, f"It has another autograder, or none ({type(found).__name__}: {found}).")
            elif found:
                self._refuse(address, f"It would judge with {found}.")
        client.run_on_scheduler(_allow_failures)
        self._executor = client.get_executor(pure=False, retries=RETRIES)
        self._bundle = client.submit(_itself, bundle, key=f"autograder-bundle-{bundle.digest}")

    def judge(self, jobs: Iterator[Job]) -> Iterator[Done]:
        """Judges `jobs`, of which no more are taken at a time than there are threads: a worker that is lost takes one with it, and
        neither this process nor the scheduler holds a class."""
        waiting: list[Job] = []  # the next, and those that a node has refused
        flying: dict[concurrent.futures.Future[Any], tuple[Job, Submission | NotGradable]] = {}
        while True:
            waiting = waiting or list(itertools.islice(jobs, 1))
            if not waiting and not flying:
                return
            nodes = self._nodes()
            while waiting and len(flying) < sum(nodes.values()):
                job = waiting.pop()
                waiting = waiting or list(itertools.islice(jobs, 1))
                try:
                    submission = notebook.read(job.path, self._manifest, job.student, self._limits)
                except Exception as error:  # ours: the grade is withheld, loudly, and the class goes on
                    yield withheld(job, self._manifest, error)
                    continue
                flying[self._submit(job, submission, nodes)] = job, submission
            if waiting and not flying:  # no node at the moment
                time.sleep(LOOK_SECONDS)
            for future in concurrent.futures.wait(flying, LOOK_SECONDS, concurrent.futures.FIRST_COMPLETED).done:
                job, submission = flying.pop(future)
                outcome = self._outcome(future, job, submission)
                if isinstance(outcome, self._node.Refusal):
                    self._refuse(outcome.node, outcome.why)
                    waiting.append(job)
                else:
                    yield outcome

    def close(self) -> None:
        """Cancels what waits and ends the judges of this run, wherever they are."""
        self._executor.shutdown(wait=False)
        self._client.run(self._node.close, self._id, on_error="ignore")

    def _submit(self, job: Job, submission: Submission | NotGradable, nodes: dict[str, int]) -> Any:
        # A node that refuses answers at once and would be asked for ever; where none is left, Dask may take a new one.
        where = {"workers": list(nodes), "allow_other_workers": True} if self._refused else {}
        return self._executor.submit(self._node.judge, self._bundle, self._id, job, submission, **where)

    def _outcome(self, future: concurrent.futures.Future[Any], job: Job, submission: Submission | NotGradable) -> Any:
        """What came of a job, or the `Refusal` of the node that had it."""
        from distributed import KilledWorker

        try:
            outcome = future.result()
        except KilledWorker:
            return withheld(job, self._manifest, f"{RETRIES + 1} workers were lost that had it.", submission)
        except concurrent.futures.CancelledError as error:
            raise InfrastructureError(f"The scheduler at {self._scheduler} is gone.", _REMEDY) from error
        except Exception as error:  # ours: the grade is withheld, loudly, and the class goes on
            return withheld(job, self._manifest, error, submission)
        if isinstance(outcome, AuthoringError):
            raise outcome
        return outcome if isinstance(outcome, self._node.Refusal) else Done(job, submission, outcome)

    def _nodes(self) -> dict[str, int]:
        """The threads of each worker that has not refused; none for a moment, while lost ones are replaced."""
        found = {address: count for address, count in self._client.nthreads().items() if address not in self._refused}
        now = time.monotonic()
        self._seen = now if found else self._seen
        if not found and self._refused:
            raise InfrastructureError(f"No worker of {self._scheduler} can judge; what each lacks is above.", _REMEDY)
        if now - self._seen > NOBODY_SECONDS:
            raise InfrastructureError(f"{self._scheduler} has had no worker for {NOBODY_SECONDS:g} s.", _REMEDY)
        return found

    def _refuse(self, address: str, why: str) -> None:
        if address not in self._refused:
            _log.warning("autograder: %s judges nothing: %s", address, why)
        self._refused[address] = why


def _itself(bundle: Bundle) -> Bundle:
    return bundle


def _allow_failures(dask_scheduler: Any) -> None:
    """Dask's own default gives a task that ends its worker to three more."""
    dask_scheduler.allowed_failures = RETRIES


@contextmanager
def _connected(scheduler: str) -> Iterator[Any]:
    """A client of the scheduler."""
    try:
        import distributed
        from distributed.comm.addressing import get_address_host_port
    except ImportError as error:
        raise UsageError(
            "--scheduler needs Dask, which is not installed here.", "Run: pip install 'autograder[scale]'"
        ) from error
    for name in ("distributed", "distributed.client"):  # what they would say of a lost connection is said by us
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        get_address_host_port(scheduler)
    except ValueError as error:
        raise UsageError(f"{scheduler!r} is no address of a scheduler.", "It looks like tcp://host:8786.") from error
    try:
        client = distributed.Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except OSError as error:
        raise InfrastructureError(
            f"Nobody answers at {scheduler}.", "Start `dask scheduler` there, or mend the address."
        ) from error
    with client:
        if not client.nthreads():
            raise InfrastructureError(f"{scheduler} has no workers.", "Start `dask worker` and run it again.")
        try:
            yield client
        except OSError as error:
            raise InfrastructureError(f"The scheduler at {scheduler} is gone.", _REMEDY) from error
