"""Which starts of a diary are free for a service. Pure."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from booking_core.availability.hours import all_starts, limit_between, starts
from booking_core.availability.model import Busy, Diary, Opening
from booking_core.services import Service


def free_starts(
    service: Service, diary: Diary, *, earliest: datetime, before: datetime
) -> list[datetime]:
    """The starts in ``[earliest, before)`` that one consultant has free, ascending."""
    candidates = open_starts(service, diary, earliest=earliest, before=before)
    in_the_way = find_in_the_way(service, candidates, diary.busy)
    full_on = diary.service_full_on | diary.consultant_full_on
    if not in_the_way and not full_on:
        return candidates
    return [
        start
        for index, start in enumerate(candidates)
        if (index not in in_the_way or has_room(service, diary, start, in_the_way[index]))
        and not (full_on and start.astimezone(diary.zone).date() in full_on)
    ]


def open_starts(
    service: Service, diary: Diary, *, earliest: datetime, before: datetime
) -> list[datetime]:
    """The starts that the hours and the step alone allow, ascending."""
    duration, step = service.duration, service.slot_step
    found: list[datetime] = []
    for opening in diary.openings:
        if earliest <= opening.start and opening.end <= before:
            found += all_starts(opening, duration, step)
        elif earliest < opening.end and opening.start < before:
            found += starts(opening, duration=duration, step=step, earliest=earliest, before=before)
    return found


def find_in_the_way(
    service: Service, candidates: Sequence[datetime], busy: Iterable[Busy]
) -> Mapping[int, Sequence[Busy]]:
    """By index of the candidate: what runs at the same time, both buffers counted."""
    ahead = service.duration + service.buffer_after
    met: defaultdict[int, list[Busy]] = defaultdict(list)
    for other in busy:
        index = bisect_right(candidates, other.kept_from - ahead)
        kept_until = other.kept_until + service.buffer_before
        while index < len(candidates) and candidates[index] < kept_until:
            met[index].append(other)
            index += 1
    return met


def has_room(service: Service, diary: Diary, start: datetime, others: Sequence[Busy]) -> bool:
    """Whether one more booking of the service fits beside ``others``, which all meet it.

    Another service at the same time is never possible. Of the same service the smaller of the
    service's seats and the window's ``max_bookings`` may run at any one moment; and the database
    must have one seat free from start to end, as seats are not changed once they are given.
    """
    if service.max_concurrent_bookings == 1 or not all(other.is_ours for other in others):
        return False
    end = start + service.duration
    opening = opening_at(diary.openings, start)
    limit = min(service.max_concurrent_bookings, limit_between(opening, start, end))
    if most_at_once(service, start, others) >= limit:
        return False
    seated = {other.seat for other in others if overlaps(other, start, end)}
    return any(seat not in seated for seat in range(1, service.max_concurrent_bookings + 1))


def opening_at(openings: Sequence[Opening], start: datetime) -> Opening:
    """The opening that holds ``start``, which one of them does."""
    return openings[bisect_right(openings, start, key=lambda opening: opening.start) - 1]


def most_at_once(service: Service, start: datetime, others: Sequence[Busy]) -> int:
    """The most of ``others`` at any moment from ``start``: reached where one of them begins."""
    ranges = [
        (other.kept_from - service.buffer_after, other.kept_until + service.buffer_before)
        for other in others
    ]
    moments = [max(kept_from, start) for kept_from, _ in ranges]
    return max(
        sum(kept_from <= moment < kept_until for kept_from, kept_until in ranges)
        for moment in moments
    )


def overlaps(other: Busy, start: datetime, end: datetime) -> bool:
    return other.start < end and start < other.end
