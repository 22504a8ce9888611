"""Why a time is not offered, for each consultant: what ``find_slots`` leaves out, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from booking_core.availability.bookable import bookable_part, check_moment
from booking_core.availability.hours import hours_of, meets, openings, window_of
from booking_core.availability.model import MINUTE, Busy, Diary, Opening, Override, Rules
from booking_core.availability.offers import find_in_the_way, free_starts, open_starts, overlaps
from booking_core.availability.operations import read_diaries
from booking_core.consultants import Consultant, find_consultant, list_consultants
from booking_core.database import Connection
from booking_core.errors import ConsultantNotFound
from booking_core.services import Service
from booking_core.zones import find_zone

DAY: Final = timedelta(days=1)


class Reason(StrEnum):
    OFFERED = "offered"
    SERVICE_INACTIVE = "service_inactive"
    CONSULTANT_INACTIVE = "consultant_inactive"
    TIMEZONE = "timezone"
    NOTICE = "notice"
    HORIZON = "horizon"
    HOURS = "hours"
    OVERRIDE = "override"
    STEP = "step"
    SERVICE_DAILY_LIMIT = "service_daily_limit"
    CONSULTANT_DAILY_LIMIT = "consultant_daily_limit"
    HOLD = "hold"
    BOOKING = "booking"
    BUFFER = "buffer"


SENTENCES: Final = {
    Reason.OFFERED: "The time is free.",
    Reason.SERVICE_INACTIVE: "The service is not offered any more.",
    Reason.CONSULTANT_INACTIVE: "The consultant is not on the staff any more.",
    Reason.TIMEZONE: "The consultant's time zone cannot be read.",
    Reason.NOTICE: "The time is over, or too soon: {notice} minutes of notice are needed.",
    Reason.HORIZON: "The time is too far ahead: {horizon} days can be booked.",
    Reason.HOURS: "The consultant does not work then, or not long enough.",
    Reason.OVERRIDE: "The consultant has other hours on {date}.",
    Reason.STEP: "Nothing starts then: starts are {step} minutes apart, counted from the hours.",
    Reason.SERVICE_DAILY_LIMIT: "The service has all its bookings of {date}.",
    Reason.CONSULTANT_DAILY_LIMIT: "The consultant has all their bookings of {date}.",
    Reason.HOLD: "The time is kept for a caller who is still deciding.",
    Reason.BOOKING: "The time is booked.",
    Reason.BUFFER: "The time is too close to a booking or to a time kept for a caller.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsultantExplanation:
    """Why one consultant's time is offered or not: the first reason found, in the enum's order.

    Attributes:
        sentence: the same for staff.
        override_id: the exception that took the time out of the hours.
        booking_id: the booking that has the time, or whose buffer lies in it.
        hold_id: the hold that has the time, or whose buffer lies in it.
    """

    consultant_id: UUID
    reason: Reason
    sentence: str
    override_id: UUID | None = None
    booking_id: UUID | None = None
    hold_id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """What is said of one time, by consultant."""

    service_id: UUID
    start: datetime
    end: datetime
    consultants: Sequence[ConsultantExplanation]

    @property
    def offered(self) -> bool:
        return any(one.reason is Reason.OFFERED for one in self.consultants)


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One time of one consultant, asked at a moment."""

    service: Service
    consultant: Consultant
    start: datetime

    @property
    def zone(self) -> ZoneInfo | None:
        return find_zone(self.consultant.timezone)

    @property
    def end(self) -> datetime:
        return self.start + self.service.duration

    def answer(
        self, reason: Reason, *, override: Override | None = None, busy: Busy | None = None
    ) -> ConsultantExplanation:
        on = override.specific_date if override else self.start.astimezone(self.zone or UTC).date()
        return ConsultantExplanation(
            consultant_id=self.consultant.id,
            reason=reason,
            sentence=SENTENCES[reason].format(
                notice=self.service.minimum_notice // MINUTE,
                horizon=self.service.horizon_days,
                step=self.service.slot_step // MINUTE,
                date=f"{on:%A} {on}",
            ),
            override_id=override.id if override else None,
            booking_id=busy.id if busy and not busy.is_hold else None,
            hold_id=busy.id if busy and busy.is_hold else None,
        )


