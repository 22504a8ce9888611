"""What can be booked: name, duration, price and the rules of its slots."""

from booking_core.services.model import RuleChanges, Service
from booking_core.services.operations import change_rules, get_service, get_service_of_any_state
from booking_core.services.queries import find_service_by_id, list_all_services, list_services

__all__ = [
    "RuleChanges",
    "Service",
    "change_rules",
    "find_service_by_id",
    "get_service",
    "get_service_of_any_state",
    "list_all_services",
    "list_services",
]
