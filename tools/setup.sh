#!/usr/bin/env bash
# Builds .venv from the locked and hashed list: with the fast installer if it can be had, else with plain pip.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3.11}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 ou plus récent est nécessaire ($python)." >&2; exit 1; }

fast() { # a private copy of the fast installer, never the user's environment
    [ -x .tools/bin/uv ] && return 0
    "$python" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools uv >/dev/null 2>&1 && [ -x .tools/bin/uv ]
}

if fast; then
    .tools/bin/uv venv --quiet --allow-existing --python "$python" .venv
    .tools/bin/uv pip sync --quiet --python .venv --require-hashes requirements/dev.txt
    .tools/bin/uv pip install --quiet --python .venv --no-build-isolation --no-deps --editable .
else
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
fi
touch .venv/ready
