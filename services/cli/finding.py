"""Boards and entries of a platform by the names that people use for them."""

from rules.text import Text
from services.cli.client import Client
from services.cli.package.flaws import NOWHERE, Flaw, PackageRefused


def find_board(client: Client, name: str) -> str:
    """The id of the board `name`: CAMPAIGN/BOARD, a code that one campaign uses, or an id.

    Raises PackageRefused unless there is exactly one.
    """
    campaign, _, code = name.rpartition("/")
    found = [
        each
        for each in client.pages("/api/registration/boards", code=code)
        if campaign in ("", each["campaign_code"])
    ]
    every = found or [each for each in client.pages("/api/registration/boards") if each["id"] == name]
    if len(every) == 1:
        return str(every[0]["id"])
    known = ", ".join(f"{each['campaign_code']}/{each['code']}" for each in every) or "—"
    text = Text("没有唯一的榜", "does not name exactly one board")
    way_out = Text(f"写活动/榜：{known}", f"give CAMPAIGN/BOARD: {known}")
    raise PackageRefused([Flaw("", NOWHERE, "unknown_board", text, way_out, name)])


def find_entry(client: Client, board: str, name: str) -> str:
    """The id of the entry or proposal of a board with this external id, or the name itself as an id."""
    places = (f"/api/registration/boards/{board}/entries", f"/api/suggestions/boards/{board}/proposals")
    for place in places[: 1 if _is_entered(client, board) else 2]:
        for each in client.pages(place, q=name):
            if name in (each["external_id"], each["id"]):
                return str(each["id"])
    return name


def _is_entered(client: Client, board: str) -> bool:
    return str(client.get(f"/api/registration/boards/{board}")["kind"]) != "drive"
