from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_service.analysis.model import Turn
from voice_service.analysis.times_turns import wanted_time_in
from voice_service.analysis.wanted_time import find_time_words, read_wanted_time

NOW = datetime(2026, 11, 19, 20, 4, tzinfo=UTC)
WORDS = {
    "en": "tuesday next at ten in two hours half past by not no sorry or the 3rd december 31 12 :"
    " 30 / . , pm eastern berlin time call me week a and between from to morning tomorrow"
    " after lunch midnight every last in 2026 february 29th yes until weeks tonight gmt - 12",
    "de": "dienstag nächsten um zehn in zwei stunden halb bis nicht nein oder am 31 . dezember uhr"
    " morgen woche zwischen und viertel vor nach , mitternacht jeden letzten zeit berlin ja tagen",
    "es": "martes próximo a las diez en dos horas y media hasta no perdón o el 31 de diciembre"
    " mañana semana que viene entre menos cuarto , medianoche cada pasado hora de madrid"
    " sí tarde por la",
}
languages = st.sampled_from([*WORDS, "fr"])
any_text = st.text(st.characters(codec=None))
zones = st.sampled_from(
    [
        "America/New_York",
        "Europe/Berlin",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "UTC",
        "No/Where",
    ]
)
instants = st.datetimes(
    min_value=datetime(1, 1, 3),  # noqa: DTZ001 - st.datetimes takes naive bounds
    max_value=datetime(9999, 12, 29),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@st.composite
def time_words(draw: st.DrawFn) -> tuple[str, str]:
    """Words of days and times in any order, and the language they are of."""
    language = draw(languages)
    words = draw(st.lists(st.sampled_from(WORDS.get(language, WORDS["en"]).split()), max_size=14))
    return " ".join(words), language


@given(time_words() | st.tuples(any_text, languages), instants, zones)
def test_no_words_raise_and_no_time_is_over_or_ends_before_it_starts(
    said: tuple[str, str], started_at: datetime, zone: str
) -> None:
    words, language = said
    read = read_wanted_time(words, started_at=started_at, timezone=zone, language=language)
    assert read.words == words
    assert read.start is None or read.start > started_at
    assert read.end is None or (read.start is not None and read.end > read.start)
    again = read_wanted_time(read.words, started_at=started_at, timezone=zone, language=language)
    assert again == read


@given(time_words() | st.tuples(any_text, languages))
def test_what_is_found_in_a_sentence_stands_in_it(said: tuple[str, str]) -> None:
    words, language = said
    found = find_time_words(words, language=language)
    assert found is None or (found and found in words)


@given(st.lists(st.tuples(st.sampled_from(["user", "agent"]), time_words()), max_size=6), zones)
def test_no_conversation_raises_and_only_the_callers_turns_are_named(
    lines: list[tuple[str, tuple[str, str]]], zone: str
) -> None:
    turns = [
        Turn(position=position, role=role, text=words)
        for position, (role, (words, _)) in enumerate(lines)
    ]
    read = wanted_time_in(turns, started_at=NOW, timezone=zone)
    assert read is None or read[1].role == "user"
    assert read is None or read[0].start is None or read[0].start > NOW


@pytest.mark.parametrize(
    "unit",
    [
        "at 1 ",
        "9 ",
        "a.m ",
        "between 1 ",
        "tuesday or ",
        "not a ",
        "by the ",
        "(",
        "\x00",
        "\ud800",
    ],
)
def test_a_long_text_takes_time_in_proportion(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        turns = [
            Turn(position=0, role="agent", text=text),
            Turn(position=1, role="user", text=text),
        ]
        begun = process_time()
        wanted_time_in(turns, started_at=NOW, timezone="UTC")
        return process_time() - begun

    seconds(1_000)  # loads what is loaded once
    # Four times the text: about four times the time, and not the sixteen of a square.
    assert seconds(100_000) < 10 * max(seconds(25_000), 0.02)
