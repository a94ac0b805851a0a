"""Writes the OpenAPI document of every service for the pages' types: `python -m services.gateway.openapi`."""

import asyncio
import json
from pathlib import Path

from services.gateway.app import SERVICES
from services.kit.runtime import Runtime
from services.kit.settings import Settings, make_secret

TARGET = Path(__file__).parent.parent / "web" / "src" / "generated" / "openapi"


def documents() -> dict[str, str]:
    """The documents by service, as the text of a file. Nothing starts and nothing connects."""
    runtime = Runtime.of(Settings(secret=make_secret(), database_url="sqlite:///unused.db"))
    try:
        return {
            name: json.dumps(make(runtime).openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            for name, make in SERVICES.items()
        }
    finally:
        asyncio.run(runtime.close())


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        (TARGET / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
