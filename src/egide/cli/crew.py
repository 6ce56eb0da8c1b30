"""Who does the work of a simulation: threads of this machine, or the workers of a Dask cluster."""

import os
import re
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Annotated, Any

import typer

import egide
from egide import plain
from egide.cli.console import phrase
from egide.errors import UsageError
from egide.message import message

ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}", re.ASCII)
PATIENCE = 5
"""Seconds in which the scheduler of a cluster must answer and have a worker."""

Workers = Annotated[
    int | None, typer.Option(help=phrase("Nombre de fils de calcul ; par défaut, autant que de processeurs."))
]
Cluster = Annotated[
    str,
    typer.Option(
        help=phrase("Calculer sur une grappe Dask : tcp://machine:8786 ; les chiffres restent les mêmes."),
    ),
]


@contextmanager
def crew(workers: int | None, cluster: str) -> Iterator[Executor]:
    """Give what runs the parts of a simulation. Raises UsageError, DataError when the cluster does not answer."""
    if workers is not None and workers < 1:
        raise UsageError(message("--workers {workers} : écrire un nombre plus grand que 0", workers=workers))
    if cluster and workers is not None:
        raise UsageError(message("--workers ne va pas avec --cluster : la grappe a ses propres fils de calcul"))
    if cluster:
        with _cluster(cluster) as executor:
            yield executor
        return
    threads = ThreadPoolExecutor(workers or os.cpu_count() or 1)
    try:
        yield threads
    finally:
        threads.shutdown(cancel_futures=True)


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    if not ADDRESS.fullmatch(address):
        raise UsageError(message("--cluster {address} : écrire une adresse comme tcp://machine:8786", address=address))
    try:
        from distributed import Client  # noqa: PLC0415 (only where it serves)
    except ImportError:
        raise UsageError(
            message(
                "--cluster demande la bibliothèque « distributed » : l'installer avec le complément egide[distributed]"
            )
        ) from None
    with ExitStack() as stack:
        try:
            made: Any = Client
            client = stack.enter_context(made(address, timeout=PATIENCE, set_as_default=False))
            client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, TimeoutError):
            raise plain.refusal(
                "loss.cluster",
                address,
                "",
                message("la grappe ne répond pas, ou n'a aucun travailleur"),
                remedy=message("Vérifier l'adresse, puis que « dask scheduler » et « dask worker » tournent."),
            ) from None
        _same_version(address, _versions(client))
        yield client.get_executor(pure=False)


def _versions(client: Any) -> dict[str, str]:
    """Return the version of the program of each worker, that all may compute alike; "" where it is not installed."""
    asked = client.run(_version, on_error="return")
    return {worker: each if isinstance(each, str) else "" for worker, each in asked.items()}


def _version() -> str:
    return egide.__version__


def _same_version(address: str, versions: dict[str, str]) -> None:
    other = {worker: each for worker, each in versions.items() if each != egide.__version__}
    if other:
        raise plain.refusal(
            "loss.cluster_version",
            address,
            ", ".join(other),
            message("des travailleurs ont une autre version d'Égide : les chiffres pourraient différer"),
            read=", ".join(sorted(set(other.values()))),
            remedy=message("Installer partout la version {version}.", version=egide.__version__),
        )
