#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the container: Python, the packages of the lock file, the course's models.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
cd "$root/source"
. ./assignment.env

find_python() {
    local python
    for python in python3.11 python3.12 python3.13 python3; do
        if "$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    return 1
}

export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends libseccomp2
if ! python=$(find_python); then
    apt-get install --yes --no-install-recommends python3.11 python3.11-venv ||
        apt-get install --yes --no-install-recommends python3 python3-venv
    python=$(find_python) || { echo 'Choose a base image with Python 3.11 or newer (Ubuntu 22.04 or later).' >&2; exit 1; }
fi

"$python" -m venv "$root/venv"
"$root/venv/bin/python" -m pip install --progress-bar off --requirement requirements.lock
"$root/venv/bin/python" -m pip install --no-deps --no-build-isolation .
HF_HOME="$root/models" "$root/venv/bin/python" -m autograder models "${MODELS[@]}"

# What grades is nobody's to read but root's; student code runs as another user besides.
chmod -R go-rwx "$root/source/source" "$root/source/.autograder"
