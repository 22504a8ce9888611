"""What can be booked: name, duration, price and the rules of its slots."""

from booking_core.services.model import Service
from booking_core.services.operations import get_service
from booking_core.services.queries import find_service_by_id, list_services

__all__ = ["Service", "find_service_by_id", "get_service", "list_services"]
