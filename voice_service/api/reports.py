"""Figures over all of the business, by month."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, computed_field
from pydantic.dataclasses import dataclass

from booking_core import reports
from booking_core.reports import (
    FunnelStep,
    LeadQualityCount,
    Month,
    Period,
    ServiceFigures,
    ToolFigures,
    VoiceMonth,
)
from voice_service.api.values import Amount, Day, MoneyByCurrency
from voice_service.dependencies import Now, Transaction

router = APIRouter(prefix="/reports", tags=["reports"])


def read_period(
    now: Now,
    start: Annotated[
        Day | None, Query(alias="from", description="Default: twelve months, the last one included")
    ] = None,
    end: Annotated[
        Day | None, Query(alias="to", description="The day after the last; default: tomorrow")
    ] = None,
) -> Period:
    """The asked range ``[from, to)``, in UTC; by default the last twelve months."""
    until = end or tomorrow(now)
    return Period.last_months(until) if start is None else Period(start=start, end=until)


def tomorrow(now: datetime) -> date:
    return now.date() + timedelta(days=1)


AskedPeriod: TypeAlias = Annotated[Period, Depends(read_period)]


@dataclass(frozen=True, kw_only=True)
class MonthView(Month):
    revenue: MoneyByCurrency


@dataclass(frozen=True, kw_only=True)
class ServiceView(ServiceFigures):
    price: Amount
    revenue: MoneyByCurrency


@dataclass(frozen=True, kw_only=True)
class FunnelStepView(FunnelStep):
    revenue: MoneyByCurrency


@dataclass(frozen=True, kw_only=True)
class VoiceMonthView(VoiceMonth):
    @computed_field  # type: ignore[prop-decorator]
    @property
    def conversion(self) -> float:
        """The share of conversations that are linked to a booking, 0..1."""
        return super().conversion


class MonthlyReport(BaseModel):
    items: list[MonthView]


class ServiceReport(BaseModel):
    items: list[ServiceView]


class FunnelReport(BaseModel):
    """``lead_qualities`` count all customers there are, whatever the range."""

    items: list[FunnelStepView]
    lead_qualities: list[LeadQualityCount]


class VoiceReport(BaseModel):
    """``tools`` are those the agent used in the whole range."""

    items: list[VoiceMonthView]
    tools: list[ToolFigures]


@router.get("/monthly", summary="Bookings by month")
async def report_monthly(conn: Transaction, period: AskedPeriod) -> MonthlyReport:
    """The bookings made in each month, by what has become of them, and what is paid.

    Refuses with 422 ``range_invalid``.
    """
    months = await reports.report_months(conn, period)
    return MonthlyReport(items=[MonthView(**asdict(month)) for month in months])


@router.get("/services", summary="Bookings by service")
async def report_services(conn: Transaction, period: AskedPeriod) -> ServiceReport:
    """The bookings made of each service; those without any are there, too.

    Refuses with 422 ``range_invalid``.
    """
    services = await reports.report_services(conn, period)
    return ServiceReport(items=[ServiceView(**asdict(service)) for service in services])


@router.get("/funnel", summary="From conversation to payment")
async def report_funnel(conn: Transaction, period: AskedPeriod) -> FunnelReport:
    """Conversations of each month and service: qualified, booked, held, paid.

    Refuses with 422 ``range_invalid``.
    """
    steps = await reports.report_funnel(conn, period)
    return FunnelReport(
        items=[FunnelStepView(**asdict(step)) for step in steps],
        lead_qualities=await reports.count_lead_qualities(conn),
    )


@router.get("/voice", summary="Conversations, and the agent's tools")
async def report_voice(conn: Transaction, period: AskedPeriod) -> VoiceReport:
    """Conversations of each month by channel, status and verdict, and how long tools took.

    Refuses with 422 ``range_invalid``.
    """
    months = await reports.report_voice(conn, period)
    return VoiceReport(
        items=[VoiceMonthView(**asdict(month)) for month in months],
        tools=await reports.report_tools(conn, period),
    )
