"""Scheme data written by hand: YAML whose decimals stay as they are written, so that `0.3` is exactly 0.3."""

from typing import Any

import yaml

_FLOAT_TAG = "tag:yaml.org,2002:float"
_DATE_TAG = "tag:yaml.org,2002:timestamp"


class _Loader(yaml.SafeLoader):
    """Safe YAML without binary floats and dates: both stay text. A key may stand once in its mapping."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node: yaml.MappingNode = super().compose_mapping_node(anchor)
        seen = set()
        for key, _ in node.value:
            if (key.tag, key.value) in seen:
                text = f"the key {key.value} stands twice"
                raise yaml.composer.ComposerError(None, None, text, key.start_mark)
            if isinstance(key, yaml.ScalarNode):
                seen.add((key.tag, key.value))
        return node


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in (_FLOAT_TAG, _DATE_TAG)]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse_yaml(text: str) -> object:
    """Parse YAML for a scheme or contest. Raises yaml.YAMLError for text that is not YAML."""
    return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader with fewer types
