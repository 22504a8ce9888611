"""A booking as a calendar file."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

import icalendar

from booking_core.zones import find_zone
from voice_service.caller.cards import Card
from voice_service.settings import Settings

STATUS_OF: Final[Mapping[str, str]] = {"pending": "TENTATIVE", "cancelled": "CANCELLED"}


def calendar_file(card: Card, *, sequence: int, settings: Settings, now: datetime) -> bytes:
    """RFC 5545, with the caller's zone and its rules, so that no calendar has to know them.

    Args:
        sequence: higher after each change, or calendars keep the old time.
    """
    zone = find_zone(card.timezone) or UTC
    event = icalendar.Event()
    event.add("uid", f"{card.reference}@{urlsplit(settings.base_url).hostname}")
    event.add("sequence", sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", card.start.astimezone(zone))
    event.add("dtend", card.end.astimezone(zone))
    event.add("summary", card.service)
    event.add("status", STATUS_OF.get(card.status, "CONFIRMED"))
    event.add("description", description_of(card))
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Intellectif//Voice//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content


def description_of(card: Card) -> str:
    who = f"With {card.consultant}. " if card.consultant else ""
    return f"{who}Booking {card.reference}."
