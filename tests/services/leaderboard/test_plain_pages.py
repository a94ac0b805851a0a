"""Boards without JavaScript: tables that say what the board says, and escape what people typed."""

from schemas.events import scores
from services.leaderboard.pages.endpoints import ROWS
from tests.services.leaderboard.arena import Server, Writer
from tests.streams.boards import History, small

ENGLISH = {"accept-language": "en"}


def marked(count: int, waiting: int = 0) -> History:
    """A board of which all but some entries have their marks."""
    history = small(count + waiting)
    for i in range(1, count + 1):
        history.mark(f"e{i}", theory=50, skill=str(i % 100))
    return history


def test_board_page_lists_places_names_and_totals(server: Server, writer: Writer) -> None:
    writer.write(marked(2, waiting=1))

    page = server.get("/boards/b1/page.html")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.text.index("选手e2") < page.text.index("选手e1")
    assert "进行中" in page.text
    assert "<script" not in page.text


def test_board_page_speaks_the_reader_s_language(server: Server, writer: Writer) -> None:
    writer.write(marked(1, waiting=1))

    assert "Provisional" in server.get("/boards/b1/page.html", headers=ENGLISH).text


def test_board_page_escapes_names(server: Server, writer: Writer) -> None:
    history = small(0)
    history.enter("e1", name="<script>alert(1)</script>")
    writer.write(history)

    page = server.get("/boards/b1/page.html").text

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>" not in page


def test_long_board_has_pages(server: Server, writer: Writer) -> None:
    writer.write(marked(ROWS + 1))

    first = server.get("/boards/b1/page.html").text
    second = server.get("/boards/b1/page.html", offset=ROWS).text

    assert f"offset={ROWS}" in first
    assert second.count('<th scope="row">') == 1
    assert "offset=0" in second


def test_search_finds_by_name(server: Server, writer: Writer) -> None:
    writer.write(marked(3))

    found = server.get("/boards/b1/page.html", q="选手e2").text

    assert found.count('<th scope="row">') == 1
    assert "没有找到" in server.get("/boards/b1/page.html", q="nobody").text


def test_list_page_links_to_plain_boards(server: Server, writer: Writer) -> None:
    writer.write(marked(1))

    assert '<a href="/live/b1?plain">焊工</a>' in server.get("/page.html").text


def test_unknown_board_is_a_page_that_says_so(server: Server) -> None:
    answer = server.get("/boards/unknown/page.html")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "没有这个榜单" in answer.text


def test_list_page_tells_the_state_of_each_board(server: Server, writer: Writer) -> None:
    begun, frozen = History("b2"), History("b3")
    begun.open(code="begun")
    frozen.open(code="frozen")
    frozen.add(scores.BoardFrozen(board="b3"))
    writer.write(marked(1), begun, frozen)

    page = server.get("/page.html").text

    assert [page.count(word) for word in ("未开始", "已封榜", "评分完成")] == [1, 1, 1]


def test_withdrawn_row_says_why(server: Server, writer: Writer) -> None:
    history = marked(2)
    history.enter("e3", status="withdrawn", reason="伤病")
    writer.write(history)

    assert "退赛：伤病" in server.get("/boards/b1/page.html").text
