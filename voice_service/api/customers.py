"""The people we know: look them up, mend their contact data, merge two records of one person."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query
from pydantic.dataclasses import dataclass

from booking_core.customers import (
    CustomerDetails,
    clear_do_not_contact,
    get_customer,
    list_customers,
    merge_customers,
    set_do_not_contact,
    update_contact,
)
from booking_core.customers.model import STATUSES
from booking_core.paging import USUAL_PAGE
from voice_service.api.paging import Cursor, Limit, PageOf
from voice_service.api.values import MoneyByCurrency, Request
from voice_service.dependencies import Now, Transaction

router = APIRouter(prefix="/customers", tags=["customers"])


@dataclass(frozen=True, kw_only=True)
class CustomerView(CustomerDetails):
    """A customer; ``revenue`` is a number for each currency."""

    revenue: MoneyByCurrency

    @classmethod
    def of(cls, customer: CustomerDetails) -> "CustomerView":
        return cls(**asdict(customer))


class ContactChange(Request):
    """Only what is to change; null takes it away."""

    email: str | None = None
    phone: str | None = None


class MergeWish(Request):
    """``drop_id`` is the record that goes."""

    drop_id: UUID


@router.get("", summary="List customers")
async def list_page(
    conn: Transaction,
    q: Annotated[
        str | None, Query(description="Part of a name, company, e-mail address or number")
    ] = None,
    status: Annotated[str | None, Query(description=f"One of {', '.join(STATUSES)}")] = None,
    cursor: Cursor = None,
    limit: Limit = USUAL_PAGE,
) -> PageOf[CustomerView]:
    """Customers, newest first. Refuses with 422 ``value_invalid`` or ``page_invalid``."""
    page = await list_customers(
        conn, search=(q or "").strip() or None, status=status, cursor=cursor, limit=limit
    )
    return PageOf(
        items=[CustomerView.of(customer) for customer in page.items], next_cursor=page.next_cursor
    )


@router.get("/{customer_id}", summary="Read a customer")
async def read_one(conn: Transaction, customer_id: UUID) -> CustomerView:
    """One customer. Refuses with 404 ``customer_not_found``."""
    return CustomerView.of(await get_customer(conn, customer_id))


@router.patch("/{customer_id}", summary="Mend contact data of a customer")
async def patch_one(
    conn: Transaction,
    customer_id: UUID,
    change: Annotated[
        ContactChange, Body(examples=[{"email": "ada@example.com"}, {"phone": "+4930123456"}])
    ],
) -> CustomerView:
    """Give a customer another e-mail address or phone number, or take one away with null.

    Refuses with 404 ``customer_not_found``, 409 ``contact_taken`` or ``contact_of_account`` (its
    owner changes it at sign-in), 422 ``contact_invalid``.
    """
    changes: dict[Any, str | None] = change.model_dump(exclude_unset=True)
    return CustomerView.of(await update_contact(conn, customer_id, changes))


@router.post("/{customer_id}/merge", summary="Merge two customers")
async def merge(
    conn: Transaction,
    now: Now,
    customer_id: UUID,
    wish: Annotated[
        MergeWish, Body(examples=[{"drop_id": "7f7c1a52-3f0e-4f0b-9a53-0f2c64f1d1b7"}])
    ],
) -> CustomerView:
    """Make one of two records of a person: this one stays and gets all the other had.

    Refuses with 404 ``customer_not_found``, 409 ``customers_not_mergeable`` (both have an account),
    422 ``merge_with_itself``.
    """
    return CustomerView.of(await merge_customers(conn, customer_id, wish.drop_id, now=now))


@router.put("/{customer_id}/do-not-contact", summary="Contact a customer no more")
async def forbid_contact(conn: Transaction, now: Now, customer_id: UUID) -> CustomerView:
    """They wish not to be contacted; said twice, the first time stays.

    Refuses with 404 ``customer_not_found``.
    """
    return CustomerView.of(await set_do_not_contact(conn, customer_id, now=now))


@router.delete("/{customer_id}/do-not-contact", summary="Allow contact again")
async def allow_contact(conn: Transaction, customer_id: UUID) -> CustomerView:
    """They may be contacted again. Refuses with 404 ``customer_not_found``."""
    return CustomerView.of(await clear_do_not_contact(conn, customer_id))
