"""What is kept of a conversation until it is written: bounds, masks, and what is let go of."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_service.consultations import mask_live_turns
from voice_service.consultations.model import LiveTurn
from voice_service.relay import turns as turns_module
from voice_service.relay.turns import KEPT_BEHIND, Room, Turns

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def say(kept: Turns, text: str, role: str = "user", **more: Any) -> None:
    kept.add(role, text, time_in_call_secs=0, said_at=NOW, **more)


def mask(kept: Turns) -> None:
    raw = kept.unmasked()
    kept.take_masked(raw, mask_live_turns(raw))


def write(kept: Turns, database: dict[int, LiveTurn]) -> None:
    """As the recorder does it."""
    mask(kept)
    news = kept.unwritten()
    database.update({turn.position: turn for turn in news})
    kept.take_written(news)


def texts(turns: Sequence[LiveTurn]) -> list[str | None]:
    return [turn.text for turn in turns]


def test_a_card_number_stays_masked_when_its_first_half_is_long_forgotten() -> None:
    kept, database = Turns(Room()), dict[int, LiveTurn]()
    say(kept, "It is 4111 1111")
    write(kept, database)
    say(kept, "1111 1111")
    write(kept, database)
    for number in range(3 * KEPT_BEHIND):
        say(kept, f"And what about {number}, would that be possible?", "agent")
        write(kept, database)
    assert all("1111" not in (turn.text or "") for turn in database.values())


@given(st.lists(st.integers(1, 6), min_size=3, max_size=10))
def test_a_card_number_is_masked_however_it_is_split(cuts: list[int]) -> None:
    number, kept, database = "4111111111111111", Turns(Room()), dict[int, LiveTurn]()
    say(kept, "I can give you the number of my card.")
    while number:
        size = cuts.pop() if cuts else 4
        part, number = number[:size], number[size:]
        say(kept, " ".join(part))
        write(kept, database)
        say(kept, "Go on, please, I am writing it down.", "agent")
        write(kept, database)
    assert not any(sign.isdigit() for turn in database.values() for sign in turn.text or "")


def test_only_what_a_number_may_go_on_in_is_masked_again() -> None:
    kept, database = Turns(Room()), dict[int, LiveTurn]()
    for number in range(10):
        say(kept, f"Here is an ordinary sentence, number {number}.")
        say(kept, "And here is an answer to it.", "agent")
        write(kept, database)
    say(kept, "one two three")
    assert texts(kept.unmasked()) == ["Here is an ordinary sentence, number 9.", "one two three"]


def test_a_turn_that_changes_while_it_is_written_is_written_again() -> None:
    kept = Turns(Room())
    say(kept, "The first half hour is free", "agent")
    mask(kept)
    news = kept.unwritten()
    kept.change(0, text="The first half", interrupted=True)
    kept.take_written(news)
    assert kept.has_news
    mask(kept)
    assert texts(kept.unwritten()) == ["The first half"]


def test_a_turn_that_changes_while_it_is_masked_waits_for_its_own_mask() -> None:
    kept = Turns(Room())
    say(kept, "4111 1111 1111 1111", "agent")
    raw = kept.unmasked()
    kept.change(0, text="4111 1111 1111 1111 is it", interrupted=True)
    kept.take_masked(raw, mask_live_turns(raw))
    assert kept.unwritten() == []
    mask(kept)
    assert texts(kept.unwritten()) == ["[card number] is it"]


def test_what_was_written_is_let_go_of_but_for_the_latest() -> None:
    kept, database = Turns(Room()), dict[int, LiveTurn]()
    for number in range(100):
        say(kept, f"turn {number}")
    assert len(kept.turns) == 100  # none is written
    write(kept, database)
    assert [turn.position for turn in kept.turns] == [*range(99 - KEPT_BEHIND, 100)]
    assert len(database) == 100


def test_however_much_is_said_all_is_kept_as_long_as_it_is_written() -> None:
    kept, database = Turns(Room(0)), dict[int, LiveTurn]()
    for number in range(200):
        say(kept, f"{number} " + "word " * 6000)
        mask_nothing = kept.unmasked()
        kept.take_masked(mask_nothing, mask_nothing)
        news = kept.unwritten()
        database.update({turn.position: turn for turn in news})
        kept.take_written(news)
    assert (len(database), kept.missing) == (200, 0)


def test_a_conversation_that_cannot_be_written_fills_its_room_and_then_the_shared_one() -> None:
    room = Room(200_000)
    greedy, modest = Turns(room), Turns(room)
    while not greedy.missing:
        say(greedy, "x" * 30_000)
    say(modest, "I still have room of my own")
    assert modest.missing == 0
    kept = sum(len(turn.text or "") for turn in greedy.turns)
    assert turns_module.OWN_ROOM < kept < turns_module.OWN_ROOM + 200_000
    assert room.left < 31_000
    greedy.release()
    assert room.left == 200_000


def test_very_many_short_turns_are_bounded_as_well() -> None:
    kept = Turns(Room())
    for _ in range(turns_module.MOST_TURNS + 10):
        say(kept, "a")
    assert len(kept.turns) <= turns_module.MOST_TURNS
    assert kept.missing >= 10


def test_a_turn_beyond_all_measure_is_cut_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns_module, "LONGEST_TEXT", 10)
    kept = Turns(Room())
    say(kept, "0123456789")
    say(kept, "0123456789 and more", "agent")
    kept.change(1, original_text="0123456789 and more", text="short")
    assert texts(kept.turns) == ["0123456789", "short"]
    assert kept.turns[1].original_text == "0123456789 […]"
    assert kept.missing == 2
