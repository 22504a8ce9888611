"""Whatever is not as a sample expects is told."""

from datetime import UTC, datetime, timedelta

import pytest

from voice_service.consultations.model import Status
from voice_service.rehearsal.model import Occasion
from voice_service.rehearsal.operations import Played, find_differences
from voice_service.rehearsal.report import mood, outcome, verdict, what_was_said
from voice_service.rehearsal.samples import SAMPLES
from voice_service.rehearsal.service import BookedTime, Judged, Recorded

WANTED = datetime(2031, 1, 7, 15, tzinfo=UTC)
OCCASION = Occasion(
    conversation_id="conv_rehearsal_1",
    email="ada@example.com",
    started_at=WANTED - timedelta(days=1),
    wanted=WANTED,
)
BOOKED = Recorded(
    status=Status.COMPLETED,
    lead_verdict="qualified",
    lead_score=90,
    sentiment_score=0.6,
    marks=[],
    proposals=None,
    due_at=None,
    qualification=Judged(),
    booking=BookedTime(
        booking_reference="INT-1",
        scheduled_datetime=WANTED,
        timezone="America/Chicago",
        status="pending",
    ),
)


def differences(name: str, recorded: Recorded) -> list[str]:
    return list(find_differences(SAMPLES[name], OCCASION, recorded))


def booked_at(start: datetime, **changes: object) -> Recorded:
    assert BOOKED.booking is not None
    booking = BOOKED.booking.model_copy(update={"scheduled_datetime": start})
    return BOOKED.model_copy(update={"booking": booking, **changes})


def test_what_is_as_expected_has_no_differences() -> None:
    assert differences("strong-lead", BOOKED) == []


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("status", Status.FAILED, "status: failed, expected completed"),
        ("lead_verdict", "unknown", "verdict: unknown, expected qualified"),
        ("marks", ["needs_review"], "marks: ['needs_review'], expected []"),
        ("proposals", [{}], "proposals: 1, expected 0"),
        (
            "qualification",
            Judged(disqualifier="vendor"),
            "disqualifier: vendor, expected None",
        ),
    ],
)
def test_each_difference_is_told(column: str, value: object, told: str) -> None:
    assert differences("strong-lead", BOOKED.model_copy(update={column: value})) == [told]


def test_a_missing_booking_is_told() -> None:
    told = differences("strong-lead", BOOKED.model_copy(update={"booking": None}))
    assert told == ["outcome: nothing, expected booked", "booking: None, expected pending"]


def test_a_booking_at_another_time_is_told() -> None:
    assert len(differences("strong-lead", booked_at(WANTED + timedelta(hours=1)))) == 1


@pytest.mark.parametrize(
    ("away", "fine"),
    [
        (timedelta(0), False),
        (timedelta(hours=-2), True),
        (timedelta(hours=2, minutes=15), False),
    ],
)
def test_in_place_of_a_gone_time_only_one_near_it_will_do(away: timedelta, fine: bool) -> None:
    assert BOOKED.booking is not None
    booking = BOOKED.booking.model_copy(
        update={"scheduled_datetime": WANTED + away, "status": "confirmed"}
    )
    moved = BOOKED.model_copy(update={"booking": booking, "marks": ["moved_to_nearest"]})
    assert (differences("time-gone", moved) == []) is fine


def test_the_table_shows_the_callers_wall_clock() -> None:
    assert outcome(BOOKED) == ["INT-1 pending", "Tue 07 Jan 09:00 America/Chicago"]


def test_the_table_says_what_else_there_is_to_do() -> None:
    alone = {"booking": None, "sentiment_score": None, "lead_verdict": "unknown"}
    to_staff = BOOKED.model_copy(
        update=alone | {"due_at": WANTED, "proposals": [{}, {}, {}], "marks": ["needs_review"]}
    )
    assert outcome(to_staff) == ["to staff, 3 proposals", "needs_review"]
    assert outcome(BOOKED.model_copy(update=alone)) == ["nothing to do"]
    assert mood(to_staff) == "-"
    assert "unknown" in verdict(to_staff)


def test_a_sample_that_left_nothing_still_has_a_row() -> None:
    played = Played(sample=SAMPLES["hung-up"], recorded=None, differences=("nothing",))
    assert outcome(played.recorded) == []
    assert verdict(played.recorded) == mood(played.recorded) == "-"


def test_a_conversation_without_a_title_is_told_by_its_callers_first_words() -> None:
    said = what_was_said(SAMPLES["no-analysis"].dialogue)
    assert said.startswith("I only wanted to know")
    assert said.endswith("…")
    assert what_was_said(SAMPLES["hung-up"].dialogue) == "-"
