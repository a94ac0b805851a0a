"""docs/scheme.md names every key, and every example in it is a scheme that loads."""

import re
from pathlib import Path

import pytest
import yaml

from rules import convert, convert_field, gates, panel, scheme_nodes
from rules.scheme import Scheme, load_scheme
from rules.scheme_text import parse_yaml
from rules.scheme_types import Part

TEXT = (Path(__file__).parents[2] / "docs" / "scheme.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
MODULES = (convert, convert_field, gates, panel, scheme_nodes)


def keys() -> set[str]:
    parts: set[type[Part]] = {
        value
        for module in MODULES
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Part)
    }
    return {name for part in parts | {Scheme} for name in part.model_fields}


def operations() -> set[str]:
    return set(re.findall(r'op: Literal\["(\w+)"\]', "".join(map(source, (convert, convert_field)))))


def source(module: object) -> str:
    return Path(str(getattr(module, "__file__", ""))).read_text(encoding="utf-8")


def test_every_key_and_operation_is_documented() -> None:
    named = set(re.findall(r"`(\w+)", TEXT)) | set(re.findall(r"(\w+):", TEXT))

    assert not (keys() | operations()) - named
    assert operations() >= {"round", "rank_points"}


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_loads(number: int) -> None:
    data = parse_yaml(EXAMPLES[number])
    if isinstance(data, list):
        data = {"id": "example", "root": {"kind": "group", "children": data}}
    assert isinstance(data, dict)

    tree = load_scheme(data)

    assert load_scheme(tree.to_data()) == tree


def test_examples_are_yaml_of_any_reader() -> None:
    assert len(EXAMPLES) >= 7
    assert all(yaml.safe_load(example) for example in EXAMPLES)
