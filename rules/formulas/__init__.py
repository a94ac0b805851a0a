"""The formulas that the field uses, each as a scheme file: templates to start from."""

from importlib.resources import files
from typing import Any

from rules.scheme_text import parse_yaml


def formula_names() -> tuple[str, ...]:
    """The names of the formulas shipped, in order."""
    found = (file.name for file in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml")))


def formula(name: str) -> dict[str, Any]:
    """The scheme data of one formula. Raises FileNotFoundError for a name that is not shipped."""
    data = parse_yaml((files(__name__) / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data
