"""Lists as their readers may see them."""

from collections.abc import Collection, Sequence

from rules.text import Language
from schemas.envelope import canonical
from services.awards import csv_file, domain, repository, words, xlsx_file
from services.awards.domain import STATE_NAMES, Document
from services.awards.resources import FiledBody, Format, ListBody, ObjectionLine, PublicList, WinnerBody
from services.awards.tables import HonourList, Objection
from services.kit.sealed import Sealer
from services.kit.session import ReadSession

PUBLIC = ("publicity", "closed", "granted")


def export(document: Document, format: Format) -> tuple[bytes, str]:
    """The document in a format, and its media type; equal documents give equal bytes."""
    if format == "csv":
        return csv_file.write_csv(document), csv_file.MEDIA_TYPE
    if format == "xlsx":
        return xlsx_file.write_xlsx(document), xlsx_file.MEDIA_TYPE
    return canonical(document), "application/json"


def list_bodies(
    session: ReadSession, found: Sequence[HonourList], language: Language
) -> tuple[ListBody, ...]:
    revoked = repository.revoked(session, [each.id for each in found])
    return tuple(_list_body(each, revoked, language) for each in found)


def public_lists(
    session: ReadSession, found: Sequence[HonourList], language: Language
) -> tuple[PublicList, ...]:
    shown = set(PublicList.model_fields)
    return tuple(
        PublicList(**whole.model_dump(include=shown)) for whole in list_bodies(session, found, language)
    )


def filed(objection: Objection) -> FiledBody:
    return FiledBody(id=objection.id, list=objection.list, entry=objection.entry, filed_at=objection.filed_at)


def objection_line(objection: Objection, sealer: Sealer, *, in_full: bool) -> ObjectionLine:
    name, contact = sealer.open(objection.sealed_name), sealer.open(objection.sealed_contact)
    return ObjectionLine(
        **filed(objection).model_dump(),
        text=sealer.open(objection.sealed_text),
        name=name if in_full else domain.masked(name),
        contact=contact if in_full else domain.masked(contact),
    )


def _list_body(found: HonourList, revoked: Collection[tuple[str, str, str]], language: Language) -> ListBody:
    document = repository.document_of(found)
    return ListBody(
        id=found.id,
        board=found.board,
        title=words.title(document),
        version=found.version,
        state=found.state,
        state_name=STATE_NAMES[found.state].say(language),  # type: ignore[index]  # text in the table
        digest=found.digest,
        proposed_at=found.proposed_at,
        publicity_from=found.publicity_from,
        publicity_until=found.publicity_until,
        upheld=tuple(found.upheld),
        document_number=found.document_number,
        granted_at=found.granted_at,
        winners=tuple(
            WinnerBody(
                entry=prize.entry,
                name=prize.name,
                members=prize.members,
                unit=prize.unit,
                place=prize.place,
                award=level.id,
                title=level.title.zh,
                revoked=(found.id, prize.entry, level.id) in revoked,
            )
            for level in document.levels
            for prize in level.winners
        ),
    )
