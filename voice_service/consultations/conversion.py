"""A qualified conversation becomes a booking, or a task for a person. Once a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal, Protocol
from zoneinfo import ZoneInfo

import asyncpg
import structlog

from booking_core.availability import Rules, Slot, find_slots, propose_slots
from booking_core.bookings import Booking, BookingWish, book_time, find_upcoming_booking
from booking_core.customers import Contact, Customer, lock_customer
from booking_core.database import Connection
from booking_core.errors import (
    BookingError,
    RangeInvalid,
    ServiceNotFound,
    SlotNotOffered,
    SlotTaken,
)
from booking_core.services import Service, get_service
from voice_service.analysis import Turn, in_usd
from voice_service.consultations.claims import claims_booking
from voice_service.consultations.judging import Judgement
from voice_service.consultations.model import FinishedConversation, Mark, first_long_turn
from voice_service.consultations.queries import recording
from voice_service.errors import describe

SOURCE: Final = "voice_consultation"
NEAREST_WITHIN: Final = timedelta(hours=2)
PROPOSALS: Final = 3
STAFF_ANSWERS_WITHIN: Final = timedelta(hours=1)
UPSET: Final = -0.5
LARGEST_VALUE: Final = 9_999_999_999  # what the column holds; no project is worth as much

Policy = Literal["asked", "off"]

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a conversation: a booking, work for a person, or neither."""

    booking: Booking | None = None
    marks: tuple[Mark, ...] = ()
    proposals: Sequence[Slot] = ()
    due_at: datetime | None = None

    @property
    def is_decision(self) -> bool:
        """Whether anything was decided; what could not yet be judged may be decided later."""
        return self.booking is not None or self.due_at is not None

    def proposals_as_json(self, timezone: str) -> list[dict[str, Any]]:
        """Slots that staff may offer, with the caller's wall clock beside the instants."""
        zone = ZoneInfo(timezone)
        return [
            {
                "slot_id": slot.slot_id,
                "start": slot.start.isoformat(),
                "end": slot.end.isoformat(),
                "local_start": slot.start.astimezone(zone).isoformat(),
                "timezone": timezone,
                "consultant_id": str(slot.consultant_id),
            }
            for slot in self.proposals
        ]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A qualified caller's wish for a booking, and who would be booked."""

    finished: FinishedConversation
    judgement: Judgement
    customer: Customer
    contact: Contact
    service: Service
    start: datetime
    rules: Rules


# What one impossible value among the facts can raise; trying again would not help.
IMPOSSIBLE: Final = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    ArithmeticError,
    ValueError,
)


async def convert_or_hand_over(
    conn: Connection,
    finished: FinishedConversation,
    judgement: Judgement,
    *,
    customer: Customer | None,
    contact: Contact,
    policy: Policy,
    rules: Rules,
    now: datetime,
) -> Outcome:
    """Convert; a conversation that cannot be goes to a person, and what was said is kept."""
    try:
        async with conn.transaction():
            return await convert(
                conn,
                finished,
                judgement,
                customer=customer,
                contact=contact,
                policy=policy,
                rules=rules,
                now=now,
            )
    except IMPOSSIBLE as error:
        log.warning(
            "conversion_impossible",
            conversation_id=finished.conversation_id,
            error=describe(error),
        )
        return Outcome(marks=(Mark.NEEDS_REVIEW,), due_at=now + STAFF_ANSWERS_WITHIN)


async def convert(
    conn: Connection,
    finished: FinishedConversation,
    judgement: Judgement,
    *,
    customer: Customer | None,
    contact: Contact,
    policy: Policy,
    rules: Rules,
    now: datetime,
) -> Outcome:
    """Decide what a conversation without a booking becomes, and do it."""
    qualification = judgement.qualification
    service = await find_recommended(conn, qualification.recommended_service)
    if claims_booking(finished.turns):
        return await hand_to_staff(
            conn, judgement, service, rules=rules, now=now, mark=Mark.CLAIMED_BOOKING_MISSING
        )
    if not qualification.qualified:
        return Outcome()
    wanted = qualification.wanted_time
    # Part of a day ("after lunch") leaves the choice open, and the caller is to have it.
    start = wanted.start if wanted and wanted.end is None else None
    if (
        service is None
        or customer is None
        or start is None
        or not (contact.email or contact.user_id)
        or not agreed(judgement)
        or policy == "off"
    ):
        return await hand_to_staff(conn, judgement, service, rules=rules, now=now)
    if needs_a_person(judgement):
        return await hand_to_staff(
            conn, judgement, service, rules=rules, now=now, mark=Mark.NEEDS_REVIEW
        )
    await lock_customer(conn, customer.id)  # another conversation may be booking for them now
    upcoming = await find_upcoming_booking(conn, customer.id, service.id, now=now)
    if upcoming is not None:
        return Outcome(
            booking=upcoming, marks=(Mark.EXISTING_BOOKING,), due_at=now + STAFF_ANSWERS_WITHIN
        )
    wish = Wish(
        finished=finished,
        judgement=judgement,
        customer=customer,
        contact=contact,
        service=service,
        start=start,
        rules=rules,
    )
    return await book_wanted_time(conn, wish, now=now)


