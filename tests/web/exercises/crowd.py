"""Telephones that poll a server as their pages do, and what they saw: for the benchmark and the test of the same in small."""

import asyncio
import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

FRAGMENT_TAG = 'data-tag="&quot;'


@dataclass
class Phone:
    """One page of a participant: polls each second, says at once that it has read what is new."""

    path: str
    reads: bool = True
    tag: str = ""
    seen: dict[str, float] = field(default_factory=dict)
    """Each inject, and the instant it was first shown."""
    told: set[str] = field(default_factory=set)
    """Injects whose reading the server has acknowledged."""
    statuses: Counter[int | str] = field(default_factory=Counter)
    slowest: float = 0.0
    fetched: list[float] = field(default_factory=list)

    async def asked(self, base, method, path, headers=(), body=b""):
        """One exchange on the kept connection; a broken one is made anew next time."""
        began = time.perf_counter()
        try:
            if self.link is None:
                self.link = await asyncio.open_connection(base.hostname, base.port)
            reader, writer = self.link
            lines = [
                f"{method} {path} HTTP/1.1",
                f"Host: {base.netloc}",
                *headers,
                f"Content-Length: {len(body)}",
                "",
                "",
            ]
            writer.write("\r\n".join(lines).encode() + body)
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
            status = int(head.split(b" ", 2)[1])
            length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0)  # fmt: skip
            content = await asyncio.wait_for(reader.readexactly(length), 10) if length and status != 304 else b""
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as broken:
            if self.link:
                self.link[1].close()
            self.link = None
            self.statuses[type(broken).__name__] += 1
            return 0, ""
        self.statuses[status] += 1
        self.slowest = max(self.slowest, time.perf_counter() - began)
        return status, content.decode()

    async def lived(self, base, until):
        """Poll until that instant."""
        self.link = None
        await asyncio.sleep(hash(self.path) % 1000 / 1000)
        while (now := time.time()) < until:
            status, text = await self.asked(base, "GET", f"{self.path}depuis", (f"If-None-Match: {self.tag}",))
            if status == 200:
                self.fetched.append(time.time() - now)
                self.shown(text)
            if self.reads:
                for key in [each for each in self.seen if each.startswith("ALE") and each not in self.told]:
                    await self.tell(base, key)
            await asyncio.sleep(max(0.0, 1 - (time.time() - now)))
        if self.link:
            self.link[1].close()

    def shown(self, text):
        """Note what a part of the page holds."""
        start = text.index(FRAGMENT_TAG) + len(FRAGMENT_TAG)
        self.tag = f'"{text[start : text.index("&quot;", start)]}"'
        for piece in text.split('<article class="live-card live-inject')[1:]:
            key = piece.split('id="', 1)[1].split('"', 1)[0]
            self.seen.setdefault(key, time.time())

    async def tell(self, base, key):
        """Say that an inject was read; what the server has not acknowledged is said again after the next poll."""
        body = urlencode({"kind": "read", "event": key, "sent_as": uuid4()}).encode()
        headers = ("Content-Type: application/x-www-form-urlencoded", "X-Requested-With: fetch")
        status, text = await self.asked(base, "POST", f"{self.path}dire", headers, body)
        if status == 200:
            self.told.add(key)
            self.shown(text)


def live(address, phones, until, kill=None):
    """Let all phones poll the server at `address`; `kill` is an instant and what to do then."""
    base = urlsplit(address)

    async def killed():
        at, do = kill
        await asyncio.sleep(max(0.0, at - time.time()))
        do()

    async def everybody():
        await asyncio.gather(*(each.lived(base, until) for each in phones), *([killed()] if kill else []))

    with ThreadPoolExecutor(1) as apart:  # a browser of the tests may keep a loop of its own in this thread
        apart.submit(asyncio.run, everybody()).result()


def children(pid):
    """The worker processes of a server."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu(pids):
    """The CPU seconds that these processes have used."""
    tick = os.sysconf("SC_CLK_TCK")
    return sum(
        sum(map(int, Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13])) / tick for pid in pids
    )


def megabytes(pids):
    """The memory that the fattest of these processes holds."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids]
    return max(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


def kill(pid):
    """Kill a worker as a crash does."""
    os.kill(pid, signal.SIGKILL)
