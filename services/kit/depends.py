"""The parameters that endpoints ask for: a transaction, a reading session, who is asking, once.

FastAPI runs code after `yield` when the answer is already sent unless the scope is "function": a commit
that failed would still have answered 201. Only the dependencies of this module open sessions.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy import insert, select
from starlette.concurrency import run_in_threadpool

from rules.text import Text
from services.kit.access import COOKIE, Principal, find_principal
from services.kit.problems import KeyReused, NotSignedIn
from services.kit.runtime import Runtime
from services.kit.session import ReadSession, WriteSession
from services.kit.tables import idempotency_keys

M = TypeVar("M", bound=BaseModel)
ANONYMOUS = Principal(session="", account="", name="", device="", grants=())


def runtime_of(request: Request) -> Runtime:
    found: Runtime = request.app.state.runtime
    return found


def _transaction(request: Request) -> Iterator[WriteSession]:
    with runtime_of(request).database.transaction() as session:
        yield session


def _reading(request: Request) -> Iterator[ReadSession]:
    with runtime_of(request).database.reading() as session:
        yield session


def token_of(request: Request) -> str:
    """The session token of a request: Authorization: Bearer, or the session cookie; else ""."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else request.cookies.get(COOKIE, "")


async def principal_of(request: Request) -> Principal:
    """Who is asking; a hot path calls this itself, where the cache makes it cost next to nothing."""
    token = token_of(request)
    if not token:
        return ANONYMOUS
    runtime = runtime_of(request)
    found = runtime.principals.get(token) or await run_in_threadpool(_look_up, runtime, token)
    return found or ANONYMOUS


def _look_up(runtime: Runtime, token: str) -> Principal | None:
    with runtime.database.reading() as session:
        found = find_principal(session, token, runtime.clock())
    if found:
        runtime.principals.put(token, found)
    return found


async def signed_in(principal: Annotated[Principal, Depends(principal_of)]) -> Principal:
    """Who is asking. Raises NotSignedIn for the anonymous."""
    if not principal.session:
        raise NotSignedIn(
            way_out=Text("请先登录，或重新扫描裁判二维码", "Sign in, or scan the judge's code again")
        )
    return principal


class Once:
    """Runs a command once per Idempotency-Key; a repeat gets the first answer, in the same transaction."""

    def __init__(
        self, request: Request, idempotency_key: Annotated[str | None, Header(max_length=128)] = None
    ) -> None:
        self._key = idempotency_key
        self._request = request

    def __call__(
        self, session: WriteSession, principal: Principal, command: BaseModel, do: Callable[[], M]
    ) -> M:
        """`do()`'s answer, or the stored one of an earlier request with this key and the same command."""
        if not self._key:
            return do()
        key = f"{principal.account}:{self._key}"
        target = f"{self._request.method} {self._request.url.path} {command.model_dump_json()}"
        fingerprint = hashlib.sha256(target.encode()).hexdigest()
        stored = session.execute(select(idempotency_keys).where(idempotency_keys.c.key == key)).first()
        if stored and stored.fingerprint != fingerprint:
            raise KeyReused(way_out=Text("为新的请求使用新的幂等键", "Use a new key for a new request"))
        if stored:
            answer: type[M] = self._request.scope["route"].response_model
            return answer.model_validate_json(stored.answer)
        done = do()
        session.execute(
            insert(idempotency_keys).values(
                key=key,
                fingerprint=fingerprint,
                answer=done.model_dump_json().encode(),
                created_at=runtime_of(self._request).clock(),
            )
        )
        return done


Transaction = Annotated[WriteSession, Depends(_transaction, scope="function")]
Reading = Annotated[ReadSession, Depends(_reading, scope="function")]
Asking = Annotated[Principal, Depends(principal_of)]
SignedIn = Annotated[Principal, Depends(signed_in)]
DoOnce = Annotated[Once, Depends()]
Running = Annotated[Runtime, Depends(runtime_of)]
