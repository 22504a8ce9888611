"""The time a caller wants, in other people's words."""

from datetime import datetime

import pytest

from voice_service.analysis.model import Turn, WantedTime
from voice_service.analysis.times_turns import wanted_time_in
from voice_service.analysis.wanted_time import read_wanted_time

NEW_YORK = "America/New_York"
THURSDAY = "2026-11-19T15:04-05:00"  # in New York


def wanted(
    words: str, *, said: str = THURSDAY, zone: str = NEW_YORK, language: str = "en"
) -> WantedTime:
    return read_wanted_time(
        words, started_at=datetime.fromisoformat(said), timezone=zone, language=language
    )


def start_of(
    words: str, *, said: str = THURSDAY, zone: str = NEW_YORK, language: str = "en"
) -> datetime | None:
    """The start alone, where there is no end."""
    read = wanted(words, said=said, zone=zone, language=language)
    assert read.end is None
    return read.start


def instant(expected: str) -> datetime:
    return datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("tomorrow at ten", "2026-11-20T10:00-05:00"),
        ("friday nine thirty in the morning pacific", "2026-11-20T12:30-05:00"),
        ("the day after tomorrow at half past two", "2026-11-21T14:30-05:00"),
        ("at four on Monday", "2026-11-23T16:00-05:00"),
        ("Monday, nine thirty", "2026-11-23T09:30-05:00"),
        ("Monday 9:30am", "2026-11-23T09:30-05:00"),
        ("Mon 9am", "2026-11-23T09:00-05:00"),
        ("monday nine oh five", "2026-11-23T09:05-05:00"),
        ("quarter to four on Monday", "2026-11-23T15:45-05:00"),
        ("at ten to twelve tomorrow", "2026-11-20T11:50-05:00"),
        ("twenty-five past nine tomorrow", "2026-11-20T09:25-05:00"),
        ("tomorrow, 2 o'clock", "2026-11-20T14:00-05:00"),
        ("tomorrow at 230 p.m.", "2026-11-20T14:30-05:00"),
        ("tomorrow at 1430", "2026-11-20T14:30-05:00"),
        ("noon on Saturday", "2026-11-21T12:00-05:00"),
        ("today at five", "2026-11-19T17:00-05:00"),
        ("tonight at eight", "2026-11-19T20:00-05:00"),
        ("Tuesday after three", "2026-11-24T15:00-05:00"),
        ("Friday, one-ish", "2026-11-20T13:00-05:00"),
        ("in three days at ten", "2026-11-22T10:00-05:00"),
        ("three days from now at nine", "2026-11-22T09:00-05:00"),
        ("a week from tomorrow at noon", "2026-11-27T12:00-05:00"),
        ("in two weeks on Tuesday at ten", "2026-12-01T10:00-05:00"),
        ("on the 24th at noon", "2026-11-24T12:00-05:00"),
        ("Tuesday the 24th at noon", "2026-11-24T12:00-05:00"),
        ("3 p.m. on the first of December", "2026-12-01T15:00-05:00"),
        ("December 3rd at 2:30 pm", "2026-12-03T14:30-05:00"),
        ("Thursday twenty sixth November at two", "2026-11-26T14:00-05:00"),
        ("12/25 at 3pm", "2026-12-25T15:00-05:00"),
        ("2026-11-25 at 10:00", "2026-11-25T10:00-05:00"),
        ("in two hours", "2026-11-19T17:04-05:00"),
        ("in an hour and a half", "2026-11-19T16:34-05:00"),
        ("in about twenty minutes or so", "2026-11-19T15:24-05:00"),
    ],
)
def test_a_day_and_a_clock_time_are_a_start(words: str, expected: str) -> None:
    assert start_of(words) == instant(expected)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("next Tuesday after lunch", "2026-11-24T13:00-05:00", "2026-11-24T17:00-05:00"),
        ("Monday in the morning", "2026-11-23T09:00-05:00", "2026-11-23T12:00-05:00"),
        ("first thing tomorrow", "2026-11-20T09:00-05:00", "2026-11-20T12:00-05:00"),
        ("before lunch on Monday", "2026-11-23T09:00-05:00", "2026-11-23T12:00-05:00"),
        (
            "the afternoon of the 8th of December",
            "2026-12-08T13:00-05:00",
            "2026-12-08T17:00-05:00",
        ),
        ("late afternoon tomorrow", "2026-11-20T15:00-05:00", "2026-11-20T17:00-05:00"),
        ("this evening", "2026-11-19T17:00-05:00", "2026-11-19T20:00-05:00"),
        ("tonight", "2026-11-19T17:00-05:00", "2026-11-19T20:00-05:00"),
        ("sometime Friday morning", "2026-11-20T09:00-05:00", "2026-11-20T12:00-05:00"),
        ("between two and four on Monday", "2026-11-23T14:00-05:00", "2026-11-23T16:00-05:00"),
        ("Monday from 10 to 2", "2026-11-23T10:00-05:00", "2026-11-23T14:00-05:00"),
        ("Monday, 2-4pm", "2026-11-23T14:00-05:00", "2026-11-23T16:00-05:00"),
    ],
)
def test_a_part_of_a_day_or_a_range_has_an_end(words: str, start: str, end: str) -> None:
    read = wanted(words)
    assert (read.start, read.end) == (instant(start), instant(end))