async def explain(
    conn: Connection,
    service: Service,
    time: datetime,
    *,
    now: datetime,
    rules: Rules = Rules(),
    consultant_id: UUID | None = None,
    conversation_id: str | None = None,
) -> Explanation:
    """Whether a slot starts at ``time``, and why not.

    Args:
        consultant_id: only theirs; None: everybody's who gives consultations.
        conversation_id: whose own hold hides nothing.
    Raises:
        RangeInvalid: ``time`` or ``now`` has no time zone or is out of any calendar.
        ConsultantNotFound: nobody has this id.
    """
    check_moment(time)
    check_moment(now)
    start = time.astimezone(UTC)
    asked = await list_asked(conn, consultant_id)
    diaries = read_diaries(
        conn,
        service,
        start,
        start + MINUTE,
        now=now,
        rules=rules,
        consultant_id=consultant_id,
        conversation_id=conversation_id,
    )
    diary_of = {diary.consultant_id: diary async for diary in diaries}
    return Explanation(
        service_id=service.id,
        start=start,
        end=start + service.duration,
        consultants=[
            explain_one(
                Question(service=service, consultant=one, start=start),
                diary_of.get(one.id),
                now=now,
                rules=rules,
            )
            for one in asked
        ],
    )


async def list_asked(conn: Connection, consultant_id: UUID | None) -> list[Consultant]:
    if consultant_id is None:
        return await list_consultants(conn)
    consultant = await find_consultant(conn, consultant_id)
    if consultant is None:
        raise ConsultantNotFound("There is no such consultant.")
    return [consultant]


def explain_one(
    question: Question, diary: Diary | None, *, now: datetime, rules: Rules
) -> ConsultantExplanation:
    zone = question.zone
    if not question.service.is_active:
        return question.answer(Reason.SERVICE_INACTIVE)
    if not question.consultant.is_active:
        return question.answer(Reason.CONSULTANT_INACTIVE)
    if zone is None:
        return question.answer(Reason.TIMEZONE)
    earliest, before = bookable_part(
        question.service, question.start, question.start + MINUTE, now=now, rules=rules, zone=zone
    )
    if earliest > question.start:
        return question.answer(Reason.NOTICE)
    if before <= question.start:
        return question.answer(Reason.HORIZON)
    return question.answer(Reason.HOURS) if diary is None else explain_in(question, diary)


def explain_in(question: Question, diary: Diary) -> ConsultantExplanation:
    service, start, until = question.service, question.start, question.start + MINUTE
    if start in free_starts(service, diary, earliest=start, before=until):
        return question.answer(Reason.OFFERED)
    if start in open_starts(service, diary, earliest=start, before=until):
        return explain_full(question, diary)
    if holds(diary.openings, question):
        return question.answer(Reason.STEP)
    return explain_closed(question, diary)


def holds(opened: Sequence[Opening], question: Question) -> bool:
    return any(one.start <= question.start and question.end <= one.end for one in opened)


def explain_closed(question: Question, diary: Diary) -> ConsultantExplanation:
    """Whether the weekly hours would have held the time, were it not for a date's exception."""
    first = question.start.astimezone(diary.zone).date()
    last = question.end.astimezone(diary.zone).date()
    usual = openings(diary.zone, diary.templates, (), first=first - DAY, last=last)
    exceptions = [row for row in diary.overrides if first <= row.specific_date <= last]
    if not exceptions or not holds(usual, question):
        return question.answer(Reason.HOURS)
    override = min(exceptions, key=lambda row: how_far_from_closing(row, question, diary.zone))
    return question.answer(Reason.OVERRIDE, override=override)


def how_far_from_closing(row: Override, question: Question, zone: ZoneInfo) -> int:
    """0 for an exception that closes the whole date, 1 for one that closes hours of the time, 2 for
    one that opens others instead."""
    if row.is_available:
        return 2
    if row.start_minute is None:
        return 0
    closed = window_of(zone, row.specific_date, hours_of(row))
    return 1 if meets(closed, question.start, question.end) else 3


def explain_full(question: Question, diary: Diary) -> ConsultantExplanation:
    on = question.start.astimezone(diary.zone).date()
    if on in diary.service_full_on:
        return question.answer(Reason.SERVICE_DAILY_LIMIT)
    if on in diary.consultant_full_on:
        return question.answer(Reason.CONSULTANT_DAILY_LIMIT)
    others = find_in_the_way(question.service, [question.start], diary.busy)[0]
    # Another service's excludes all; else those that really run at the time come first.
    busy = min(
        others,
        key=lambda other: (
            other.is_ours,
            not overlaps(other, question.start, question.end),
            other.start,
        ),
    )
    if not overlaps(busy, question.start, question.end):
        return question.answer(Reason.BUFFER, busy=busy)
    return question.answer(Reason.HOLD if busy.is_hold else Reason.BOOKING, busy=busy)
