"""How promising customers are, and how far each has come."""

from booking_core.leads.model import Lead, LeadJudgement, Stage
from booking_core.leads.operations import get_lead, judge_lead, list_leads

__all__ = ["Lead", "LeadJudgement", "Stage", "get_lead", "judge_lead", "list_leads"]
