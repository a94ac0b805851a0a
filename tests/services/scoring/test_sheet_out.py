"""The answer to a sheet is one text, whichever way it is written."""

from datetime import UTC, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from schemas.objects import Sheet
from services.scoring.repository.sheets import StoredSheet
from services.scoring.resources import SheetOut

words = st.text(st.characters(codec="utf-8"), max_size=12)
numbers = st.decimals(allow_nan=False, allow_infinity=False)
times = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]))
sheets = st.builds(
    Sheet,
    id=words,
    board=words,
    entry=words,
    judge=words,
    marks=st.dictionaries(words, st.none() | numbers, max_size=4),
    source=st.sampled_from(["judge", "imported", "self"]),
    notes=st.dictionaries(words, words, max_size=2),
    marked_at=st.none() | times,
    voided=st.booleans(),
)
stored = st.builds(StoredSheet, id=words, slot=words, sheet=sheets, actor=words, received_at=times)


@given(stored, st.none() | st.integers(-(10**9), 10**9))
def test_json_is_that_of_the_model(stored: StoredSheet, skew: int | None) -> None:
    assert SheetOut.json_of(stored, skew) == SheetOut.of(stored, skew=skew).model_dump_json().encode()
