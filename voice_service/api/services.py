"""Services: what can be booked, and the rules of its slots."""

from datetime import timedelta
from typing import Annotated, Any, Final, cast
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, model_validator

from booking_core.services import (
    RuleChanges,
    Service,
    change_rules,
    get_service_of_any_state,
    list_all_services,
)
from voice_service.dependencies import Transaction

router = APIRouter(prefix="/services", tags=["services"])

MINUTE: Final = timedelta(minutes=1)
DURATIONS: Final = ("slot_step", "buffer_before", "buffer_after", "minimum_notice")

Slug = Annotated[str, Path(max_length=100, description="Such as discovery-call")]
Minutes = Annotated[StrictInt, Field(ge=0, le=1_000_000)]


class ServiceView(BaseModel):
    """A service; field names are the table's columns, the price is a number in ``currency``."""

    id: UUID
    slug: str
    name: str
    description: str
    price: float
    currency: str
    duration_minutes: int
    booking_type: str
    is_active: bool
    requires_payment: bool
    auto_confirm: bool
    max_daily_bookings: int | None
    max_concurrent_bookings: int
    slot_step_minutes: int
    buffer_before_minutes: int
    buffer_after_minutes: int
    minimum_notice_minutes: int
    horizon_days: int

    @classmethod
    def of(cls, service: Service) -> "ServiceView":
        return cls(
            id=service.id,
            slug=service.slug,
            name=service.name,
            description=service.description,
            price=float(service.price),
            currency=service.currency,
            duration_minutes=service.duration // MINUTE,
            booking_type=service.booking_type,
            is_active=service.is_active,
            requires_payment=service.requires_payment,
            auto_confirm=service.auto_confirm,
            max_daily_bookings=service.max_daily_bookings,
            max_concurrent_bookings=service.max_concurrent_bookings,
            slot_step_minutes=service.slot_step // MINUTE,
            buffer_before_minutes=service.buffer_before // MINUTE,
            buffer_after_minutes=service.buffer_after // MINUTE,
            minimum_notice_minutes=service.minimum_notice // MINUTE,
            horizon_days=service.horizon_days,
        )


class ServiceList(BaseModel):
    """All there are; ``next_cursor`` is always null."""

    items: list[ServiceView]
    next_cursor: None = None


def describe_change(schema: dict[str, Any]) -> None:
    """What is left out stays, so that no rule has a default to show."""
    for rule in schema["properties"].values():
        rule.pop("default", None)
    schema["examples"] = [
        {"slot_step_minutes": 30, "buffer_after_minutes": 10, "max_daily_bookings": None}
    ]


class RulesChange(BaseModel):
    """New rules; what is left out stays. Null takes the daily limit away, and nothing else."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra=describe_change,
    )

    is_active: StrictBool = True
    max_daily_bookings: StrictInt | None = None
    max_concurrent_bookings: StrictInt = 1
    slot_step_minutes: Minutes = 15
    buffer_before_minutes: Minutes = 0
    buffer_after_minutes: Minutes = 0
    minimum_notice_minutes: Minutes = 0
    horizon_days: StrictInt = 60

    @model_validator(mode="after")
    def must_change_something(self) -> "RulesChange":
        if not self.model_fields_set:
            raise ValueError("write at least one rule")
        return self

    def to_changes(self) -> RuleChanges:
        said: dict[str, Any] = self.model_dump(exclude_unset=True)
        for name in DURATIONS:
            if f"{name}_minutes" in said:
                said[name] = said.pop(f"{name}_minutes") * MINUTE
        return cast(RuleChanges, said)  # the names are the same by now


@router.get("", summary="List services")
async def list_services(conn: Transaction) -> ServiceList:
    """The active ones first, then those that are not offered any more; the cheapest first.

    Refuses nothing but a wrong token, with 401 ``unauthorized``.
    """
    return ServiceList(items=[ServiceView.of(one) for one in await list_all_services(conn)])


@router.get("/{slug}", summary="Read a service")
async def read_service(conn: Transaction, slug: Slug) -> ServiceView:
    """One service, active or not. Refuses with 404 ``service_not_found``."""
    return ServiceView.of(await get_service_of_any_state(conn, slug))


@router.patch("/{slug}", summary="Change the rules of a service")
async def patch_rules(conn: Transaction, slug: Slug, change: RulesChange) -> ServiceView:
    """Change how a service is offered from now on; bookings stay as they were agreed.

    Refuses with 404 ``service_not_found``, 422 ``value_invalid``; then nothing is changed.
    """
    return ServiceView.of(await change_rules(conn, slug, change.to_changes()))
