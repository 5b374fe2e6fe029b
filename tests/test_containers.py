"""The Dockerfile and the devcontainer, which nobody builds here, are held against the tree: sources, users, targets, and what gets in."""

from __future__ import annotations

import json
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet
from test_docs import tracked

Stages = dict[str, list[tuple[str, str]]]

SOURCE = re.compile(r"--mount=type=bind,(?:\S+,)?source=([^,\s]+)")


def stages(text: str) -> Stages:
    """The stages of a Dockerfile by name, each with its instructions and their arguments; what stands before the first one is in ""."""
    found: Stages = {"": []}
    name = ""
    code = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for line in re.sub(r"\\\n", " ", code).splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            image, _, name = rest.partition(" AS ")
            found[name] = list(found.get(image, []))
        if word:
            found[name].append((word, rest))
    return found


def sources(text: str) -> set[str]:
    """What a Dockerfile copies out of the tree or looks at."""
    instructions = [one for stage in stages(text).values() for one in stage]
    copied = {name for word, rest in instructions if word in {"COPY", "ADD"} for name in rest.split()[:-1]}
    return copied | {name for word, rest in instructions if word == "RUN" for name in SOURCE.findall(rest)}


def gets_in(path: str, ignore: str) -> bool:
    """Whether .dockerignore lets a file into the build: the last line that fits it or a folder above it says so."""
    parts = path.split("/")
    places = {"/".join(parts[: end + 1]) for end in range(len(parts))}
    allowed = True
    for line in filter(None, (line.strip() for line in ignore.splitlines())):
        pattern = line.removeprefix("!")
        if pattern.startswith("**/"):
            fits = any(fnmatch(part, pattern[3:]) for part in parts)
        else:
            fits = any(fnmatch(place, pattern) for place in places)
        if fits and not line.startswith("#"):
            allowed = line.startswith("!")
    return allowed


def faults(docker: str, ignore: str, files: set[str]) -> list[str]:
    """What is wrong with a Dockerfile and its .dockerignore in a tree of these files, a line each."""
    known, wanted = stages(docker), sources(docker)
    arguments = dict(rest.split("=", 1) for word, rest in known[""] if word == "ARG" and "=" in rest)
    found = []
    for name, stage in known.items():
        for image in (rest.split(" AS ")[0] for word, rest in stage if word == "FROM"):
            filled = re.sub(r"\$\{(\w+)\}", lambda match: arguments.get(match[1], ""), image)
            if image not in known and not re.search(r":(?!latest)[\w.-]*\d", filled):
                found.append(f"{image} is pinned to no tag")
        users = [rest for word, rest in stage if word == "USER"]
        is_base = any(word == "FROM" and rest.split()[0] == name for other in known.values() for word, rest in other)
        if name and not is_base and (not users or users[-1] in {"root", "0"}):
            found.append(f"{name} ends as root")
    below = {one: {path for path in files if path == one or path.startswith(f"{one}/")} for one in wanted}
    found += [f"there is no {one}" for one, paths in below.items() if not paths]
    needed, inside = {path for paths in below.values() for path in paths}, {p for p in files if gets_in(p, ignore)}
    found += [f"{path} is needed and ignored" for path in sorted(needed - inside)]
    found += [f"{path} gets in and nothing needs it" for path in sorted(inside - needed)]
    return found


@pytest.fixture(scope="module")
def docker(root: Path) -> str:
    return (root / "Dockerfile").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def ignore(root: Path) -> str:
    return (root / ".dockerignore").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def files(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in tracked(root)}


@pytest.fixture(scope="module")
def devcontainer(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    return found


def test_the_dockerfile_fits_the_tree(docker: str, ignore: str, files: set[str]) -> None:
    assert faults(docker, ignore, files) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("=3.11-slim-bookworm", "=latest"), "python:${PYTHON} is pinned to no tag"),
        (("USER 1000\n# course_config", "# course_config"), "node ends as root"),
        (("COPY requirements.lock ./", "COPY requirements.txt ./"), "there is no requirements.txt"),
        (("source=course_config.py", "source=course.py"), "there is no course.py"),
        (("COPY autograder", "COPY source autograder"), "source/softmax/softmax.ipynb is needed and ignored"),
        (("README.md LICENSE ./", "LICENSE ./"), "README.md gets in and nothing needs it"),
    ],
)
def test_a_mistake_in_the_dockerfile_is_found(
    docker: str, ignore: str, files: set[str], change: tuple[str, str], said: str
) -> None:
    assert docker.count(change[0]) == 1
    assert said in faults(docker.replace(*change), ignore, files)


@pytest.mark.parametrize(
    "path",
    [
        "source/softmax/softmax.ipynb",
        "source/softmax/checks/test_softmax.py",
        "submitted/ada/softmax/softmax.ipynb",
        "results/softmax/ada.json",
        ".autograder/seeds.json",
        "gradebook.db",
        "roster.csv",
        "exports/grades.csv",
        ".git/config",
        ".venv/bin/python",
        "pip.conf",
    ],
)
def test_no_secret_gets_into_a_build(ignore: str, path: str) -> None:
    assert not gets_in(path, ignore)
    assert gets_in("autograder/models/weights/digits-ddim.json", ignore)


def test_the_image_has_what_the_package_is_built_from_and_no_course(docker: str, root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    copied = {one for word, rest in stages(docker)["node"] if word == "COPY" for one in rest.split()[:-1]}
    version = re.search(r"^ARG PYTHON=([\d.]+)-", docker, re.MULTILINE)

    assert {"autograder", "pyproject.toml", "requirements.lock", project["readme"], *project["license-files"]} == copied
    assert version is not None
    assert SpecifierSet(project["requires-python"]).contains(version[1])


def test_nodes_run_as_the_user_of_the_image(docker: str, root: Path) -> None:
    page = (root / "docs" / "scale.md").read_text(encoding="utf-8")
    (user,) = {rest for stage in stages(docker).values() for word, rest in stage if word == "USER"}

    assert f"runAsUser: {user}" in page
    assert f"--uid {user}" in docker


def test_the_devcontainer_is_built_from_a_stage_that_has_what_make_needs(
    devcontainer: dict[str, Any], docker: str, root: Path
) -> None:
    build = devcontainer["build"]
    parts = re.search(r"^SYSTEM_PARTS := (.+)$", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    stage = stages(docker)[build["target"]]
    installed = " ".join(rest for word, rest in stage if word == "RUN").split()

    assert (root / ".devcontainer" / build["dockerfile"]).resolve() == root / "Dockerfile"
    assert (root / ".devcontainer" / build["context"]).resolve() == root
    assert parts is not None
    assert {"git", "make", *parts[1].split()} <= set(installed)
    assert devcontainer["remoteUser"] in installed


def test_the_devcontainer_sets_up_and_leads_to_demo_and_lab(devcontainer: dict[str, Any], root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)", json.dumps(devcontainer)))

    assert named <= targets
    assert devcontainer["postCreateCommand"] == "make setup"
    assert {"demo", "lab"} <= set(re.findall(r"make ([a-z]+)", devcontainer["postAttachCommand"]))
