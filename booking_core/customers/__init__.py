"""The people we know: by account, e-mail or phone, one row each."""

from booking_core.customers.model import Contact, Customer, LeadQuality
from booking_core.customers.operations import find_customer, find_or_create_customer
from booking_core.customers.queries import lock_customer, raise_lead_quality

__all__ = [
    "Contact",
    "Customer",
    "LeadQuality",
    "find_customer",
    "find_or_create_customer",
    "lock_customer",
    "raise_lead_quality",
]
