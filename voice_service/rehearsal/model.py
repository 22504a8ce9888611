"""What a sample conversation is: what is said in it, and what must become of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

Became: TypeAlias = Literal["booked", "staff", "nothing"]
Verdict: TypeAlias = Literal["qualified", "unqualified", "unknown"]
BookingStatus: TypeAlias = Literal["pending", "confirmed"]

SPANISH_DAYS: Final = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
SPANISH_MONTHS: Final = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


@dataclass(frozen=True, kw_only=True)
class ToolUse:
    """A tool the agent used, with what it was given and what it answered."""

    name: str
    given: Mapping[str, Any]
    answer: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One turn of a dialogue; braces in ``text`` stand for what ``Occasion.words`` tells.

    Attributes:
        text: None when the agent only used ``tool``.
        cut_off: what an interrupted agent would have gone on to say.
    """

    role: Literal["agent", "user"]
    text: str | None = None
    tool: ToolUse | None = None
    cut_off: str | None = None


def agent(text: str, *, cut_off: str | None = None) -> Line:
    return Line(role="agent", text=text, cut_off=cut_off)


def caller(text: str) -> Line:
    return Line(role="user", text=text)


@dataclass(frozen=True, kw_only=True)
class Dialogue:
    """What is said, by whom and from where; nothing of how it is sent.

    Attributes:
        timezone: the caller's.
        phone: the caller's number, in E.164; None: somebody on a web page.
        mailbox: what the caller's address begins with.
        facts: what the agent's data collection reports, by field; None: no analysis at all.
    """

    timezone: str
    lines: tuple[Line, ...]
    language: str = "en"
    phone: str | None = None
    mailbox: str = "caller"
    facts: Mapping[str, str | int | float | bool] | None = None
    title: str | None = None
    summary: str | None = None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The time a caller asks for: one that the service has free, or one that is gone."""

    service: str
    free: bool = True


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What must become of a conversation. ``booking`` is the status of a booking that is made."""

    verdict: Verdict
    became: Became
    booking: BookingStatus | None = None
    marks: tuple[str, ...] = ()
    disqualifier: str | None = None


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A conversation that can be rehearsed. ``shows`` says in a few words what for."""

    name: str
    shows: str
    dialogue: Dialogue
    expected: Expected
    wanted: Wanted | None = None


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """One playing of a sample: all that differs from the last one.

    Attributes:
        wanted: the start the caller asks for; None where no time is asked for.
    """

    conversation_id: str
    email: str
    started_at: datetime
    wanted: datetime | None

    def words(self, dialogue: Dialogue) -> Mapping[str, str]:
        """What the braces of a dialogue stand for."""
        spoken = self.email.replace(".", " dot ").replace("@", " at ")
        words = {
            "conversation_id": self.conversation_id,
            "email": self.email,
            "spoken_email": spoken,
        }
        if self.wanted is not None:
            local = self.wanted.astimezone(ZoneInfo(dialogue.timezone))
            words["when"] = WHEN[dialogue.language](local)
            words["preferred_time"] = local.strftime("%Y-%m-%dT%H:%M")
        return words


def in_english(local: datetime) -> str:
    """As people say it: ``Tuesday, November 24 at 3:30 PM``."""
    hour = local.strftime("%I:%M %p").lstrip("0").replace(":00", "")
    return f"{local:%A}, {local:%B} {local.day} at {hour}"


def in_spanish(local: datetime) -> str:
    weekday, month = SPANISH_DAYS[local.weekday()], SPANISH_MONTHS[local.month - 1]
    return f"{weekday} {local.day} de {month} a las {local:%H:%M}"


WHEN: Final[Mapping[str, Callable[[datetime], str]]] = {"en": in_english, "es": in_spanish}
