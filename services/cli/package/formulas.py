"""Text that a spreadsheet would run: a package carries it behind an apostrophe, which makes it plain."""

from services.kit.tabular import is_formula

_MARK = "'"


def guarded(text: str) -> str:
    """The text as a table of a package has it; `unguarded` gives back the same."""
    return f"{_MARK}{text}" if is_formula(text.lstrip(_MARK)) else text


def unguarded(cell: str) -> str | None:
    """The text of a cell; None where a spreadsheet would run it."""
    if not is_formula(cell.lstrip(_MARK)):
        return cell
    return cell[1:] if cell.startswith(_MARK) else None