async def find_recommended(conn: Connection, slug: str | None) -> Service | None:
    """The recommended service, unless it is no longer offered."""
    if slug is None:
        return None
    try:
        return await get_service(conn, slug)
    except ServiceNotFound:
        return None


def agreed(judgement: Judgement) -> bool:
    """Whether the caller agreed to a booking; never one the caller did not ask for."""
    fact = judgement.fact("wants_booking")
    return fact is not None and fact.value is True


def needs_a_person(judgement: Judgement) -> bool:
    """Signs of manipulation, sources that differ, or a caller too upset for a machine's answer."""
    codes = {reason.code for reason in judgement.qualification.reasons}
    score = judgement.sentiment.score
    return bool(codes & {"injection_ignored", "source_conflict"}) or (
        score is not None and score <= UPSET
    )


async def hand_to_staff(
    conn: Connection,
    judgement: Judgement,
    service: Service | None,
    *,
    rules: Rules,
    now: datetime,
    mark: Mark | None = None,
) -> Outcome:
    """A task with three proposals near the wanted time, or the soonest."""
    wanted = judgement.qualification.wanted_time
    around = (wanted.start if wanted else None) or now
    proposals = (
        await propose_slots(conn, service, around=around, now=now, rules=rules, count=PROPOSALS)
        if service
        else []
    )
    return Outcome(
        marks=(mark,) if mark else (), proposals=proposals, due_at=now + STAFF_ANSWERS_WITHIN
    )


async def book_wanted_time(conn: Connection, wish: Wish, *, now: datetime) -> Outcome:
    """Book the wanted time; when it is gone, a free service goes to the nearest one that day."""
    try:
        return Outcome(booking=await book_at(conn, wish, wish.start, now=now))
    except (SlotTaken, SlotNotOffered):
        free = wish.service.price == 0
        nearest = await book_nearest(conn, wish, now=now) if free else None
    except BookingError:  # a name, an address or a zone that a booking cannot have
        nearest = None
    if nearest is not None:
        return Outcome(booking=nearest, marks=(Mark.MOVED_TO_NEAREST,))
    return await hand_to_staff(conn, wish.judgement, wish.service, rules=wish.rules, now=now)


async def book_nearest(conn: Connection, wish: Wish, *, now: datetime) -> Booking | None:
    """The free slot nearest to the wanted start, within two hours and on the caller's same day."""
    zone = ZoneInfo(wish.finished.zone.name)
    try:
        slots = await find_slots(
            conn,
            wish.service,
            start=wish.start - NEAREST_WITHIN,
            end=wish.start + NEAREST_WITHIN + timedelta(minutes=1),
            now=now,
            rules=wish.rules,
        )
    except RangeInvalid:  # no calendar reaches that far
        return None
    day = wish.start.astimezone(zone).date()
    starts = {slot.start for slot in slots if slot.start.astimezone(zone).date() == day}
    for start in sorted(starts, key=lambda start: (abs(start - wish.start), start)):
        try:
            return await book_at(conn, wish, start, now=now)
        except (SlotTaken, SlotNotOffered):
            continue  # taken since we looked
    return None


async def book_at(conn: Connection, wish: Wish, start: datetime, *, now: datetime) -> Booking:
    said = await to_booking_wish(
        conn,
        wish.judgement,
        customer=wish.customer,
        contact=wish.contact,
        service=wish.service,
        description=describe_project(wish.finished, wish.judgement),
        timezone=wish.finished.zone.name,
    )
    return await book_time(conn, wish.service, start, said, now=now, rules=wish.rules)


async def to_booking_wish(
    conn: Connection,
    judgement: Judgement,
    *,
    customer: Customer,
    contact: Contact,
    service: Service,
    description: str,
    timezone: str,
) -> BookingWish:
    """What a booking says that comes of a conversation, whoever makes it."""
    size = judgement.fact("company_size")
    score = await recording.lead_score(
        conn,
        price=service.price,
        company_size=size.value if size and isinstance(size.value, int) else None,
        description=description,
        score=judgement.qualification.score,
    )
    return BookingWish(
        customer=customer,
        contact=contact,
        project_description=description,
        timezone=timezone,
        source=SOURCE,
        lead_score=score,
        estimated_value=estimate_value(judgement),
    )


class Told(Protocol):
    """A conversation just finished, or as it is stored."""

    @property
    def summary(self) -> str | None: ...
    @property
    def turns(self) -> Sequence[Turn]: ...
    @property
    def started_at(self) -> datetime: ...


def describe_project(told: Told, judgement: Judgement) -> str:
    """What the booking is about, in the best words there are."""
    return (
        told.summary
        or judgement.text("project_description")
        or first_long_turn(told.turns)
        or f"Voice consultation {told.started_at.date().isoformat()}"
    )


def estimate_value(judgement: Judgement) -> Decimal | None:
    """The upper end of the budget in USD: what the project may be worth."""
    amount = in_usd(judgement.qualification.facts, "budget_max")
    if amount is None or amount > LARGEST_VALUE:
        return None
    return Decimal(amount).quantize(Decimal("0.01"))
