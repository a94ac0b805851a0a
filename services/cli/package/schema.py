"""The JSON Schema of contest.yaml, for editors; `python -m services.cli.package.schema` writes it."""

import json
from pathlib import Path
from typing import Any

import schemas
from services.cli.package.model import Contest

FILE = Path(schemas.__file__).parent / "json" / "contest.schema.json"


def json_schema() -> dict[str, Any]:
    """What contest.yaml may hold. A scheme in place is described by scheme.schema.json."""
    schema = Contest.model_json_schema(mode="validation")
    scheme = schema["$defs"]["Board"]["properties"]["scheme"]
    for form in scheme["anyOf"]:
        if form.get("type") == "object":
            form.clear()
            form["$ref"] = "scheme.schema.json"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def text() -> str:
    return json.dumps(json_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
