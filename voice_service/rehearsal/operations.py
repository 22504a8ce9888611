"""Play sample conversations through the running service, and compare what became of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from voice_service.rehearsal.events import make_event
from voice_service.rehearsal.model import Became, Occasion, Sample
from voice_service.rehearsal.occasions import NEAR, NoSuchTime, make_occasion
from voice_service.rehearsal.service import RECORDED_WITHIN, Recorded, RunningService

AGENT_ID: Final = "agent_rehearsal"
FROM_NOW: Final = timedelta(days=1)  # well clear of any minimum notice
LOOKED_AT: Final = timedelta(days=7)
PROPOSALS: Final = 3


@dataclass(frozen=True, kw_only=True)
class Played:
    """One playing; ``differences`` is empty when all went as expected."""

    sample: Sample
    recorded: Recorded | None
    differences: tuple[str, ...]


def play(service: RunningService, sample: Sample, *, now: datetime) -> Played:
    """Play one sample and wait for what becomes of it.

    Raises:
        ServiceUnusable: no sample can be played.
    """
    try:
        occasion = prepare(service, sample, now=now)
    except NoSuchTime as error:
        return Played(sample=sample, recorded=None, differences=(str(error),))
    event = make_event(sample.dialogue, occasion, agent_id=AGENT_ID)
    service.send_event(event, now=now)
    recorded = service.wait_for_consultation(occasion.conversation_id)
    if recorded is None:
        seconds = int(RECORDED_WITHIN.total_seconds())
        missing = f"nothing was recorded in {seconds} seconds; does a worker do the jobs?"
        return Played(sample=sample, recorded=None, differences=(missing,))
    return Played(
        sample=sample,
        recorded=recorded,
        differences=tuple(find_differences(sample, occasion, recorded)),
    )


def prepare(service: RunningService, sample: Sample, *, now: datetime) -> Occasion:
    if sample.wanted is None:
        return make_occasion(sample, (), now=now)
    start = now + FROM_NOW
    starts = service.free_starts(sample.wanted.service, start=start, end=start + LOOKED_AT)
    return make_occasion(sample, starts, now=now)


def became(recorded: Recorded) -> Became:
    """What a conversation became: a booking may leave work too, and still is a booking."""
    if recorded.booking is not None:
        return "booked"
    return "staff" if recorded.due_at is not None else "nothing"


def find_differences(sample: Sample, occasion: Occasion, recorded: Recorded) -> Iterator[str]:
    """A sentence for everything that is not as the sample expects."""
    expected = sample.expected
    booking, judged = recorded.booking, recorded.qualification
    pairs: tuple[tuple[str, object, object], ...] = (
        ("status", recorded.status.value, "completed"),
        ("verdict", recorded.lead_verdict, expected.verdict),
        ("disqualifier", judged.disqualifier if judged else None, expected.disqualifier),
        ("outcome", became(recorded), expected.became),
        ("booking", booking.status if booking else None, expected.booking),
        ("marks", sorted(recorded.marks), sorted(expected.marks)),
        (
            "proposals",
            len(recorded.proposals or ()),
            PROPOSALS if expected.became == "staff" else 0,
        ),
    )
    for name, found, wanted in pairs:
        if found != wanted:
            yield f"{name}: {found}, expected {wanted}"
    if booking is not None and not is_at_wanted_time(sample, occasion, booking.scheduled_datetime):
        yield f"booked at {booking.scheduled_datetime}, wanted {occasion.wanted}"


def is_at_wanted_time(sample: Sample, occasion: Occasion, start: datetime) -> bool:
    """At the wanted start; where that is gone, near it instead."""
    if sample.wanted is None or occasion.wanted is None:
        return False
    if sample.wanted.free:
        return start == occasion.wanted
    return start != occasion.wanted and abs(start - occasion.wanted) <= NEAR
