from tests.services.leaderboard.arena import Server, Writer
from tests.streams.boards import small


def test_explanation_tells_every_cell_in_the_order_of_the_scheme(server: Server, writer: Writer) -> None:
    history = small(1)
    history.mark("e1", "ja", theory=80, skill=70)
    history.mark("e1", "jb", theory=90, skill=71)
    writer.write(history)

    found = server.get("/boards/b1/entries/e1/explanation").json()

    assert [(cell["path"], cell["value"]) for cell in found["cells"]] == [
        ("", "226.00"),
        ("theory", "85"),
        ("skill", "70.5"),
    ]
    assert found["total"] == "226.00"
    assert all(step["text"]["zh"] and step["text"]["en"] for cell in found["cells"] for step in cell["steps"])


def test_explanation_of_one_cell(server: Server, writer: Writer) -> None:
    history = small(1)
    history.mark("e1", theory=80, skill=70)
    writer.write(history)

    found = server.get("/boards/b1/entries/e1/explanation", path="skill", attempt=1).json()

    assert [cell["path"] for cell in found["cells"]] == ["skill"]
    assert [(mark["mark"], mark["used"]) for mark in found["cells"][0]["marks"]] == [("70", True)]


def test_explanation_of_a_cell_that_the_scheme_lacks_is_not_found(server: Server, writer: Writer) -> None:
    writer.write(small(1))

    answer = server.get("/boards/b1/entries/e1/explanation", path="nothing")

    assert (answer.status_code, answer.json()["type"]) == (404, "urn:leitai:problem:cell-not-found")


def test_unmarked_entry_is_explained_as_waiting(server: Server, writer: Writer) -> None:
    writer.write(small(1))

    cells = server.get("/boards/b1/entries/e1/explanation", path="theory").json()["cells"]

    assert [(cell["value"], cell["missing"]) for cell in cells] == [(None, "waiting")]


def test_above_says_by_what_the_row_above_is_above(server: Server, writer: Writer) -> None:
    history = small(2)
    history.mark("e1", theory=80, skill=80)
    history.mark("e2", theory=90, skill=90)
    writer.write(history)

    found = server.get("/boards/b1/entries/e1/above").json()
    first = server.get("/boards/b1/entries/e2/above").json()

    assert found["above"]["entry"] == "e2"
    assert found["why"]["en"] == "选手e2 is above 选手e1: total 270.00, higher than 240.00"
    assert (first["above"], first["why"]) == (None, None)
