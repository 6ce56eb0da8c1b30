#!/usr/bin/env bash
# Writes the two lock files: hashed, for every platform, without any index address.
set -eu
cd "$(dirname "$0")/.."
common="--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate"
uv pip compile $common pyproject.toml -o requirements/run.txt
uv pip compile $common pyproject.toml --group dev -c requirements/run.txt -o requirements/dev.txt
