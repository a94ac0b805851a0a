"""What the play says about each act, in one line."""

from rules.text import Text
from services.cli.client import Refused
from services.cli.demo.script import Act, Decide, Mark, Move, Raise
from services.cli.package.contest import BoardPart, Package, Sheet
from services.suggestions.domain import STAGE_NAMES

_DECIDED = {
    "freeze": Text("封榜：大屏从现在起不再变动", "frozen: the public board stands still"),
    "thaw": Text("开榜：显示封榜以来的全部变动", "thawed: the public board shows everything"),
    "publish": Text("公布成绩，名次计入工人先锋号", "results published; places count towards the campaign"),
}


def seated(judges: int) -> Text:
    return Text(f"{judges} 个裁判席已用裁判链接登录", f"{judges} seats of judges signed in by their links")


def left_out(said: Text, refused: Refused) -> Text:
    return Text(f"{said.zh}：跳过，{refused}", f"{said.en}: left out")


def said(package: Package, act: Act) -> Text:
    part = package.board(act.board)
    title = Text(part.about.trade or part.about.title.zh, part.about.title.en)
    what = _what(part, act)
    return Text(f"【{title.zh}】{what.zh}", f"[{title.en}] {what.en}")


def _what(part: BoardPart, act: Act) -> Text:
    match act:
        case Mark(sheet=sheet):
            return _marked(part, sheet)
        case Move(proposal=proposal):
            name = STAGE_NAMES[proposal.stage]
            return Text(f"《{proposal.title}》{name.zh}", f"{proposal.external_id} {name.en}")
        case Raise(veto=veto):
            return Text(f"{_name(part, veto.entry)}：一票否决，{veto.reason}", f"veto on {veto.entry}")
        case Decide(what=what):
            return _DECIDED[what]


def _marked(part: BoardPart, sheet: Sheet) -> Text:
    entry, number = _name(part, sheet.key.entry), sheet.key.attempt
    if sheet.source == "self":
        return Text(f"{entry}自报第 {number} 期", f"{sheet.key.entry} reports period {number}")
    if sheet.source == "checker":
        return Text(f"核查{entry}第 {number} 期", f"period {number} of {sheet.key.entry} is checked")
    judge = next(each.name for each in part.judges if each.judge == sheet.key.judge)
    return Text(f"裁判{judge}评 {entry}", f"{sheet.key.judge} marks {sheet.key.entry}")


def _name(part: BoardPart, id: str) -> str:
    for entry in part.entries:
        if entry.external_id == id:
            return f"{entry.number} 号{entry.name}" if entry.number else entry.name
    return next((f"《{each.title}》" for each in part.proposals if each.external_id == id), id)
