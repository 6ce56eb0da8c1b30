#!/usr/bin/env bash
# Builds .venv from the locked and hashed list: with the fast installer if it can be had and works, else with plain pip.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3.11}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 ou plus récent est nécessaire ($python)." >&2; exit 1; }
export UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1

have_fast() { # a private copy of the fast installer, never the user's environment
    [ -x .tools/bin/uv ] ||
        "$python" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools uv >/dev/null 2>&1
    [ -x .tools/bin/uv ]
}

with_fast() {
    .tools/bin/uv venv --quiet --allow-existing --python "$python" .venv &&
        .tools/bin/uv pip sync --quiet --python .venv --require-hashes requirements/dev.txt &&
        .tools/bin/uv pip install --quiet --python .venv --no-build-isolation --no-deps --editable .
}

with_pip() {
    [ -x .venv/bin/pip ] || "$python" -m venv --clear .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
}

if ! { have_fast && with_fast; }; then
    echo "Installation par pip (l'installateur rapide n'a pas pu servir)." >&2
    with_pip
fi
# The simulation is compiled once for all here: its first use then reads it from the cache.
.venv/bin/python -c "from egide.loss.simulation import warm; warm()"
touch .venv/ready