@pytest.mark.parametrize(
    ("words", "said", "expected"),
    [
        # Thursday: the coming one is a week away, unless it is "this" one.
        ("Thursday at five", THURSDAY, "2026-11-26T17:00-05:00"),
        ("this Thursday at five", THURSDAY, "2026-11-19T17:00-05:00"),
        ("next Friday at five", THURSDAY, "2026-11-27T17:00-05:00"),
        ("Friday at five", THURSDAY, "2026-11-20T17:00-05:00"),
        # Next Wednesday is in the ISO week after, even where the coming one is two days away.
        ("next Wednesday at ten", "2026-11-16T10:00-05:00", "2026-11-25T10:00-05:00"),
        ("Wednesday at ten", "2026-11-16T10:00-05:00", "2026-11-18T10:00-05:00"),
        ("next Monday at ten", "2026-11-22T10:00-05:00", "2026-11-23T10:00-05:00"),
        ("next Sunday at ten", "2026-11-22T09:00-05:00", "2026-11-29T10:00-05:00"),
        ("Wednesday of next week at ten", "2026-11-16T10:00-05:00", "2026-11-25T10:00-05:00"),
        ("Friday this week at ten", "2026-11-16T10:00-05:00", "2026-11-20T10:00-05:00"),
        ("the week after next on Friday at one", THURSDAY, "2026-12-04T13:00-05:00"),
        ("the Monday after next at three", THURSDAY, "2026-11-30T15:00-05:00"),
        ("a week on Tuesday at ten", THURSDAY, "2026-12-01T10:00-05:00"),
        ("a fortnight on Friday at ten", THURSDAY, "2026-12-04T10:00-05:00"),
        # The last days of ISO year 2026 are in its week 53.
        ("next Friday at ten", "2026-12-30T10:00-05:00", "2027-01-08T10:00-05:00"),
        ("Friday at ten", "2026-12-30T10:00-05:00", "2027-01-01T10:00-05:00"),
    ],
)
def test_weekdays_come_next_or_in_the_week_that_was_named(
    words: str, said: str, expected: str
) -> None:
    assert start_of(words, said=said) == instant(expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("tomorrow at one", "2026-11-20T13:00-05:00"),
        ("tomorrow at seven", "2026-11-20T19:00-05:00"),
        ("tomorrow at eight", "2026-11-20T08:00-05:00"),
        ("tomorrow at twelve", "2026-11-20T12:00-05:00"),
        ("tomorrow at seven in the morning", "2026-11-20T07:00-05:00"),
        ("tomorrow evening at eight", "2026-11-20T20:00-05:00"),
        ("tomorrow at 07:15", "2026-11-20T07:15-05:00"),
        ("tomorrow at 7:15", "2026-11-20T19:15-05:00"),
        ("tomorrow at 12:15 am", "2026-11-20T00:15-05:00"),
        ("tomorrow at 17:00", "2026-11-20T17:00-05:00"),
    ],
)
def test_a_bare_hour_is_one_of_a_business_day(words: str, expected: str) -> None:
    assert start_of(words) == instant(expected)


