# Two images.  `node`, the last and so the default: the engine and the course's models, and nothing of the course itself;
# for nodes of a cluster (docs/scale.md), or for a course that is mounted (docs/instructor.md).  `workshop`: what `make`
# needs, for .devcontainer.  BuildKit builds them (Docker 23 and newer, podman).
# Packages of the system are not pinned: Debian keeps one version of each, and replaces it with every fix.
# A node is compared with the coordinator, Python's last digit included: --build-arg PYTHON=3.11.9-slim-bookworm
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS base
# 1000 is the user of the pods in docs/scale.md
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libseccomp2 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 --shell /bin/bash grader

FROM base AS workshop
# as SYSTEM_PARTS in the Makefile, and what make itself runs
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends chromium git make postgresql \
    && rm -rf /var/lib/apt/lists/*
USER 1000

FROM base AS node
# pip's own settings, if there are any, come as a secret and do not stay: --secret id=pip,src=pip.conf
WORKDIR /build
COPY requirements.lock ./
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    pip install --no-cache-dir --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY autograder autograder
RUN pip install --no-cache-dir --no-deps --no-build-isolation . \
    && install --directory --owner 1000 /models
ENV HF_HOME=/models
USER 1000
# course_config.py says which models; it may name students and a database, so it is looked at and not copied
RUN --mount=type=secret,id=pip,target=/etc/pip.conf,uid=1000 \
    --mount=type=bind,source=course_config.py,target=/build/course_config.py \
    autograder models
WORKDIR /tmp
CMD ["autograder", "doctor"]
