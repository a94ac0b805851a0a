"""Honour lists: proposed, made public, objected to, granted, revoked."""

from datetime import datetime

import msgspec

from schemas.registry import Fact, fact
from schemas.topics import Topic


class AwardWinner(msgspec.Struct, frozen=True, kw_only=True):
    entry: str
    name: str
    unit: str
    place: int | None
    award: str
    title: str


class _OfList(Fact, frozen=True, kw_only=True):
    list: str
    board: str

    @property
    def subject(self) -> str:
        return self.list


@fact("list.proposed", Topic.AWARDS)
class ListProposed(_OfList, frozen=True, kw_only=True):
    """An honour list was counted from the ledger and put forward."""

    winners: tuple[AwardWinner, ...]


@fact("publicity.opened", Topic.AWARDS)
class PublicityOpened(_OfList, frozen=True, kw_only=True):
    """公示 began; objections are taken until `until`."""

    until: datetime


@fact("publicity.objected", Topic.AWARDS)
class PublicityObjected(_OfList, frozen=True, kw_only=True):
    """An objection was filed; who filed it stays in the service."""

    objection: str
    entry: str


@fact("publicity.closed", Topic.AWARDS)
class PublicityClosed(_OfList, frozen=True, kw_only=True):
    """公示 ended; `upheld` are the objections found right."""

    upheld: tuple[str, ...] = ()


@fact("honour.granted", Topic.AWARDS)
class HonourGranted(_OfList, frozen=True, kw_only=True):
    """The authority granted the list's honours."""

    winners: tuple[AwardWinner, ...]
    document_number: str = ""


@fact("honour.revoked", Topic.AWARDS)
class HonourRevoked(_OfList, frozen=True, kw_only=True):
    """An honour was taken back, with the reason."""

    winner: AwardWinner
    reason: str