@pytest.mark.parametrize(
    ("words", "said", "zone", "expected"),
    [
        # Midnight: which day "tomorrow" is, is a matter of the caller's own clock.
        ("tomorrow at ten", "2026-11-19T23:59-05:00", NEW_YORK, "2026-11-20T10:00-05:00"),
        ("tomorrow at ten", "2026-11-20T00:00-05:00", NEW_YORK, "2026-11-21T10:00-05:00"),
        ("tomorrow at ten", "2026-11-20T03:30Z", "America/Los_Angeles", "2026-11-20T10:00-08:00"),
        ("tomorrow at ten", "2026-11-20T03:30Z", "Asia/Tokyo", "2026-11-21T10:00+09:00"),
        ("Friday at ten", "2026-11-19T23:59-05:00", NEW_YORK, "2026-11-20T10:00-05:00"),
        ("Friday at ten", "2026-11-20T00:00-05:00", NEW_YORK, "2026-11-27T10:00-05:00"),
        ("in half an hour", "2026-11-19T23:45-05:00", NEW_YORK, "2026-11-20T00:15-05:00"),
        ("in ten minutes", "2026-12-31T23:55-05:00", NEW_YORK, "2027-01-01T00:05-05:00"),
        ("today at 11:59 pm", "2026-11-19T23:58-05:00", NEW_YORK, "2026-11-19T23:59-05:00"),
        ("tonight at midnight", THURSDAY, NEW_YORK, "2026-11-20T00:00-05:00"),
        ("Monday night at midnight", THURSDAY, NEW_YORK, "2026-11-24T00:00-05:00"),
        ("tomorrow at midnight", THURSDAY, NEW_YORK, "2026-11-20T00:00-05:00"),
        # Months and years end.
        ("tomorrow at noon", "2026-11-30T09:00-05:00", NEW_YORK, "2026-12-01T12:00-05:00"),
        ("tomorrow at noon", "2026-12-31T09:00-05:00", NEW_YORK, "2027-01-01T12:00-05:00"),
        ("on the 1st at noon", "2026-12-31T09:00-05:00", NEW_YORK, "2027-01-01T12:00-05:00"),
        ("on the 3rd at noon", THURSDAY, NEW_YORK, "2026-12-03T12:00-05:00"),
        ("the 31st at ten", THURSDAY, NEW_YORK, "2026-12-31T10:00-05:00"),
        ("January 7 at 2:30 PM", THURSDAY, NEW_YORK, "2027-01-07T14:30-05:00"),
        ("Jan 1 at 12:15 am", "2026-12-31T23:50-05:00", NEW_YORK, "2027-01-01T00:15-05:00"),
        ("in three days at nine", "2026-02-27T09:00-05:00", NEW_YORK, "2026-03-02T09:00-05:00"),
        # Leap days.
        ("tomorrow at noon", "2028-02-28T09:00-05:00", NEW_YORK, "2028-02-29T12:00-05:00"),
        ("tomorrow at noon", "2027-02-28T09:00-05:00", NEW_YORK, "2027-03-01T12:00-05:00"),
        ("February 29th at noon", "2027-12-01T09:00-05:00", NEW_YORK, "2028-02-29T12:00-05:00"),
        ("on the 29th at noon", "2028-02-20T09:00-05:00", NEW_YORK, "2028-02-29T12:00-05:00"),
        # Clocks go forward: a skipped time has the offset before the gap.
        ("tomorrow at 2:30 am", "2027-03-13T12:00-05:00", NEW_YORK, "2027-03-14T02:30-05:00"),
        ("tomorrow at 3:30 am", "2027-03-13T12:00-05:00", NEW_YORK, "2027-03-14T03:30-04:00"),
        ("tomorrow at 02:15", "2027-03-27T12:00+01:00", "Europe/Berlin", "2027-03-28T02:15+01:00"),
        ("tomorrow at 01:30", "2027-03-27T12:00Z", "Europe/London", "2027-03-28T01:30+00:00"),
        ("tomorrow at ten", "2027-03-27T12:00+01:00", "Europe/Berlin", "2027-03-28T10:00+02:00"),
        (
            "tomorrow at 02:10",
            "2027-10-02T12:00+10:30",
            "Australia/Lord_Howe",
            "2027-10-03T02:10+10:30",
        ),
        ("tomorrow at ten", "2027-10-02T12:00+10:00", "Australia/Sydney", "2027-10-03T10:00+11:00"),
        # Clocks go back: a repeated time is the first.
        ("tomorrow at 1:30 am", "2027-11-06T12:00-04:00", NEW_YORK, "2027-11-07T01:30-04:00"),
        ("tomorrow at 2:30 am", "2027-11-06T12:00-04:00", NEW_YORK, "2027-11-07T02:30-05:00"),
        ("tomorrow at 02:30", "2027-10-30T12:00+02:00", "Europe/Berlin", "2027-10-31T02:30+02:00"),
        ("next Monday at ten", "2027-10-29T12:00+02:00", "Europe/Berlin", "2027-11-01T10:00+01:00"),
        ("tomorrow at ten", "2027-04-03T12:00+11:00", "Australia/Sydney", "2027-04-04T10:00+10:00"),
        # Elapsed hours are hours, whatever the clock on the wall does.
        ("in two hours", "2027-03-14T01:30-05:00", NEW_YORK, "2027-03-14T04:30-04:00"),
        ("in two hours", "2027-11-07T00:30-04:00", NEW_YORK, "2027-11-07T01:30-05:00"),
        ("in an hour", "2027-10-31T02:30+02:00", "Europe/Berlin", "2027-10-31T02:30+01:00"),
        # No such clock change.
        (
            "tomorrow at 2:30 am",
            "2027-03-13T12:00-07:00",
            "America/Phoenix",
            "2027-03-14T02:30-07:00",
        ),
        ("tomorrow at noon", "2027-06-01T12:00+05:45", "Asia/Kathmandu", "2027-06-02T12:00+05:45"),
    ],
)
def test_days_and_hours_are_right_where_the_calendar_or_the_clock_turns(
    words: str, said: str, zone: str, expected: str
) -> None:
    assert start_of(words, said=said, zone=zone) == instant(expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("tomorrow at 3pm Eastern", "2026-11-20T15:00-05:00"),
        ("Monday at ten Pacific", "2026-11-23T10:00-08:00"),
        ("Monday at 10 am PST", "2026-11-23T10:00-08:00"),
        ("Monday at eleven Central time", "2026-11-23T11:00-06:00"),
        ("2 o'clock Berlin time on Monday", "2026-11-23T14:00+01:00"),
        ("Monday at 2 in London", "2026-11-23T14:00+00:00"),
        ("9am San Francisco time on Monday", "2026-11-23T09:00-08:00"),
        ("Monday 15:00 Central European Time", "2026-11-23T15:00+01:00"),
        ("Monday at 3pm GMT", "2026-11-23T15:00+00:00"),
        ("Monday at 3pm GMT plus two", "2026-11-23T15:00+02:00"),
        ("Monday at 3pm UTC-5", "2026-11-23T15:00-05:00"),
        ("Monday at 3pm my time", "2026-11-23T15:00-05:00"),
        ("noon tomorrow Sydney time", "2026-11-21T12:00+11:00"),  # there it is Friday already
    ],
)
def test_the_zone_in_the_words_is_the_zone_of_the_time(words: str, expected: str) -> None:
    assert start_of(words) == instant(expected)
    assert start_of(words, zone="No/Where") == (None if "my time" in words else instant(expected))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Tuesday, no sorry, Wednesday at ten", "2026-11-25T10:00-05:00"),
        ("Tuesday at ten no sorry wednesday", "2026-11-25T10:00-05:00"),
        ("Tuesday at ten, actually make it eleven", "2026-11-24T11:00-05:00"),
        ("at four on Wednesday — no, make that five", "2026-11-25T17:00-05:00"),
        ("Wednesday, uh, I mean Friday, at four", "2026-11-20T16:00-05:00"),
        ("Tuesday morning, no, rather at three", "2026-11-24T15:00-05:00"),
        ("not Tuesday, Wednesday at ten", "2026-11-25T10:00-05:00"),
        ("I can't do Tuesday but Wednesday at ten works", "2026-11-25T10:00-05:00"),
        ("Tuesday or Friday don't work, how about Wednesday at ten", "2026-11-25T10:00-05:00"),
    ],
)
def test_the_corrected_time_counts_and_the_refused_one_does_not(words: str, expected: str) -> None:
    assert start_of(words) == instant(expected)


