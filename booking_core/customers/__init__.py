"""The people we know: by account, e-mail or phone, one row each."""

from booking_core.customers.model import Contact, Customer, CustomerDetails, LeadQuality
from booking_core.customers.operations import find_customer, find_or_create_customer
from booking_core.customers.queries.finding import lock_customer, raise_lead_quality
from booking_core.customers.staff_work import (
    clear_do_not_contact,
    get_customer,
    list_customers,
    merge_customers,
    set_do_not_contact,
    update_contact,
)

__all__ = [
    "Contact",
    "Customer",
    "CustomerDetails",
    "LeadQuality",
    "clear_do_not_contact",
    "find_customer",
    "find_or_create_customer",
    "get_customer",
    "list_customers",
    "lock_customer",
    "merge_customers",
    "raise_lead_quality",
    "set_do_not_contact",
    "update_contact",
]
