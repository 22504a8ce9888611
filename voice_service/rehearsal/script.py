"""The words of the stand-in's agent, and what it takes spoken words for. Pure.

The agent only says what is so: that a time is noted, never that it is booked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from booking_core.zones import find_zone
from voice_service.rehearsal.model import in_english

Topic: TypeAlias = Literal[
    "project", "company", "money", "offer", "contact", "contact_again", "goodbye"
]
SERVICE: Final = "discovery-call"

PROJECT: Final = (
    "Hello, this is Intellectif. I am a stand-in and follow a script. What can we build for you?"
)
COMPANY: Final = "That sounds like work for us. How many people are you, and who decides about it?"
MONEY: Final = "Thank you. Which budget have you set aside for it, and when should it be ready?"

OFFER: Final = (
    "Then let us talk. Would you like our free discovery call, and would {when} suit you?"
)
OFFER_AGAIN: Final = "Would you like our free discovery call, and would {when} suit you?"
FREE: Final = "{when} is free. Shall I note it for your free discovery call?"
INSTEAD: Final = "Then would {when} suit you for the discovery call?"
NOT_FREE: Final = "I am sorry, that time is not free. Would {when} suit you for the discovery call?"
YES_OR_NO: Final = (
    "I did not quite get that. Shall I note {when} for your discovery call, yes or no?"
)
WHICH_TIME: Final = "Which day and time would suit you for the discovery call?"

NOTED: Final = "Gladly, I have noted {when}."
DECLINED: Final = "That is all right, so I note no time."
NOTHING_FREE: Final = "I see no free time just now, so a colleague will propose one."
NOTHING_NEAR: Final = "I see no free time around then, so a colleague will propose one."
CALENDAR_AWAY: Final = (
    "I cannot look into the calendar just now, so a colleague will propose a time."
)
LEFT_TO_STAFF: Final = "Then the time is still to be found."
CONTACT: Final = "Tell me your name, please, and your e-mail address."
CONTACT_AGAIN: Final = "I did not get an e-mail address. Would you tell it to me once more, please?"
GOODBYE: Final = "Thank you, I have noted all of it. Goodbye!"
GOODBYE_WITHOUT_ADDRESS: Final = (
    "Thank you. Without an e-mail address a colleague has to look at it first. Goodbye!"
)

HEARD: Final[Mapping[Topic, str]] = {
    "project": "We plan our drivers' routes in spreadsheets, and want a web application for it.",
    "company": "There are forty people here. I own the company, so I decide.",
    "money": "We have a budget of fifty thousand dollars, and it should run within three months.",
    "offer": "Yes please, that suits me well.",
    "contact": "My name is Robin Ashby, and you can write to {spoken_email}.",
    "contact_again": "It is {spoken_email}.",
}
"""What the agent takes spoken words for, by what it has asked."""


def scripted_answer(topic: Topic, *, number: int) -> str:
    """Spoken words of a caller.

    Args:
        number: one of the caller's own, so that each conversation is another person's.
    """
    spoken_email = f"robin dot ashby dot {number:08} at example dot com"
    return HEARD[topic].format(spoken_email=spoken_email)


@dataclass(frozen=True, kw_only=True)
class CallerZone:
    """Where the caller's clock is; UTC where nobody knows, which then is said with each time."""

    zone: ZoneInfo
    known: bool

    @property
    def name(self) -> str:
        return self.zone.key

    def say(self, start: datetime) -> str:
        """``Tuesday, December 1 at 2:30 PM``, on the caller's clock."""
        said = in_english(start.astimezone(self.zone))
        return said if self.known else f"{said} UTC"


def read_caller_zone(name: object) -> CallerZone:
    zone = find_zone(name) if isinstance(name, str) else None
    return CallerZone(zone=zone or ZoneInfo("UTC"), known=zone is not None)