@pytest.mark.parametrize(
    "words",
    [
        # no day, or no time of it
        "at ten", "noon", "in the morning", "tomorrow", "next week", "next Tuesday", "in two weeks",
        "this week", "the 3rd", "March", "three", "tomorrow, same time", "10 Pacific",
        # vague
        "any time", "whenever", "sometime next week", "as soon as possible", "end of the week",
        "any weekday at ten", "every Tuesday at ten", "Tuesdays at ten", "in an hour or two",
        # more than one
        "Tuesday or Wednesday", "Tuesday or Wednesday at ten", "Tuesday at ten or at two",
        "Tuesday at ten or whenever suits you", "Tuesday, Wednesday at ten",
        "tomorrow morning or afternoon", "Tuesday at ten and Thursday at ten",
        # contradictory, or no time at all
        "Tuesday the 25th at noon", "tomorrow at 25 o'clock", "February 30th at noon",
        "Monday, ten to two",
        "Nov 31 at 2pm", "12/3 at 3pm", "tomorrow morning at two in the afternoon",
        "February 29th at noon", "Monday from 4 to 2", "tomorrow in two hours",
        # over
        "today at noon", "this morning", "this afternoon", "yesterday at ten", "last Friday at ten",
        "two days ago at ten", "November 18th at noon", "2025-11-25 at 10:00", "today at midnight",
        # a deadline
        "by Tuesday at ten", "before Monday", "until December 3rd at noon", "live by March",
        "launch is December 15 at 9am", "Monday before three", "since Tuesday at ten",
        # somebody else's zone, and somebody else's words
        "Monday at three your time", "24/7", "", "   ", "yes please", "\ud800 at ten",
    ],
)  # fmt: skip
def test_what_would_have_to_be_guessed_stays_words(words: str) -> None:
    assert wanted(words) == WantedTime(start=None, end=None, words=words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("morgen um 15 Uhr", "2026-11-20T15:00-05:00"),
        ("übermorgen um zehn", "2026-11-21T10:00-05:00"),
        ("am Dienstag um halb drei", "2026-11-24T14:30-05:00"),
        ("Viertel vor elf am Freitag", "2026-11-20T10:45-05:00"),
        ("am 3. Dezember um 14:30 Uhr", "2026-12-03T14:30-05:00"),
        ("am 25.11. um 9 Uhr", "2026-11-25T09:00-05:00"),
        ("nächste Woche Dienstag um 10 Uhr", "2026-11-24T10:00-05:00"),
        ("in einer halben Stunde", "2026-11-19T15:34-05:00"),
        ("morgen früh um acht", "2026-11-20T08:00-05:00"),
        ("morgen um 15 Uhr Londoner Zeit", "2026-11-20T15:00+00:00"),
        ("Dienstag geht nicht, aber Mittwoch um zehn", "2026-11-25T10:00-05:00"),
        ("Dienstag um zehn, nein, Mittwoch", "2026-11-25T10:00-05:00"),
        ("Dienstag oder Mittwoch um zehn", None),
        ("bis Freitag um zehn", None),
        ("irgendwann nächste Woche", None),
    ],
)
def test_german_is_understood(words: str, expected: str | None) -> None:
    assert start_of(words, language="de-DE") == (expected and instant(expected))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("mañana a las tres de la tarde", "2026-11-20T15:00-05:00"),
        ("pasado mañana a las diez", "2026-11-21T10:00-05:00"),
        ("el martes a las diez y media", "2026-11-24T10:30-05:00"),
        ("el viernes a las cuatro menos cuarto", "2026-11-20T15:45-05:00"),
        ("el martes que viene a la una y cuarto", "2026-11-24T13:15-05:00"),
        ("el 3 de diciembre a las 14:30", "2026-12-03T14:30-05:00"),
        ("jueves 7 de enero a las 21:30", "2027-01-07T21:30-05:00"),
        ("mañana al mediodía", "2026-11-20T12:00-05:00"),
        ("en dos horas", "2026-11-19T17:04-05:00"),
        ("mañana a las tres hora de Madrid", "2026-11-20T15:00+01:00"),
        ("el martes a las diez, no, perdón, el miércoles", "2026-11-25T10:00-05:00"),
        ("martes o miércoles a las diez", None),
        ("antes del viernes a las diez", None),
        ("cuando sea la próxima semana", None),
    ],
)
def test_spanish_is_understood(words: str, expected: str | None) -> None:
    assert start_of(words, language="es") == (expected and instant(expected))


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", "monday tuesday wednesday thursday friday saturday sunday"),
        ("en", "mon tues wed thurs fri sat sun"),
        ("de", "montag dienstag mittwoch donnerstag freitag samstag sonntag"),
        ("de", "montag dienstag mittwoch donnerstag freitag sonnabend sonntag"),
        ("es", "lunes martes miércoles jueves viernes sábado domingo"),
        ("es", "lunes martes miercoles jueves viernes sabado domingo"),
    ],
)
def test_every_weekday_is_known_by_its_names(language: str, names: str) -> None:
    days = [
        start_of(f"{name} 9:00", said="2026-11-22T12:00-05:00", language=language)
        for name in names.split()
    ]
    assert days == [instant(f"2026-11-{day}T09:00-05:00") for day in range(23, 30)]


