from datetime import UTC, datetime

import pytest

from voice_service.analysis.model import Turn
from voice_service.analysis.times_turns import wanted_time_in

NOW = datetime(2026, 11, 19, 20, 4, tzinfo=UTC)  # a Thursday, 15:04 in New York


def turns(*lines: str) -> list[Turn]:
    """Of lines such as "agent: Hello"."""
    return [
        Turn(position=position, role="agent" if role == "agent" else "user", text=text.strip())
        for position, (role, _, text) in enumerate(line.partition(":") for line in lines)
    ]


def heard(*lines: str, language: str = "en") -> tuple[str | None, int] | None:
    """The start on New York's clock, and the position of the turn; None: no wish at all."""
    read = wanted_time_in(
        turns(*lines), started_at=NOW, timezone="America/New_York", language=language
    )
    if read is None:
        return None
    wanted, turn = read
    return (wanted.start.isoformat() if wanted.start else None), turn.position


def test_the_last_stated_wish_wins() -> None:
    assert heard(
        "user: can we talk Tuesday at ten",
        "agent: Sure. Anything else?",
        "user: sorry could we do Wednesday at eleven instead",
        "agent: Of course.",
        "user: great, see you next week then",
    ) == ("2026-11-25T16:00:00+00:00", 2)


def test_a_wish_keeps_its_words_its_turn_and_its_window() -> None:
    said = turns("agent: When should we call?", "user: um next Wednesday in the morning please")
    read = wanted_time_in(said, started_at=NOW, timezone="America/Denver")
    assert read is not None
    wanted, turn = read
    assert wanted.words == "next Wednesday in the morning"
    assert wanted.start == datetime(2026, 11, 25, 16, tzinfo=UTC)
    assert wanted.end == datetime(2026, 11, 25, 19, tzinfo=UTC)
    assert turn is said[1]


@pytest.mark.parametrize(
    "answer",
    ["yes", "Yeah, that works", "sure", "perfect, thanks", "that's fine", "yes no problem"],
)
def test_a_plain_yes_takes_the_offered_time_over(answer: str) -> None:
    assert heard("agent: Would Monday at ten work?", f"user: {answer}") == (
        "2026-11-23T15:00:00+00:00",
        1,
    )


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("How can I help you today?", "yes hi I own a bakery"),
        ("What brings you here today?", "sure we need an app"),
        ("What are you calling about today?", "right so we have a shop"),
        ("What do you need today?", "good question"),
        ("What can we do for you this morning?", "okay so it's a website"),
    ],
)
def test_a_friendly_question_of_today_offers_no_time(asked: str, answer: str) -> None:
    assert heard(f"agent: {asked}", f"user: {answer}") is None


@pytest.mark.parametrize(
    ("offer", "answer", "start"),
    [
        ("I have Monday at ten or Tuesday at two.", "Tuesday please", "2026-11-24T19:00:00+00:00"),
        ("I have Monday at ten or Tuesday at two.", "the second one", "2026-11-24T19:00:00+00:00"),
        ("I have Monday at ten or eleven.", "eleven", "2026-11-23T16:00:00+00:00"),
        ("Is Monday, 10 AM or 2 PM better?", "the two pm one", "2026-11-23T19:00:00+00:00"),
        ("Would Monday at ten work?", "yes but at eleven", "2026-11-23T16:00:00+00:00"),
        ("Would Monday at ten work?", "Tuesday at two is better", "2026-11-24T19:00:00+00:00"),
        ("Shall we say Monday?", "yes, at ten", "2026-11-23T15:00:00+00:00"),
        ("Would Monday at ten work?", "no, Tuesday", None),
    ],
)
def test_an_answer_chooses_or_changes_what_was_offered(
    offer: str, answer: str, start: str | None
) -> None:
    assert heard(f"agent: {offer}", f"user: {answer}") == (start, 1)


@pytest.mark.parametrize(
    "lines",
    [
        ("agent: Would Monday at ten work?", "user: no"),
        ("agent: Would Monday at ten work?", "user: yes but I can't on that day"),
        ("agent: Would Monday at ten work?", "user: I need to ask my partner"),
        ("agent: Would Monday at ten work?",),
        ("agent: I have Monday at ten or Tuesday at two.", "user: yes"),
        ("agent: You want to launch on Monday at noon?", "user: yes"),
        ("agent: So it was down on Monday at ten?", "user: yes"),
        ("agent: Our office opens Monday at nine.", "agent: Is that all?", "user: yes"),
        ("agent: When do you need it?", "user: next Tuesday at ten"),
        ("agent: When do you need it?", "user: by Friday at noon"),
        ("agent: What is your budget?", "user: about ten thousand"),
        ("user: we had an outage on Monday at ten", "agent: Shall I book a call?", "user: sure"),
        ("agent: How many are you?", "user: ten people at two sites"),
    ],
)
def test_nothing_else_is_a_wish(lines: tuple[str, ...]) -> None:
    assert heard(*lines) is None


def test_a_day_and_a_clock_time_from_two_answers_combine() -> None:
    assert heard(
        "agent: What day works?", "user: Tuesday", "agent: What time on Tuesday?", "user: ten"
    ) == ("2026-11-24T15:00:00+00:00", 3)
    assert heard(
        "user: can someone call me tomorrow",
        "agent: Morning or afternoon?",
        "user: afternoon",
    ) == ("2026-11-20T18:00:00+00:00", 2)


def test_a_turn_without_a_fact_does_not_take_the_question_away() -> None:
    without = ("agent: Shall I call you tomorrow at 3 PM?", "user: yes please")
    between = (without[0], "user: hm let me think", without[1])
    assert heard(*without) == ("2026-11-20T20:00:00+00:00", 1)
    assert heard(*between) == ("2026-11-20T20:00:00+00:00", 2)


def test_the_zone_a_caller_lives_in_is_the_zone_of_the_wish() -> None:
    assert heard(
        "agent: Which time zone are you in?",
        "user: Pacific",
        "agent: When can we call?",
        "user: Monday at ten",
    ) == ("2026-11-23T18:00:00+00:00", 3)
    assert heard("user: we're in Denver, could you call me Monday at ten") == (
        "2026-11-23T17:00:00+00:00",
        0,
    )


def test_a_vague_wish_is_a_wish_without_a_start() -> None:
    assert heard("agent: Would a call help?", "user: yes, sometime next week I guess") == (None, 1)


def test_german_and_spanish_conversations_are_heard() -> None:
    assert heard("agent: Würde Montag um zehn Uhr passen?", "user: ja, gerne", language="de") == (
        "2026-11-23T15:00:00+00:00",
        1,
    )
    assert heard(
        "agent: ¿Qué día le viene bien?",
        "user: el martes",
        "agent: ¿A qué hora?",
        "user: a las diez y media",
        language="es",
    ) == ("2026-11-24T15:30:00+00:00", 3)
    assert heard("agent: Lundi à dix heures ?", "user: oui", language="fr") is None
