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


class HoldNotFound(NotFound):
    """The conversation keeps no time: none was held, or it was booked or given back."""

    code = "hold_not_found"


class HoldExpired(Conflict):
    """The time was kept as long as promised, and may still be free."""

    code = "hold_expired"


class TooManyHolds(Conflict):
    """One caller keeps as many times as one caller may."""

    code = "too_many_holds"


class HoldInvalid(Invalid):
    """No conversation or caller can have that name, or a time cannot be kept that long."""

    code = "hold_invalid"


class MoveNotAllowed(Conflict):
    """A booking or its payment cannot go from the state it is in to the wanted one."""

    code = "move_not_allowed"


class TooEarly(Conflict):
    """The booking's time has not come."""

    code = "too_early"


class BookingHasNoTime(Conflict):
    """It cannot be confirmed before it is moved to a time."""

    code = "booking_has_no_time"


class PaymentMissing(Conflict):
    """It costs something, and is neither paid nor waived."""

    code = "payment_missing"


class PaymentAlreadyUsed(Conflict):
    """One payment pays for one booking."""

    code = "payment_already_used"


class PaymentInvalid(Invalid):
    """Another amount or currency than was asked for, or a receipt that says nothing."""

    code = "payment_invalid"


class IdempotencyConflict(Conflict):
    """The key belongs to a request for something else."""

    code = "idempotency_conflict"


class IdempotencyKeyInvalid(Invalid):
    code = "idempotency_key_invalid"


class BookingInvalid(Invalid):
    """A source, score or value that no booking can have."""

    code = "booking_invalid"


class ServiceNeedsTime(Invalid):
    """A scheduled service is booked with its time, not at once."""

    code = "service_needs_time"


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


class CustomerNotFound(NotFound):
    code = "customer_not_found"


class StaffMemberNotFound(NotFound):
    code = "staff_member_not_found"


class FollowUpNotFound(NotFound):
    code = "follow_up_not_found"


class ProjectNotFound(NotFound):
    code = "project_not_found"


class ContactTaken(Conflict):
    """Another customer has this e-mail address or phone number."""

    code = "contact_taken"


class ContactOfAccount(Conflict):
    """An account's address is changed where it is proved: at sign-in."""

    code = "contact_of_account"


class CustomersNotMergeable(Conflict):
    """Both have an account, so they are two people."""

    code = "customers_not_mergeable"


class BookingNotOver(Conflict):
    """What follows a consultation does not follow one that did not take place like that."""

    code = "booking_not_over"


class FollowUpClosed(Conflict):
    """It is completed, cancelled or failed, and stays so."""

    code = "follow_up_closed"


class ProjectExists(Conflict):
    """The booking has led to a project already."""

    code = "project_exists"


class ProjectMoveRefused(Conflict):
    """The pipeline does not lead from this state to that one."""

    code = "project_move_refused"


class ValueInvalid(Invalid):
    """A value is missing, of no known kind, too large or not storable; the message names it."""

    code = "value_invalid"


class PageInvalid(Invalid):
    """The cursor is not one of ours, or the page is too large."""

    code = "page_invalid"


class MergeWithItself(Invalid):
    """A customer cannot be merged with itself."""

    code = "merge_with_itself"


class CurrencyMismatch(Invalid):
    """The amount is in another currency than what it belongs to."""

    code = "currency_mismatch"
