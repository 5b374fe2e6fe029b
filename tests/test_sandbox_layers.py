# ruff: noqa: F811, RUF100 - a fixture is imported, and is the argument of every test
"""Which layers of the sandbox hold on which machine, and that one that does not hold is named."""

from __future__ import annotations

import errno
from typing import Any

import pytest
from lockdown_scene import LIMITS, MACHINES, REQUIRED, Scene, in_child, layers, policy_for, refuse
from lockdown_scene import scene as scene  # noqa: PLC0414

from autograder import sandbox
from autograder.model import LAYERS
from autograder.sandbox import files, kernel


def test_every_layer_that_enter_reports_is_one_that_is_available(scene: Scene) -> None:
    found = sandbox.available()

    assert list(found) == list(LAYERS)
    assert layers("as we are", scene)["layers"] == [layer for layer, why in found.items() if not why]


@pytest.mark.parametrize(
    ("machine", "lost"),
    [
        ("unshare refused", {"namespaces", "disk"}),
        ("unshare refused to an ordinary user", {"namespaces", "disk"}),
        ("a container", {"namespaces", "disk"}),
        ("no Landlock", {"landlock"}),
    ],
)
def test_a_layer_that_the_machine_refuses_is_named_and_can_be_insisted_on(
    machine: str, lost: set[str], scene: Scene
) -> None:
    everywhere = set(layers("as we are", scene)["layers"])
    found, _ = in_child(lambda _: (MACHINES[machine](), sandbox.available())[1])

    assert lost <= {layer for layer, why in found.items() if why}
    assert set(layers(machine, scene)["layers"]) == everywhere - lost
    for layer in lost:
        answer = layers(machine, scene, policy=policy_for(scene, required=(layer,)))
        assert answer.startswith(f"SandboxError: The sandbox cannot hold {layer} (")


def test_without_landlock_and_namespaces_files_do_not_hold(scene: Scene) -> None:
    def bare(_: int) -> Any:
        refuse("unshare")
        refuse("landlock_create_ruleset", number=errno.ENOSYS)
        return in_child(lambda channel: sandbox.enter(policy_for(scene, required=("files",)), (channel,)))[0]

    answer, _ = in_child(bare)

    assert answer.startswith("SandboxError: The sandbox cannot hold files (")


def test_without_seccomp_the_network_does_not_hold(scene: Scene) -> None:
    def bare(_: int) -> Any:
        refuse("seccomp")
        return in_child(lambda channel: sandbox.enter(policy_for(scene, required=("network",)), (channel,)))[0]

    answer, _ = in_child(bare)

    assert answer.startswith("SandboxError: The sandbox cannot hold network (")


def test_other_systems_have_no_layer_and_say_so(scene: Scene) -> None:
    def elsewhere(_: int) -> Any:
        kernel.LINUX = False
        files.abi.cache_clear()
        entered, _ = in_child(lambda channel: sandbox.enter(policy_for(scene), (channel,)))
        insisted, _ = in_child(lambda channel: sandbox.enter(policy_for(scene, required=REQUIRED), (channel,)))
        return entered, insisted, sandbox.available()

    (entered, insisted, found), _ = in_child(elsewhere)

    assert entered == []
    assert insisted.startswith("SandboxError: The sandbox cannot hold files (this machine does not run Linux")
    assert all("does not run Linux" in why for why in found.values())


def test_the_grade_of_a_sandbox_is_full_partial_or_none() -> None:
    assert sandbox.grade_of(LAYERS) == "full"
    assert sandbox.grade_of(["files", "network"]) == "partial"
    assert sandbox.grade_of(["limits"]) == sandbox.grade_of([]) == "none"


def test_the_self_test_finds_nothing_where_all_layers_hold(scene: Scene) -> None:
    held = set(layers("as we are", scene)["layers"])

    assert set(sandbox.self_test(policy_for(scene))).isdisjoint(held)


def test_the_self_test_finds_what_is_open(scene: Scene) -> None:
    def elsewhere(_: int) -> Any:
        kernel.LINUX = False
        return sandbox.self_test(policy_for(scene))

    found, _ = in_child(elsewhere)

    assert {"files", "network", "signals", "limits", "disk", "memory"} <= set(found)
    assert "read a file outside" in found["files"]


def test_a_container_that_allows_user_namespaces_gets_all_layers(scene: Scene) -> None:
    """If an ordinary user can reach what is readable there: root without the right to mount becomes one first."""
    everywhere = set(layers("as we are", scene)["layers"])
    policy = sandbox.Policy(scene.work, (scene.data,), LIMITS, ())

    assert set(layers("a container with user namespaces", scene, policy=policy)["layers"]) == everywhere
