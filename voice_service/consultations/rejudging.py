"""Judging again what is stored: after a person corrected a fact, or after judgement improved."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from booking_core.database import Connection
from voice_service.analysis.corrections import FactUnusable, read_corrections
from voice_service.consultations.errors import ConsultationNotFound, FactInvalid
from voice_service.consultations.judging import (
    Judgement,
    Material,
    judge_material,
    read_stored_corrections,
)
from voice_service.consultations.queries import rejudging as queries
from voice_service.consultations.queries.rejudging import StoredConversation


@dataclass(frozen=True, kw_only=True)
class Change:
    """What judging a stored conversation again would change: by column, before and after."""

    conversation_id: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


async def correct_facts(
    conn: Connection, key: str, values: Mapping[str, Any], *, by: str, now: datetime
) -> None:
    """Set facts a person knows better, null to take one away, and judge again.

    What was there before the first correction is kept as ``original``. A later report of the
    conversation does not undo a correction.

    Args:
        key: the row's uuid or the conversation's id.
        values: by the fact's name, as the agent's data collection would write them.
        by: who says so.
    Raises:
        ConsultationNotFound, FactInvalid.
    """
    stored = await queries.lock_stored(conn, key)
    if stored is None:
        raise ConsultationNotFound("There is no voice consultation of that id.")
    try:
        read_corrections(values, started_at=stored.started_at, timezone=stored.timezone)
    except FactUnusable as error:
        raise FactInvalid(f"{error}; facts are those of the agent's data collection.") from error
    corrections = dict(stored.corrections)
    for name, value in values.items():
        earlier = corrections.get(name)
        original = earlier["original"] if earlier else stored.facts.get(name)
        corrections[name] = {
            "value": value, "by": by, "at": now.isoformat(), "original": original,
        }  # fmt: skip
    judgement = await asyncio.to_thread(judge_stored, stored, corrections)
    await queries.update_judged(conn, stored.id, judgement, corrections=corrections)


def judge_stored(stored: StoredConversation, corrections: Mapping[str, Any]) -> Judgement:
    read = read_stored_corrections(
        corrections, started_at=stored.started_at, timezone=stored.timezone
    )
    material = Material(
        turns=stored.turns,
        data_collection_results=stored.data_collection,
        started_at=stored.started_at,
        timezone=stored.timezone,
        language=stored.language,
        platform_sentiment=stored.platform_sentiment,
        corrections=read,
    )
    return judge_material(material)


async def rejudge(conn: Connection, consultation_id: UUID, *, apply: bool) -> Change | None:
    """Judge one stored conversation again; None when nothing would change.

    Corrections stay, and so does what became of the conversation: bookings, closing, assignment.
    """
    stored = await queries.lock_stored(conn, str(consultation_id))
    if stored is None:
        return None
    judgement = await asyncio.to_thread(judge_stored, stored, stored.corrections)
    change = compare(stored, judgement)
    if change is not None and apply:
        await queries.update_judged(conn, stored.id, judgement, corrections=stored.corrections)
    return change


def compare(stored: StoredConversation, judgement: Judgement) -> Change | None:
    before = stored.verdict
    after = queries.verdict_of(judgement)
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        return None
    return Change(
        conversation_id=stored.conversation_id,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )


async def list_to_rejudge(conn: Connection, *, since: datetime | None) -> list[UUID]:
    """Finished conversations that no person has closed, oldest first."""
    return await queries.list_open(conn, since=since)
