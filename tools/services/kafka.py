"""Kafka from Maven Central: one broker in KRaft mode, which is its own controller."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tools.services.ground import Server, free_port, fresh_folder

VERSION = "4.1.0"
LIBRARIES = Path.home() / ".cache" / "annolog" / f"kafka-{VERSION}"
POM = f"""<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>annolog</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>{VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""
QUIET = """status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %c %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


@cache
def libraries() -> Path:
    """The folder with the broker's jars, fetched once."""
    if not (LIBRARIES / "complete").exists():
        for tool in ("mvn", "java"):
            if shutil.which(tool) is None:
                raise RuntimeError(f"{tool} is needed for Kafka: apt-get install maven openjdk-17-jre-headless")
        folder = fresh_folder("kafka-libraries")
        (folder / "pom.xml").write_text(POM)
        command = ["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=libs"]
        fetched = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
        if fetched.returncode:
            raise RuntimeError(f"Kafka could not be fetched:\n{fetched.stdout}{fetched.stderr}")
        LIBRARIES.mkdir(parents=True, exist_ok=True)
        for jar in (folder / "libs").iterdir():
            shutil.copy(jar, LIBRARIES)
        (LIBRARIES / "complete").touch()
        shutil.rmtree(folder)
    return LIBRARIES


class Kafka(Server):
    """A broker of its own. `advertised` is the port that clients are told, where something stands in between."""

    def __init__(self, folder: Path | None = None, port: int | None = None, advertised: int | None = None) -> None:
        super().__init__(folder or fresh_folder("kafka"), port or free_port())
        self.advertised = advertised or self.port
        self.properties = self.folder / "server.properties"
        (self.folder / "log4j2.properties").write_text(QUIET)
        if not self.properties.exists():
            self.properties.write_text("\n".join(f"{name}={value}" for name, value in self.settings().items()))
            cluster = self._tool("random-uuid").strip().splitlines()[-1]
            self._tool("format", "-t", cluster, "-c", str(self.properties))

    def settings(self) -> dict[str, object]:
        """What the broker is told."""
        controller = free_port()
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.advertised}",
            "controller.listener.names": "CONTROLLER",
            "log.dirs": self.folder / "logs",
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 4,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "group.initial.rebalance.delay.ms": 0,
            "auto.create.topics.enable": "false",
            "log.retention.hours": 1,
        }

    def _java(self, name: str, *arguments: str) -> list[str]:
        logging = f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}"
        return ["java", "-Xmx512m", logging, "-cp", f"{libraries()}/*", name, *arguments]

    def _tool(self, *arguments: str) -> str:
        command = self._java("kafka.tools.StorageTool", *arguments)
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def command(self) -> Sequence[str]:
        """How it is started."""
        return self._java("kafka.Kafka", str(self.properties))

    @property
    def bootstrap(self) -> str:
        """Where clients begin."""
        return f"127.0.0.1:{self.advertised}"
