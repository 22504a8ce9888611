"""Fresh ids and wanted times: a sample can be played again and again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from voice_service.rehearsal.occasions import NoSuchTime, choose_free, choose_gone, make_occasion
from voice_service.rehearsal.samples import SAMPLES

MONDAY = datetime(2031, 1, 6, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
TOKYO = ZoneInfo("Asia/Tokyo")


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def test_two_playings_share_neither_conversation_nor_address() -> None:
    first, second = (make_occasion(SAMPLES["no-time"], (), now=MONDAY) for _ in range(2))
    assert first.conversation_id != second.conversation_id
    assert first.email != second.email
    assert first.started_at == MONDAY
    assert first.wanted is None


def test_the_free_time_is_the_first_on_the_hour_by_day() -> None:
    starts = [at(3), at(9.25), at(10), at(11)]
    assert choose_free(starts, LONDON) == at(10)


def test_a_free_time_at_night_is_better_than_none() -> None:
    assert choose_free([at(3.25)], LONDON) == at(3.25)


def test_the_gone_time_is_not_free_but_has_a_free_one_near_it() -> None:
    starts = [at(9), at(9.5), at(12.5), at(13)]
    gone = choose_gone(starts, LONDON)
    assert gone == at(10)


def test_the_free_one_near_a_gone_time_is_on_the_callers_same_day() -> None:
    midnight_in_tokyo = at(15)
    starts = [midnight_in_tokyo - timedelta(hours=1), at(40)]
    gone = choose_gone(starts, TOKYO)
    near = min(starts, key=lambda start: abs(start - gone))
    assert abs(near - gone) <= timedelta(hours=2)
    assert near.astimezone(TOKYO).date() == gone.astimezone(TOKYO).date()


def test_when_everything_is_free_no_time_is_gone() -> None:
    with pytest.raises(NoSuchTime, match="gone"):
        choose_gone([at(half / 2) for half in range(18, 30)], LONDON)


@pytest.mark.parametrize("name", ["strong-lead", "time-gone"])
def test_without_slots_a_sample_that_wants_a_time_cannot_be_played(name: str) -> None:
    with pytest.raises(NoSuchTime):
        make_occasion(SAMPLES[name], (), now=MONDAY)
