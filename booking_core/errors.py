"""Every refusal of the business, drawn as a tree: nothing is broken, the answer is no."""

from typing import ClassVar


class BookingError(Exception):
    """A refusal. ``code`` is stable for programs; the message is a sentence for people."""

    code: ClassVar[str]


class NotFound(BookingError):
    """What was asked for is not there."""


class Conflict(BookingError):
    """It cannot be done any more: somebody else was first, or the state has moved on."""


class Invalid(BookingError):
    """It could never be done: the request itself makes no sense."""


class ServiceNotFound(NotFound):
    code = "service_not_found"


class ConsultantNotFound(NotFound):
    code = "consultant_not_found"


class OverrideNotFound(NotFound):
    code = "override_not_found"


class TimeOffNotFound(NotFound):
    code = "time_off_not_found"


class BookingNotFound(NotFound):
    code = "booking_not_found"


class SlotTaken(Conflict):
    """Somebody has the time: the database refused a second one."""

    code = "slot_taken"


class SlotNotOffered(Conflict):
    """The time is outside what is offered: hours, notice, horizon, buffer or a limit."""

    code = "slot_not_offered"


class OverrideConflict(Conflict):
    """Another exception of the same date says something else."""

    code = "override_conflict"


class SlotIdInvalid(Invalid):
    code = "slot_id_invalid"


class RangeInvalid(Invalid):
    """The asked range of time is empty, backwards, too long or has no time zone."""

    code = "range_invalid"


class HoursInvalid(Invalid):
    """Weekly hours or an exception that no clock or calendar has."""

    code = "hours_invalid"


class TimezoneUnknown(Invalid):
    code = "timezone_unknown"


class ContactInvalid(Invalid):
    """A customer needs an account, an e-mail address or a phone number."""

    code = "contact_invalid"
