"""The commands of a list's life: each checks who asks and the state, writes, and states a fact."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from rules.text import Text
from schemas.envelope import canonical
from schemas.events import awards as facts
from schemas.registry import Fact
from schemas.topics import BOARD_TOPICS
from services.awards import domain, repository
from services.awards.domain import Document
from services.awards.problems import BoardMoved, NoSuchWinner, NotAtThisState, Superseded
from services.awards.recount import Recount
from services.awards.resources import ObjectionBody
from services.awards.tables import HonourList, Objection, Revocation
from services.kit import log
from services.kit.access import Principal, Role
from services.kit.ids import new_id
from services.kit.runtime import Runtime
from services.kit.session import WriteSession

SOURCE = "awards"
OBJECTOR = "objector"
"""The actor of an objection in events: who filed it stays sealed."""


@dataclass(frozen=True)
class Lists:
    """The use cases, for one person asking in one transaction."""

    runtime: Runtime
    session: WriteSession
    asking: Principal

    def propose(self, counted: Recount, document: Document) -> HonourList:
        """Keep the list as counted, provided that nothing happened on the board since."""
        board = counted.board
        self.asking.require(Role.ORGANISER, unit=board.unit.path, board=board.id)
        now = log.lock(self.session, [(board.id, topic) for topic in BOARD_TOPICS])
        if any(number != counted.position.get(topic, 0) for (_, topic), number in now.items()):
            raise BoardMoved(way_out=Text("重新拟定", "Propose it again"))
        body = canonical(document)
        new = HonourList(
            id=new_id(),
            board=board.id,
            version=repository.latest_version(self.session, board.id) + 1,
            state="proposed",
            unit_path=board.unit.path,
            body=body,
            digest=hashlib.sha256(body).hexdigest(),
            revision=0,
            proposed_by=self.asking.account,
            proposed_at=self.runtime.clock(),
            upheld=[],
            document_number="",
        )
        repository.add(self.session, new)
        self._state(new, facts.ListProposed(list=new.id, board=board.id, winners=domain.winners(document)))
        return new

    def open_publicity(self, id: str, begins: datetime, ends: datetime) -> HonourList:
        found = self._take(id, "proposed")
        domain.check_publicity(begins, ends)
        if found.version != repository.latest_version(self.session, found.board):
            raise Superseded(way_out=Text("公示最新的名单", "Make the newest list public"))
        found.state, found.publicity_from, found.publicity_until = "publicity", begins, ends
        self._state(found, facts.PublicityOpened(list=id, board=found.board, until=ends))
        return found

    def object(self, id: str, body: ObjectionBody) -> Objection:
        """File an objection against a winner; anybody may, with name and contact."""
        found = repository.take(self.session, id)
        now = self.runtime.clock()
        domain.check_objection(found.state, found.publicity_from, found.publicity_until, now)  # type: ignore[arg-type]  # text in the table
        if body.entry not in {each.entry for each in domain.winners(repository.document_of(found))}:
            raise NoSuchWinner(
                way_out=Text("从名单中选择获奖者", "Choose a winner from the list"), entry=body.entry
            )
        sealer = self.runtime.sealer
        new = Objection(
            id=new_id(),
            list=id,
            entry=body.entry,
            sealed_text=sealer.seal(body.text),
            sealed_name=sealer.seal(body.name),
            sealed_contact=sealer.seal(body.contact),
            filed_at=now,
        )
        self.session.add(new)
        fact = facts.PublicityObjected(list=id, board=found.board, objection=new.id, entry=body.entry)
        self._state(found, fact, actor=OBJECTOR)
        return new

    def close_publicity(self, id: str, upheld: tuple[str, ...]) -> HonourList:
        """End it once its days are over; `upheld` are the objections found right."""
        found = self._take(id, "publicity")
        domain.check_close(found.publicity_until, self.runtime.clock())
        unknown = set(upheld) - {each.id for each in repository.objections(self.session, id)}
        if unknown:
            raise NoSuchWinner(
                Text("没有这些异议", "There are no such objections"),
                way_out=Text("从异议列表中选择", "Choose from the list of objections"),
                unknown=sorted(unknown),
            )
        kept = tuple(dict.fromkeys(upheld))
        found.state, found.upheld = "closed", list(kept)
        self._state(found, facts.PublicityClosed(list=id, board=found.board, upheld=kept))
        return found

    def grant(self, id: str, document_number: str) -> HonourList:
        found = self._take(id, "closed")
        domain.check_grant(found.upheld)
        found.state, found.document_number = "granted", document_number
        found.granted_at = self.runtime.clock()
        won = domain.winners(repository.document_of(found))
        fact = facts.HonourGranted(list=id, board=found.board, winners=won, document_number=document_number)
        self._state(found, fact)
        return found

    def revoke(self, id: str, entry: str, award: str, reason: str) -> HonourList:
        """Take one honour back."""
        found = self._take(id, "granted")
        won = domain.winner(repository.document_of(found), entry, award)
        if repository.revocation(self.session, id, entry, award):
            raise NotAtThisState(
                Text("此项荣誉已撤销", "This honour is revoked already"),
                way_out=Text("无需重复办理", "Nothing more to do"),
            )
        self.session.add(
            Revocation(list=id, entry=entry, award=award, reason=reason, revoked_at=self.runtime.clock())
        )
        fact = facts.HonourRevoked(list=id, board=found.board, winner=won, reason=reason)
        self._state(found, fact)
        return found

    def _take(self, id: str, *states: domain.ListState) -> HonourList:
        found = repository.take(self.session, id)
        self.asking.require(Role.ORGANISER, unit=found.unit_path, board=found.board)
        domain.check_state(found.state, *states)  # type: ignore[arg-type]  # text in the table
        return found

    def _state(self, found: HonourList, fact: Fact, actor: str = "") -> None:
        found.revision += 1
        log.append(
            self.session,
            fact,
            board=found.board,
            source=SOURCE,
            actor=actor or self.asking.account,
            time=self.runtime.clock(),
            entityversion=found.revision,
        )
