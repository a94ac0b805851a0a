"""What pydantic says of a malformed request, in our two languages."""

from typing import Any

from rules.text import Text

_SAID: dict[str, tuple[str, str, str, str]] = {
    "missing": ("缺少必填项", "A required field is missing", "补上此项", "Give this field"),
    "extra_forbidden": ("不认识的项", "This field is not known", "删去此项，或检查拼写", "Remove it, or check its spelling"),
    "json_invalid": ("不是合法的 JSON", "This is not valid JSON", "检查引号、逗号与括号", "Check quotes, commas and brackets"),
    "decimal_parsing": ("不是数", "This is not a number", "用文本写出十进制数，如 \"87.5\"", 'Give a decimal number as text, like "87.5"'),
    "exact_number": ("带小数的数必须写成文本", "A number with a fraction must be text", "加上引号，如 \"87.5\"", 'Put it in quotes, like "87.5"'),
    "decimal_type": ("不是数", "This is not a number", "用文本写出十进制数，如 \"87.5\"", 'Give a decimal number as text, like "87.5"'),
    "finite_number": ("必须是有限的数", "The number must be finite", "改为有限的数", "Give a finite number"),
    "decimal_max_digits": ("数字太长", "The number has too many digits", "最多 40 位", "Give at most 40 digits"),
    "string_type": ("应为文本", "This must be text", "改为文本", "Give text"),
    "string_too_short": ("文本太短", "The text is too short", "写得更长一些", "Give a longer text"),
    "string_too_long": ("文本太长", "The text is too long", "缩短此项", "Shorten it"),
    "too_short": ("太短或太少", "Too short or too few", "写得更多一些", "Give more"),
    "too_long": ("太长或太多", "Too long or too many", "缩短或分成几次", "Shorten it, or send it in parts"),
    "string_pattern_mismatch": ("格式不符", "The text does not have the right form", "按说明的格式填写", "Use the documented form"),
    "int_parsing": ("应为整数", "This must be a whole number", "改为整数", "Give a whole number"),
    "bool_parsing": ("应为是或否", "This must be true or false", "改为 true 或 false", "Give true or false"),
    "literal_error": ("不在可选值之中", "This is not one of the allowed values", "改为可选值之一", "Use one of the allowed values"),
    "enum": ("不在可选值之中", "This is not one of the allowed values", "改为可选值之一", "Use one of the allowed values"),
    "datetime_from_date_parsing": ("不是时间", "This is not a time", "用 2026-05-01T08:00:00Z 的形式", "Use the form 2026-05-01T08:00:00Z"),
    "unstorable_text": ("含有无法保存的字符", "The text has characters that cannot be kept", "删去不可见的控制字符", "Remove invisible control characters"),
    "uuid_parsing": ("不是合法的编号", "This is not a valid id", "使用系统给出的编号", "Use the id that the system gave"),
}  # fmt: skip
_OTHER = ("此项有误", "This field is wrong", "对照接口说明修改", "Change it as the API's description says")
_SHOWN = 200


def fault_of(error: dict[str, Any]) -> tuple[str, Any, str, Text, Text]:
    """Field (JSON pointer), value, rule, text and way out of one pydantic error."""
    zh, en, way_zh, way_en = _SAID.get(error["type"], _OTHER)
    allowed = error.get("ctx", {}).get("expected")
    if allowed:
        zh, en = f"{zh}：{allowed}", f"{en}: {allowed}"
    elif error["type"] not in _SAID:
        en = f"{en}: {error['msg']}"
    pointer = _sayable("".join(f"/{part}" for part in error["loc"]))
    return pointer, _shown(error.get("input")), error["type"], Text(zh, en), Text(way_zh, way_en)


def _shown(value: Any) -> Any:
    """The offending value, short enough to read; whole objects are left out."""
    if isinstance(value, str):
        return _sayable(value[:_SHOWN])
    return value if isinstance(value, int | bool | None) else _sayable(str(value)[:_SHOWN])


def _sayable(text: str) -> str:
    """The text without lone surrogates, which no answer can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")
