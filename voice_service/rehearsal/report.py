"""What became of the samples, as a table for people."""

from collections.abc import Iterable
from typing import Final
from zoneinfo import ZoneInfo

from rich.markup import escape
from rich.table import Table

from voice_service.rehearsal.model import Dialogue, Sample
from voice_service.rehearsal.operations import Played, became
from voice_service.rehearsal.service import Recorded

LONGEST_QUOTE: Final = 60
NOTHING: Final = "-"
LOOKS: Final = {"qualified": "green", "unqualified": "red", "unknown": "yellow"}


def samples_table(samples: Iterable[Sample]) -> Table:
    table = Table("Sample", "Shows", box=None, pad_edge=False)
    for sample in samples:
        table.add_row(f"[bold]{sample.name}[/bold]", sample.shows)
    return table


def results_table(plays: Iterable[Played]) -> Table:
    table = Table(
        "Sample", "What was said", "Mood", "Verdict", "What became of it", "", expand=True
    )
    for played in plays:
        recorded = played.recorded
        table.add_row(
            played.sample.name,
            escape(what_was_said(played.sample.dialogue)),
            mood(recorded),
            verdict(recorded),
            "\n".join(
                [*outcome(recorded), *(f"[red]{escape(d)}[/red]" for d in played.differences)]
            ),
            "[red]✗[/red]" if played.differences else "[green]✓[/green]",
        )
    return table


def what_was_said(dialogue: Dialogue) -> str:
    """The conversation in one line: its title, else how the caller began."""
    first = next((line.text for line in dialogue.lines if line.role == "user" and line.text), "")
    text = dialogue.title or first or NOTHING
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"


def mood(recorded: Recorded | None) -> str:
    if recorded is None or recorded.sentiment_score is None:
        return NOTHING
    return f"{recorded.sentiment_score:+.2f}"


def verdict(recorded: Recorded | None) -> str:
    if recorded is None:
        return NOTHING
    look = LOOKS.get(recorded.lead_verdict, "default")
    score = "" if recorded.lead_score is None else f" {recorded.lead_score}"
    return f"[{look}]{escape(recorded.lead_verdict)}[/{look}]{score}"


def outcome(recorded: Recorded | None) -> list[str]:
    """Booking with the caller's wall clock, or what else there is to do, and the marks."""
    if recorded is None:
        return []
    booking = recorded.booking
    if booking is not None:
        local = booking.scheduled_datetime.astimezone(ZoneInfo(booking.timezone))
        lines = [
            f"{booking.booking_reference} {booking.status}",
            f"{local:%a %d %b %H:%M} {booking.timezone}",
        ]
    elif became(recorded) == "staff":
        lines = [f"to staff, {len(recorded.proposals or ())} proposals"]
    else:
        judged = recorded.qualification
        lines = [(judged.disqualifier if judged else None) or "nothing to do"]
    return [escape(line) for line in (*lines, *recorded.marks)]
