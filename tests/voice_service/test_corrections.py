"""Staff know better: their facts win, are kept, and judging again never undoes them."""

import asyncio
import json
import threading
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.conftest import FreshDatabase
from tests.voice_service.conftest import RunningService, make_settings, run_service
from tests.voice_service.events import STRONG_LEAD, conversation_id, make_event
from voice_service import cli
from voice_service.consultations import operations, rejudging
from voice_service.consultations.judging import Judgement, Material, judge_material

VISA = "4111 1111 1111 1111"


async def correct(service: RunningService, key: str, facts: Any) -> dict[str, Any]:
    # By hand: the client's own encoder refuses half a surrogate pair, a program's may not.
    answer = await service.client.patch(
        f"/api/v1/consultations/{key}/facts",
        content=json.dumps(facts),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def recorded(service: RunningService, **facts: Any) -> dict[str, Any]:
    """A lead who said everything but wants no booking, so that nothing is booked."""
    event = make_event(facts=STRONG_LEAD | {"wants_booking": False} | facts)
    await service.handle(event)
    return event


async def test_a_corrected_fact_wins_and_the_verdict_follows(service: RunningService) -> None:
    event = await recorded(service)
    key = conversation_id(event)
    before = await service.consultation(key)
    assert before["lead_verdict"] == "qualified"
    after = await correct(
        service, key, {"budget_status": "none", "budget_min": None, "budget_max": None}
    )
    assert after["lead_verdict"] == "unqualified"
    assert after["lead_qualified"] is False
    assert after["lead_score"] < before["lead_score"]
    fact = after["qualification"]["facts"]["budget_status"]
    assert (fact["value"], fact["source"]) == ("none", "staff")
    assert "budget_min" not in after["qualification"]["facts"]
    kept = after["metadata"]["corrections"]["budget_min"]
    assert kept["original"]["value"] == 40000
    assert (kept["value"], kept["by"]) == (None, "api")
    assert kept["at"]


async def test_the_first_original_is_kept_over_later_corrections(service: RunningService) -> None:
    key = conversation_id(await recorded(service))
    await correct(service, key, {"company_size": 8})
    after = await correct(service, key, {"company_size": 12, "full_name": "Maya Lind"})
    kept = after["metadata"]["corrections"]
    assert kept["company_size"]["original"]["value"] == 40
    assert kept["company_size"]["value"] == 12
    assert after["caller_name"] == "Maya Lind"


async def test_a_later_report_does_not_undo_a_correction(service: RunningService) -> None:
    event = await recorded(service)
    await correct(service, conversation_id(event), {"email": "right@lindqvist.example"})
    event["event_timestamp"] += 60
    await service.handle(event)
    after = await service.consultation(conversation_id(event))
    assert after["customer_email"] == "right@lindqvist.example"
    assert after["qualification"]["facts"]["email"]["source"] == "staff"
    assert "email" in after["metadata"]["corrections"]


@pytest.mark.parametrize(
    ("facts", "status", "code"),
    [
        ({"shoe_size": 43}, 422, "fact_invalid"),
        ({"caller_sentiment": 0.5}, 422, "fact_invalid"),
        ({"company_size": -1}, 422, "fact_invalid"),
        ({"email": "nobody"}, 422, "fact_invalid"),
        ({"timeline": "soon"}, 422, "fact_invalid"),
        ({"company": ["x"]}, 422, "fact_invalid"),
        ({"budget_min": 1, "company_size": "many"}, 422, "fact_invalid"),
        ({}, 422, "request_invalid"),
        ([], 422, "request_invalid"),
        (None, 422, "request_invalid"),
    ],
)
async def test_a_correction_that_cannot_be_meant_changes_nothing(
    service: RunningService, facts: Any, status: int, code: str
) -> None:
    key = conversation_id(await recorded(service))
    before = await service.consultation(key)
    answer = await service.client.patch(f"/api/v1/consultations/{key}/facts", json=facts)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await service.consultation(key) == before


async def test_nobody_is_corrected_who_is_not_there(service: RunningService) -> None:
    answer = await service.client.patch("/api/v1/consultations/nobody/facts", json={"company": "x"})
    assert (answer.status_code, answer.json()["code"]) == (404, "consultation_not_found")


async def test_text_that_no_database_stores_can_be_corrected_to(service: RunningService) -> None:
    key = conversation_id(await recorded(service))
    after = await correct(service, key, {"company": "A\0B \ud83d"})
    assert after["qualification"]["facts"]["company"]["value"] == "A\ufffdB \ufffd"


async def test_two_corrections_at_once_are_both_kept(service: RunningService) -> None:
    key = conversation_id(await recorded(service))
    await asyncio.gather(
        *(correct(service, key, {name: value}) for name, value in
          (("company", "Acme"), ("company_size", 7), ("role", "CTO"), ("timeline", "3-6")))
    )  # fmt: skip
    kept = (await service.consultation(key))["metadata"]["corrections"]
    assert kept.keys() == {"company", "company_size", "role", "timeline"}


async def test_card_numbers_are_stored_nowhere_but_in_the_raw_event(
    service: RunningService,
) -> None:
    event = make_event(
        facts=STRONG_LEAD
        | {"project_description": f"Charge {VISA} please, as agreed on the call."},
        turns=[
            ("agent", "Hello, which project is it about?"),
            ("user", "A shop. My card is 4111 1111 and then"),
            ("agent", "You need not tell me that."),
            ("user", "1111 1111, that is all of it."),
        ],
    )
    event["data"]["analysis"]["transcript_summary"] = f"Gave {VISA}."
    event["data"]["analysis"]["call_summary_title"] = f"Card {VISA}"
    event["data"]["transcript"][0]["tool_calls"] = [
        {"tool_name": "pay", "params_as_json": f'{{"card": "{VISA}"}}'}
    ]
    await service.handle(event)
    found = await service.consultation(conversation_id(event))
    assert "1111" not in str(found)
    assert "[card number]" in found["conversation_transcript"]
    tables = (
        "voice_turns",
        "voice_consultations",
        "customer_interactions",
        "bookings",
        "audit_log",
    )
    for table in tables:
        rows = await service.conn.fetch(f"SELECT t::text AS row FROM {table} AS t")
        assert "1111 1111" not in "".join(row["row"] for row in rows), table


async def test_judging_again_shows_what_would_change_and_changes_it_when_told(
    fresh_database: FreshDatabase, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with fresh_database() as dsn, run_service(dsn, make_settings(tmp_path)) as service:
        stale, corrected, closed = [await recorded(service) for _ in range(3)]
        await correct(service, conversation_id(corrected), {"company_size": 3})
        await service.conn.execute(
            """UPDATE voice_consultations SET lead_score = 1, lead_verdict = 'unknown',
            closed_at = CASE WHEN voice_session_id = $1 THEN now() END""",
            conversation_id(closed),
        )
        monkeypatch.setenv("DATABASE_URL", dsn)
        monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
        monkeypatch.setenv("COLUMNS", "200")

        def run(*arguments: str) -> str:
            result = CliRunner().invoke(cli.app, ["rejudge", *arguments])
            assert result.exit_code == 0, result.output
            return result.output

        shown = await asyncio.to_thread(run)
        assert "2 of 2 conversations would change" in shown
        assert (await service.consultation(conversation_id(stale)))["lead_score"] == 1
        assert "0 of 0" in await asyncio.to_thread(run, "--since", "2999-01-01")
        assert "2 of 2" in await asyncio.to_thread(run, "--since", "1d")
        done = await asyncio.to_thread(run, "--apply")
        assert "2 of 2 conversations changed" in done
        assert "0 of 2" in await asyncio.to_thread(run)
        assert (await service.consultation(conversation_id(stale)))["lead_verdict"] == "qualified"
        kept = await service.consultation(conversation_id(corrected))
        assert kept["qualification"]["facts"]["company_size"]["source"] == "staff"
        assert (await service.consultation(conversation_id(closed)))["lead_score"] == 1


def test_an_age_or_date_that_is_none_is_refused() -> None:
    result = CliRunner().invoke(cli.app, ["rejudge", "--since", "last week"])
    assert result.exit_code == 1


async def test_judging_never_holds_the_event_loop(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long call takes a while: fresh or stored, it is judged in a thread of its own."""
    threads: list[threading.Thread] = []

    def judge_and_tell(material: Material) -> Judgement:
        threads.append(threading.current_thread())
        return judge_material(material)

    monkeypatch.setattr(operations, "judge_material", judge_and_tell)
    monkeypatch.setattr(rejudging, "judge_material", judge_and_tell)
    key = conversation_id(await recorded(service))
    await correct(service, key, {"company_size": 3})
    assert len(threads) == 2
    assert threading.main_thread() not in threads
