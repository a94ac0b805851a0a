from pathlib import Path
from typing import get_args

from schemas.live import Change
from services.leaderboard.resources import Diff, FeedEvent

DOCUMENT = (Path(__file__).parents[3] / "docs" / "feed.md").read_text(encoding="utf-8")


def test_every_event_of_the_feed_and_its_members_are_documented() -> None:
    names = [*get_args(FeedEvent), *Diff.__struct_fields__, *Change.__struct_fields__, "stale_since"]

    assert [name for name in names if f"`{name}`" not in DOCUMENT] == []
