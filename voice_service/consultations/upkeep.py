"""What the clock brings: holds that ran out, times nobody paid for, follow-ups past their time."""

from datetime import timedelta
from typing import Final

from booking_core import bookings, follow_ups
from booking_core.interactions import record_interaction
from voice_service.consultations.conversion import STAFF_ANSWERS_WITHIN
from voice_service.consultations.queries import booking as queries
from voice_service.jobs import JobContext, schedule

HOLDS_REMEMBERED: Final = timedelta(days=2)  # for the call's report, which may be late
UNPAID: Final = "The time was given back: the booking was not paid in time."


@schedule("mark_half_booked", "* * * * *")
async def mark_half_booked(context: JobContext) -> None:
    """Once a minute: a caller whose hold ran out unbooked was nearly booked, and staff see it."""
    expired = await bookings.list_half_booked(context.conn, now=context.now)
    await queries.mark_half_booked(
        context.conn,
        [hold.conversation_id for hold in expired],
        due_at=context.now + STAFF_ANSWERS_WITHIN,
    )


@schedule("forget_expired_holds", "17 * * * *")
async def forget_expired_holds(context: JobContext) -> None:
    """Once an hour: holds that ran out long ago have nothing more to tell."""
    await bookings.purge_holds(context.conn, before=context.now - HOLDS_REMEMBERED)


@schedule("free_unpaid_times", "*/5 * * * *")
async def free_unpaid_times(context: JobContext) -> None:
    """Where a setting says so, cancel what nobody began to pay for; the customer's journey tells.

    Without ``RELEASE_UNPAID_AFTER_HOURS`` unpaid bookings keep their times.
    """
    hours = context.settings.release_unpaid_after_hours
    if hours is None:
        return
    released = await bookings.release_unpaid(
        context.conn, older_than=timedelta(hours=hours), now=context.now
    )
    for booking in released:
        await record_interaction(
            context.conn,
            booking.customer_metrics_id,
            "note",
            booking_id=booking.id,
            details={"note": UNPAID, "booking_reference": booking.booking_reference},
            now=context.now,
        )


@schedule("mark_overdue_follow_ups", "*/5 * * * *")
async def mark_overdue_follow_ups(context: JobContext) -> None:
    """Every five minutes: what is past its due time and nobody has begun is overdue."""
    await follow_ups.mark_overdue(context.conn, now=context.now)
