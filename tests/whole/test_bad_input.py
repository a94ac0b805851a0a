"""Whatever is sent to any route of any service, by whomever: never a server error, always a problem."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.result import Ok

from services.gateway.app import SERVICES
from tests.whole.platforms import Embedded
from tests.whole.trade import set_up

EXAMPLES = {"administrator": 12, "anonymous": 3}
SECONDS = 20
FEEDS = ("/feed", "/feed.ndjson")
"""They never end."""
SIGN_OUT = ("delete", "/api/identity/sessions/current")
"""It would sign the administrator out."""
AnyCase = Case[Any]
Operation = APIOperation[Any, Any, Any, Any]
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Target:
    """A platform with a trade that is being marked; `ids` of what is there by path parameter."""

    url: str
    tokens: dict[str, str]
    ids: dict[str, str]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with Embedded(tmp_path_factory.mktemp("target")) as platform:
        trade = set_up(platform)
        trade.seat()
        sheet = trade.mark("J1", "A", "80")["id"]
        account = platform.administrator.get("/api/identity/accounts")["items"][0]["id"]
        board, entry = trade.board, trade.entries["A"]
        campaign = platform.administrator.get("/api/registration/campaigns")["items"][0]
        ids = {
            "board": board,
            "board_id": board,
            "entry": entry,
            "entry_id": entry,
            "sheet": sheet,
            "campaign_id": campaign["id"],
            "unit_id": campaign["unit"]["id"],
            "account_id": account,
        }
        token = (platform.data / "cli.token").read_text()
        yield Target(platform.url, {"administrator": token, "anonymous": ""}, ids)


@pytest.mark.parametrize("who", EXAMPLES)
@pytest.mark.parametrize("service", SERVICES)
def test_every_answer_is_what_was_asked_for_or_a_problem(target: Target, service: str, who: str) -> None:
    schema = schemathesis.openapi.from_url(f"{target.url}/api/{service}/openapi.json")
    found = list(schema.get_all_operations())
    operations = [each.ok() for each in found if isinstance(each, Ok)]
    wrong: list[str] = []

    for operation in operations:
        if not _is_left_out(operation):
            wrong += _tried(operation, target, who)

    assert len(operations) == len(found) > 0
    assert wrong == []


def _is_left_out(operation: Operation) -> bool:
    path = operation.full_path
    return path.endswith(FEEDS) or (operation.method, path) == SIGN_OUT


def _tried(operation: Operation, target: Target, who: str) -> list[str]:
    """Requests as the schema wants them and not; each also with the ids of what is there."""
    wrong: list[str] = []
    made = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

    @settings(
        max_examples=EXAMPLES[who],
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(made))
    def requests(case: AnyCase) -> None:
        wrong.extend(_answered(case, target, who))
        known = {name: target.ids[name] for name in case.path_parameters if name in target.ids}
        if known:
            case.path_parameters = {**case.path_parameters, **known}
            wrong.extend(_answered(case, target, who))

    requests()
    return wrong


def _answered(case: AnyCase, target: Target, who: str) -> Iterator[str]:
    token = target.tokens[who]
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = case.call(headers=headers, timeout=SECONDS)
    kind = answer.headers.get("content-type", [""])[0]
    if answer.status_code >= 500 or (answer.status_code >= 400 and kind != PROBLEM):
        yield f"{answer.status_code} {kind} {case.as_curl_command()} {answer.text[:200]}"
