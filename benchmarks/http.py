"""Annotators over HTTP: submissions, the loop of asking and answering, imports; server and clients on one machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

import httpx
import orjson

from benchmarks.measures import Figure, Stopwatch, resident_megabytes, show
from benchmarks.workload import LABEL_CONFIG, TEXT

TOKEN = "measured-token"
PEOPLE = 64
SECONDS = 8.0
IMPORTED = 100_000


class Server:
    """`annolog serve` in a process of its own, on a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        command = [sys.executable, "-m", "annolog", "serve", "--data-dir", str(folder), "--port", str(port)]
        environment = {
            "ANNOLOG_BOOTSTRAP_TOKEN": TOKEN,
            "ANNOLOG_REQUESTS_PER_MINUTE_PER_TOKEN": "0",
            "ANNOLOG_REQUESTS_PER_MINUTE_PER_ADDRESS": "0",
            "PATH": "",
            "PYTHONPATH": str(Path(__file__).parents[1]),
        }
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.client = httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=300)
        for _ in range(1_200):
            try:
                self.client.get("/readyz").raise_for_status()
                return
            except httpx.HTTPError:
                sleep(0.05)
        raise RuntimeError("the server did not start")

    def post(self, path: str, body: object) -> dict[str, object]:
        """Send a command; raises if it is refused."""
        answer = self.client.post(path, json=body)
        answer.raise_for_status()
        return answer.json()

    def stop(self) -> None:
        """End the process."""
        self.client.close()
        self.process.terminate()
        # Beside others' work an end with a hundred pages open takes its time.
        self.process.wait(120)


def prepare(server: Server, overlap: int, tasks: int) -> tuple[int, list[int], float]:
    """A published project with people and tasks, and how fast the tasks went in."""
    body = {"title": "measured", "label_config": LABEL_CONFIG, "settings": {"assignment": {"overlap": overlap}}}
    project = server.post("/v1/projects", body)["project"]
    registered = server.post("/v1/people", {"people": [{"handle": f"{project}/{n}"} for n in range(PEOPLE)]})
    people = [person["person"] for person in registered["people"]]
    members = [{"person": person, "role": "annotator"} for person in people]
    server.post(f"/v1/projects/{project}/members", {"members": members})
    lines = b"\n".join(orjson.dumps({"data": {"text": f"{n}: {TEXT}"}}) for n in range(tasks))
    watch = Stopwatch()
    answer = server.client.post(
        f"/v1/projects/{project}/imports", content=lines, headers={"Content-Type": "application/x-ndjson"}
    )
    answer.raise_for_status()
    rate = tasks / watch.seconds
    server.post(f"/v1/projects/{project}/publish", {})
    return project, people, rate


def load(server: Server, project: int, mode: str, concurrency: int, people: list[int], *more: str) -> dict[str, float]:
    """What a load of annotators measured."""
    arguments = [str(server.port), TOKEN, str(project), mode, str(concurrency), str(SECONDS)]
    command = [sys.executable, "-m", "benchmarks.load", *arguments, *map(str, people), *more]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return json.loads(printed)


def lag(server: Server) -> float:
    """Seconds until the read models have caught up after the load."""
    watch = Stopwatch()
    while server.client.get("/readyz").json().get("lag", 0):
        sleep(0.01)
    return watch.seconds


def described(result: dict[str, float]) -> str:
    return f"p50 {result['p50']:.1f} ms, p99 {result['p99']:.1f} ms, {result['statuses']}"


def main() -> None:
    figures = []
    with TemporaryDirectory() as folder:
        server = Server(Path(folder), 8977)
        try:
            project, people, rate = prepare(server, 1, IMPORTED)
            figures.append(Figure(f"import of {IMPORTED:,} tasks in one request", rate, "tasks/s", ">= 10,000"))
            sleep(1)
            for concurrency, place in ((16, 0), (64, 1)):
                span = f"{1 + place * 40_000}:40000"
                result = load(server, project, "submit", concurrency, people, span)
                goal = ">= 1,500" if concurrency == 16 else ""
                figures.append(
                    Figure(f"submit, {concurrency} connections", result["rate"], "requests/s", goal, described(result))
                )
                figures.append(Figure("  read models caught up after", lag(server), "seconds"))
            project, people, _ = prepare(server, 2, 40_000)
            for concurrency in (16, 64):
                result = load(server, project, "loop", concurrency, people)
                goal = ">= 700" if concurrency == 16 else ""
                note = f"{described(result)}; goal p99 < 60 ms"
                figures.append(
                    Figure(f"next -> submit, {concurrency} connections", result["rate"] / 2, "loops/s", goal, note)
                )
                figures.append(Figure("  read models caught up after", lag(server), "seconds"))
            figures.append(Figure("memory of the server", resident_megabytes(server.process.pid), "MiB"))
        finally:
            server.stop()
    show("HTTP, server and clients on one machine", "python -m benchmarks http", figures)
