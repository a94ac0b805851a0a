"""A reader's consumer group is of the very topics that it began on."""

from services.kit.topics import generation

IDS = {"leitai.scores": "b1", "leitai.registrations": "a7"}


def test_topics_that_were_replaced_are_another_generation() -> None:
    assert generation(IDS) != generation({**IDS, "leitai.scores": "c9"})


def test_same_topics_are_the_same_generation_however_they_are_listed() -> None:
    assert generation(IDS) == generation(dict(reversed(IDS.items())))
