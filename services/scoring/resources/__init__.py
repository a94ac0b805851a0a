"""HTTP bodies of scoring."""

from services.scoring.resources.sheets import SheetIn, SheetOut

__all__ = ["SheetIn", "SheetOut"]
