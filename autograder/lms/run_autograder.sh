#!/usr/bin/env bash
# Gradescope runs this for every submission: $root/submission in, $root/results/results.json out.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
python="${AUTOGRADER_PYTHON:-$root/venv/bin/python}"
. "$root/source/assignment.env"
if [ -d "$root/models" ]; then export HF_HOME="$root/models"; fi
export PYTHONPATH="$root/source" PYTHONDONTWRITEBYTECODE=1
cd "$root/source"
exec "$python" -m autograder.lms.container "$root" "$ASSIGNMENT"
