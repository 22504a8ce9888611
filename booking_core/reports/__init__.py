"""Questions over all of the business, read only. What nothing happened in is left out."""

from booking_core.reports.model import (
    FunnelStep,
    LeadQualityCount,
    Month,
    Period,
    ServiceFigures,
    ToolFigures,
    VoiceMonth,
)
from booking_core.reports.queries import (
    count_lead_qualities,
    report_funnel,
    report_months,
    report_services,
    report_tools,
    report_voice,
)

__all__ = [
    "FunnelStep",
    "LeadQualityCount",
    "Month",
    "Period",
    "ServiceFigures",
    "ToolFigures",
    "VoiceMonth",
    "count_lead_qualities",
    "report_funnel",
    "report_months",
    "report_services",
    "report_tools",
    "report_voice",
]
