"""One vote per person, and duplicates that are merged into an earlier one and parted again."""

from concurrent.futures import ThreadPoolExecutor

from services.kit.access import Grant, Role
from tests.services.suggestions.drive import DRAFT, Drive


def test_vote_counts_once_per_person_and_never_for_ones_own(drive: Drive) -> None:
    id = drive.hand_in("王芳")["id"]

    first = drive.post(id, "votes", drive.worker("李强"), 201)
    again = drive.post(id, "votes", drive.worker("李强"), 409)
    own = drive.post(id, "votes", drive.worker("王芳"), 409)
    other = drive.post(id, "votes", drive.worker("赵敏"), 201)

    assert (first["votes"], first["voted"]) == (1, True)
    assert again["type"] == "urn:leitai:problem:already-voted"
    assert own["type"] == "urn:leitai:problem:own-proposal"
    assert other["votes"] == 2
    assert [(kind, told.votes) for kind, told in drive.told()][1:] == [("vote.cast", 1), ("vote.cast", 2)]


def test_co_author_known_by_account_cannot_vote(drive: Drive) -> None:
    id = drive.hand_in("王芳", authors=[{"name": "李强", "account": "李强"}])["id"]

    drive.post(id, "votes", drive.worker("李强"), 409)


def test_votes_are_for_workers_of_the_drive_and_not_for_hazards(drive: Drive) -> None:
    proposal = drive.hand_in("王芳")["id"]
    hazard = drive.hand_in("王芳", kind="hazard")["id"]
    stranger = drive.as_("外人", Grant(Role.CONTESTANT, unit="/x/"))

    drive.post(proposal, "votes", stranger, 403)
    drive.post(hazard, "votes", drive.worker("李强"), 409)


def test_no_votes_once_it_is_decided(drive: Drive) -> None:
    id = drive.hand_in("王芳")["id"]
    drive.post(id, "decline", reason="不可行")

    drive.post(id, "votes", drive.worker("李强"), 409)


def two_alike(drive: Drive) -> tuple[str, str]:
    """An earlier one with votes of 赵敏 and 孙涛; a later one with votes of 孙涛, 周杰 and 王芳."""
    earlier = drive.hand_in("王芳")["id"]
    drive.wait(days=1)
    later = drive.hand_in("李强")["id"]
    for name in ("赵敏", "孙涛"):
        drive.post(earlier, "votes", drive.worker(name), 201)
    for name in ("孙涛", "周杰", "王芳"):
        drive.post(later, "votes", drive.worker(name), 201)
    return earlier, later


def test_merge_moves_each_persons_vote_once_and_keeps_the_authors(drive: Drive) -> None:
    earlier, later = two_alike(drive)

    merged = drive.post(later, "merge", into=earlier, reason="同一装置")
    target = drive.get(f"/proposals/{earlier}")

    assert (merged["stage"], merged["merged_into"], merged["authors"]) == ("merged", earlier, ["李强"])
    assert target["votes"] == 3  # 赵敏, 孙涛, 周杰; not 王芳's own
    assert target["duplicates"] == [{"id": later, "title": merged["title"], "authors": ["李强"]}]
    last = {told.id: (kind, told.votes, told.merged_into) for kind, told in drive.told()}
    assert last[earlier] == ("proposal.submitted", 3, None)
    assert last[later][0] == "proposal.merged"


def test_unmerge_gives_stage_and_votes_back(drive: Drive) -> None:
    earlier, later = two_alike(drive)
    drive.post(later, "screen")
    drive.post(later, "merge", into=earlier, reason="同一装置")

    parted = drive.post(later, "unmerge", reason="适用设备不同")

    assert (parted["stage"], parted["votes"], parted["merged_into"]) == ("screened", 3, None)
    assert parted["answered_at"] is None
    assert drive.get(f"/proposals/{earlier}")["votes"] == 2


def test_merge_stands_once_the_earlier_one_is_adopted(drive: Drive) -> None:
    earlier, later = two_alike(drive)
    drive.post(later, "merge", into=earlier, reason="同一装置")
    drive.post(earlier, "screen")
    drive.mark(earlier)
    drive.post(earlier, "review")
    drive.post(earlier, "adopt")

    refused = drive.post(later, "unmerge", reason="适用设备不同", status=409)

    assert refused["type"] == "urn:leitai:problem:merge-stands"


def test_merge_goes_into_an_earlier_open_one_of_its_kind_only(drive: Drive) -> None:
    earlier, later = two_alike(drive)
    hazard = drive.hand_in("王芳", kind="hazard")["id"]

    for source, target in ((earlier, later), (hazard, earlier), (later, later)):
        refused = drive.post(source, "merge", into=target, reason="同一装置", status=409)
        assert refused["type"] == "urn:leitai:problem:not-an-earlier-one"
    drive.post(later, "merge", into="nothing", reason="同一装置", status=404)


def test_one_with_duplicates_is_not_merged_away(drive: Drive) -> None:
    earlier, later = two_alike(drive)
    drive.wait(days=1)
    last = drive.hand_in("周杰")["id"]
    drive.post(last, "merge", into=later, reason="同一装置")

    refused = drive.post(later, "merge", into=earlier, reason="同一装置", status=409)

    assert refused["type"] == "urn:leitai:problem:has-duplicates"


def test_same_hazard_is_closed_for_its_first_reporter_only(drive: Drive) -> None:
    first = drive.hand_in("王芳", kind="hazard")["id"]
    drive.wait(hours=1)
    second = drive.hand_in("李强", kind="hazard")["id"]
    drive.post(second, "merge", into=first, reason="同一隐患")
    drive.post(first, "screen")

    drive.post(first, "close", reason="已整改")
    drive.post(second, "close", reason="已整改", status=409)

    assert [told.authors for kind, told in drive.told() if kind == "hazard.closed"] == [("王芳",)]


def test_votes_cast_at_the_same_moment_are_all_counted_and_none_twice(drive: Drive) -> None:
    id = drive.hand_in("王芳")["id"]
    people = [f"工友{i}" for i in range(6)] * 2
    headers = [drive.worker(name) for name in people]

    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(
                lambda each: drive.client.post(f"/api/suggestions/proposals/{id}/votes", headers=each),
                headers,
            )
        )

    assert sorted(answer.status_code for answer in answers) == [201] * 6 + [409] * 6
    assert [told.votes for kind, told in drive.told() if kind == "vote.cast"] == [1, 2, 3, 4, 5, 6]


def test_same_number_handed_in_at_the_same_moment_is_taken_once(drive: Drive) -> None:
    headers = [drive.worker(f"工友{i}") for i in range(4)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda each: drive.client.post(
                    "/api/suggestions/boards/drive/proposals",
                    json=DRAFT | {"external_id": "A-1"},
                    headers=each,
                ),
                headers,
            )
        )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
