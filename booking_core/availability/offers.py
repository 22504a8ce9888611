"""Which starts of a diary are free for a service. Pure."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from booking_core.availability.hours import limit_between, starts
from booking_core.availability.model import Busy, Diary, Opening, Slot
from booking_core.services import Service


def offers(
    service: Service, diary: Diary, *, earliest: datetime, before: datetime
) -> Iterator[Slot]:
    """The free slots of one consultant that start in ``[earliest, before)``, in order."""
    for opening in diary.openings:
        candidates = list(
            starts(
                opening,
                duration=service.duration,
                step=service.slot_step,
                earliest=earliest,
                before=before,
            )
        )
        in_the_way = find_in_the_way(service, candidates, diary.busy)
        for index, start in enumerate(candidates):
            end = start + service.duration
            if diary.full_on and start.astimezone(diary.zone).date() in diary.full_on:
                continue
            if has_room(service, opening, start, end, in_the_way.get(index, ())):
                yield Slot(
                    consultant_id=diary.consultant_id, service_id=service.id, start=start, end=end
                )


def find_in_the_way(
    service: Service, candidates: Sequence[datetime], busy: Iterable[Busy]
) -> Mapping[int, Sequence[Busy]]:
    """By index of the candidate: what runs at the same time, both buffers counted."""
    met: defaultdict[int, list[Busy]] = defaultdict(list)
    for other in busy:
        kept_from, kept_until = kept_free(service, other)
        first = bisect_right(candidates, kept_from - service.duration)
        for index in range(first, bisect_left(candidates, kept_until)):
            met[index].append(other)
    return met


def kept_free(service: Service, other: Busy) -> tuple[datetime, datetime]:
    """Where nothing else of ``service`` may be: two bookings have both their buffers between."""
    return (
        other.start - other.buffer_before - service.buffer_after,
        other.end + other.buffer_after + service.buffer_before,
    )


def has_room(
    service: Service, opening: Opening, start: datetime, end: datetime, others: Sequence[Busy]
) -> bool:
    """Whether one more booking of the service fits beside ``others``, which all meet it.

    Another service at the same time is never possible. Of the same service the smaller of the
    service's seats and the window's ``max_bookings`` may run at any one moment; and the database
    must have one seat free from start to end, as seats are not changed once they are given.
    """
    if not others:
        return True
    if any(other.service_id != service.id for other in others):
        return False
    limit = min(service.max_concurrent_bookings, limit_between(opening, start, end))
    if most_at_once(service, start, others) >= limit:
        return False
    seated = {other.seat for other in others if overlaps(other, start, end)}
    return any(seat not in seated for seat in range(1, service.max_concurrent_bookings + 1))


def most_at_once(service: Service, start: datetime, others: Sequence[Busy]) -> int:
    """The most of ``others`` at any moment from ``start``: reached where one of them begins."""
    ranges = [kept_free(service, other) for other in others]
    moments = [max(kept_from, start) for kept_from, _ in ranges]
    return max(
        sum(kept_from <= moment < kept_until for kept_from, kept_until in ranges)
        for moment in moments
    )


def overlaps(other: Busy, start: datetime, end: datetime) -> bool:
    return other.start < end and start < other.end