@pytest.mark.parametrize(
    ("language", "form", "names"),
    [
        (
            "en",
            "{} 5th at 9:00",
            "january february march april may june july august september october november december",
        ),
        ("en", "{} 5 at 9:00", "jan feb mar apr may jun jul aug sept oct nov dec"),
        (
            "de",
            "am 5. {} um 9:00",
            "januar februar märz april mai juni juli august september oktober november dezember",
        ),
        (
            "de",
            "am 5. {} um 9:00",
            "jänner februar märz april mai juni juli august september oktober november dezember",
        ),
        (
            "es",
            "el 5 de {} a las 9:00",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
            " diciembre",
        ),
        (
            "es",
            "el 5 de {} a las 9:00",
            "enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre"
            " diciembre",
        ),
    ],
)
def test_every_month_is_known_by_its_names(language: str, form: str, names: str) -> None:
    for month, name in enumerate(names.split(), start=1):
        said = f"{2025 + (month > 1)}-{month - 1 or 12:02}-20T12:00+00:00"
        read = start_of(form.format(name), said=said, zone="UTC", language=language)
        assert read == instant(f"2026-{month:02}-05T09:00+00:00")


@pytest.mark.parametrize("language", ["fr", "zz", ""])
def test_another_language_is_left_to_a_person_but_not_a_written_date(language: str) -> None:
    assert start_of("demain à dix heures", language=language) is None
    assert start_of("2026-11-25T10:00", language=language) == instant("2026-11-25T10:00-05:00")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Could we do next Tuesday after lunch?", "next Tuesday after lunch"),
        ("sure call me next Wednesday in the morning", "next Wednesday in the morning"),
        (
            "my number is three oh three five five five oh one four two, book it tomorrow at two",
            "tomorrow at two",
        ),
        ("good morning, I'd like to talk on Friday at 10 a.m.", "Friday at 10 a.m."),
        ("we launch on Monday at nine so call me Friday at ten", "Friday at ten"),
        ("I need it live by March", None),
        ("it has to be ready by Friday at noon", None),
        ("our portal has been down since Tuesday at ten", None),
        ("we had an outage last Monday at three", None),
        ("we open at nine on Mondays", None),
        ("the site crashed on Tuesday at ten", None),
        ("about ten people at three sites", None),
        ("on the second floor there are two of them", None),
        ("a booking app that takes reservations for Tuesday at ten, say", None),
    ],
)
def test_only_a_wish_is_found_in_a_sentence(said: str, found: str | None) -> None:
    turn = Turn(position=0, role="user", text=said)
    heard = wanted_time_in([turn], started_at=datetime.fromisoformat(THURSDAY), timezone=NEW_YORK)
    assert (heard[0].words if heard else None) == found
