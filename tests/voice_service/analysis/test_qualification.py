import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voice_service.analysis.test_data_collection import reports
from voice_service.analysis import Fact, Qualification, Turn, in_usd, judge, judge_facts

NOW = datetime(2026, 11, 19, 20, 4, tzinfo=UTC)
TALK = "we would like to talk about something you could build"
LEAD: dict[str, Any] = {
    "caller_type": "prospect",
    "full_name": "Ada Okafor",
    "email": "ada@okafor.dev",
    "phone": "+16145550199",
    "company_size": 85,
    "project_type": "web_app",
    "project_description": "A dispatch board. " * 8,
    "budget_max": 80000,
    "decision_role": "decision_maker",
    "timeline": "0-3",
    "wants_booking": True,
    "preferred_service": "strategy-session",
}


# What of a report counts only when the caller said it, as callers would say it.
SENTENCES = {
    "email": "my email is {}",
    "phone": "and the number is {}",
    "company_size": "there are {} of us",
    "budget_max": "our budget is {} {currency}",
}


def told(report: object) -> list[str]:
    """The caller's words behind a report: its numbers and addresses, and nothing more."""
    facts = report if isinstance(report, dict) else {}
    currency = facts.get("budget_currency") or "dollars"
    return [
        sentence.format(facts[name], currency=currency)
        for name, sentence in SENTENCES.items()
        if facts.get(name)
    ]


def turns(*said: str) -> list[Turn]:
    """A conversation in which the agent asks and the caller says these."""
    roles = ("agent", "user")
    texts = [text for caller in said for text in ("And what is it you do?", caller)]
    return [
        Turn(position=position, role=roles[position % 2], text=text)
        for position, text in enumerate(texts)
    ]


def judged(report: object, *said: str, **known: Any) -> Qualification:
    """Judge a report of somebody who said these, or else what bears the report out."""
    setting: dict[str, Any] = {"timezone": "America/New_York", "language": "en", **known}
    spoken = said or (TALK, *told(report))
    return judge(turns(*spoken), report, started_at=NOW, **setting)


def codes(result: Qualification) -> set[str]:
    return {reason.code for reason in result.reasons}


def lead(**changes: Any) -> dict[str, Any]:
    return LEAD | changes


def test_a_full_lead_is_hot_and_gets_the_paid_session() -> None:
    result = judged(LEAD)
    assert [(reason.code, reason.points) for reason in result.reasons] == [
        ("need_clear", 12),
        ("need_detail", 8),
        ("budget_ge_25k", 25),
        ("authority_dm", 15),
        ("timeline_0_3m", 15),
        ("company_10plus", 10),
        ("booking_agreed", 5),
    ]
    assert (result.score, result.lead_quality, result.verdict) == (90, "hot", "qualified")
    assert (result.recommended_service, result.route) == ("strategy-session", "none")
    assert result.missing == ()
    assert result.confidence == 0.9  # several facts are borne out by what was said
    assert not result.review


# Changes to the full lead, and what they make of it: score, verdict, quality, service.
CASES: list[tuple[dict[str, Any], int, str, str, str | None]] = [
    ({}, 90, "qualified", "hot", "strategy-session"),
    ({"preferred_service": None}, 90, "qualified", "hot", "strategy-session"),
    ({"preferred_service": "discovery-call"}, 90, "qualified", "hot", "discovery-call"),
    ({"budget_max": 24_999}, 85, "qualified", "hot", "strategy-session"),
    ({"budget_max": 9_999}, 79, "qualified", "qualified", "strategy-session"),
    ({"budget_max": 4_999}, 71, "qualified", "qualified", "strategy-session"),
    ({"budget_max": 999}, 45, "unqualified", "unqualified", "discovery-call"),
    ({"budget_max": None}, 65, "qualified", "qualified", "strategy-session"),
    ({"budget_max": None, "budget_status": "approved"}, 80, "qualified", "hot", "strategy-session"),
    (
        {"budget_max": None, "budget_status": "none"},
        45,
        "unqualified",
        "unqualified",
        "discovery-call",
    ),
    (
        {"budget_max": None, "budget_status": "estimated"},
        65,
        "qualified",
        "qualified",
        "strategy-session",
    ),
    ({"budget_min": 6_000, "budget_max": 16_000}, 85, "qualified", "hot", "strategy-session"),
    ({"budget_max": 9_500, "budget_currency": "EUR"}, 85, "qualified", "hot", "strategy-session"),
    ({"budget_max": 20_000, "budget_currency": "GBP"}, 90, "qualified", "hot", "strategy-session"),
    (
        {"budget_max": 900_000, "budget_currency": "JPY"},
        65,
        "qualified",
        "qualified",
        "strategy-session",
    ),
    ({"decision_role": "influencer"}, 83, "qualified", "hot", "strategy-session"),
    ({"decision_role": "researcher"}, 75, "qualified", "qualified", "strategy-session"),
    ({"timeline": "3-6"}, 85, "qualified", "hot", "strategy-session"),
    ({"timeline": "6-12"}, 80, "qualified", "qualified", "strategy-session"),
    ({"timeline": "later"}, 75, "qualified", "qualified", "strategy-session"),
    (
        {"timeline": "later", "decision_role": "researcher"},
        60,
        "unqualified",
        "unqualified",
        "discovery-call",
    ),
    ({"company_size": 9}, 87, "qualified", "hot", "strategy-session"),
    ({"company_size": 1}, 84, "qualified", "hot", "strategy-session"),
    ({"project_type": "other"}, 78, "unqualified", "unqualified", "discovery-call"),
    ({"project_description": "x" * 100}, 82, "qualified", "hot", "strategy-session"),
    ({"wants_booking": False}, 88, "qualified", "hot", "strategy-session"),
    (
        {"wants_booking": None, "email": None, "phone": None},
        85,
        "qualified",
        "hot",
        "strategy-session",
    ),
    ({"caller_type": "other"}, 90, "qualified", "hot", "strategy-session"),
    ({"caller_type": "existing_customer"}, 90, "qualified", "hot", "strategy-session"),
    ({"caller_type": "vendor"}, 0, "unqualified", "unqualified", None),
]


@pytest.mark.parametrize(("changes", "score", "verdict", "quality", "service"), CASES)
def test_a_lead_is_worth_what_is_known_of_it(
    changes: dict[str, Any], score: int, verdict: str, quality: str, service: str | None
) -> None:
    result = judged(lead(**changes))
    assert (result.score, result.verdict, result.lead_quality, result.recommended_service) == (
        score,
        verdict,
        quality,
        service,
    )


@pytest.mark.parametrize(
    ("report", "verdict"),
    [
        (None, "unknown"),
        ({"project_type": "web_app", "timeline": "later"}, "unknown"),
        ({"project_type": "web_app", "timeline": "later", "company_size": 3}, "unqualified"),
        (
            {"project_type": "web_app", "timeline": "later", "budget_status": "estimated"},
            "unknown",
        ),
        ({"caller_type": "job_seeker"}, "unqualified"),
    ],
)
def test_too_little_known_is_not_a_no(report: object, verdict: str) -> None:
    assert judged(report).verdict == verdict


def test_what_nobody_said_is_missing() -> None:
    assert judged(None).missing == (
        "project_type",
        "budget",
        "decision_role",
        "timeline",
        "company_size",
        "email",
        "phone",
        "name",
    )


def test_an_amount_of_unknown_worth_leaves_the_budget_to_be_asked() -> None:
    result = judged(lead(budget_currency="JPY"))
    assert result.missing == ("budget",)
    assert in_usd(result.facts, "budget_max") is None


@pytest.mark.parametrize(
    ("currency", "usd"), [(None, 1000), ("USD", 1000), ("EUR", 1100), ("GBP", 1250), ("JPY", None)]
)
def test_only_currencies_with_a_fixed_rate_are_converted(
    currency: str | None, usd: float | None
) -> None:
    facts = judged({"budget_max": 1000, "budget_currency": currency}).facts
    assert in_usd(facts, "budget_max") == (usd and pytest.approx(usd))


@pytest.mark.parametrize(
    ("caller_type", "disqualifier", "reason", "route"),
    [
        ("spam", "spam", "dq_spam", "none"),
        ("wrong_number", "wrong_number", "dq_wrong_number", "none"),
        ("job_seeker", "job_seeker", "dq_job_seeker", "careers"),
        ("vendor", "vendor", "dq_vendor", "none"),
        ("student", "student", "dq_student", "none"),
    ],
)
def test_who_is_no_lead_scores_nothing_whatever_else_is_reported(
    caller_type: str, disqualifier: str, reason: str, route: str
) -> None:
    result = judged(lead(caller_type=caller_type, timeline="banana"))
    assert (result.disqualifier, result.route) == (disqualifier, route)
    assert codes(result) == {reason, "invalid_field_ignored"}
    assert (result.score, result.qualified, result.recommended_service) == (0, False, None)


def test_a_customer_with_trouble_goes_to_support() -> None:
    report = {"caller_type": "existing_customer", "project_description": "the login is broken"}
    result = judged(report)
    assert result.disqualifier == "existing_customer_support"
    assert (result.route, codes(result)) == ("support", {"dq_existing_support"})


@pytest.mark.parametrize("new", [{"project_type": "mobile_app"}, {"budget_max": 45000}])
def test_a_customer_with_a_new_project_is_a_lead(new: dict[str, Any]) -> None:
    result = judged({"caller_type": "existing_customer", **new})
    assert result.disqualifier is None
    assert "existing_customer_expansion" in codes(result)


@pytest.mark.parametrize(
    ("said", "silent"),
    [
        (("hello", "hello hello", "good morning", "hi hey hello bye"), True),
        (("yes I can hear you",), True),
        (("hello I need a new website now",), False),
        (("I need", "a new website", "now"), False),
        (("Buenos días, hola", "sí"), True),
        (("新しい予約アプリが欲しい",), False),  # written without spaces
    ],
)
def test_who_says_hardly_anything_had_no_conversation(said: tuple[str, ...], silent: bool) -> None:
    result = judge(turns(*said), LEAD, started_at=NOW, timezone="UTC", language="en")
    assert (result.disqualifier == "no_conversation") is silent
    judged_by = codes(result) - {"source_conflict"}  # nothing of the report was ever said
    assert (judged_by == {"dq_no_conversation"}) is silent


def test_what_the_agent_says_is_no_conversation() -> None:
    monologue = [Turn(position=0, role="agent", text=TALK), Turn(position=1, role="user")]
    result = judge(monologue, LEAD, started_at=NOW, timezone="UTC", language="en")
    assert result.disqualifier == "no_conversation"


def test_a_withheld_transcript_is_judged_on_what_was_collected() -> None:
    told = judge([], LEAD, started_at=NOW, timezone="UTC", language="en")
    assert (told.qualified, told.disqualifier) == (True, None)
    silence = judge([], {}, started_at=NOW, timezone="UTC", language="en")
    assert silence.disqualifier == "no_conversation"


@pytest.mark.parametrize(
    ("language", "confidence"),
    [("en", 0.9), ("en-US", 0.9), ("fr", 0.6), ("pl-PL", 0.6), ("", 0.6)],
)
def test_a_language_nobody_read_leaves_doubt(language: str, confidence: float) -> None:
    assert judged(LEAD, language=language).confidence == confidence


def test_without_data_collection_hardly_anything_is_sure() -> None:
    result = judged(None)
    assert (result.confidence, result.review) == (0.2, True)


@pytest.mark.parametrize(
    ("changes", "sentiment", "review"),
    [
        ({}, None, False),
        ({}, -0.49, False),
        ({}, -0.5, True),
        ({"timeline": "later"}, None, True),  # 75: five from the paid session's line
        ({"timeline": "later", "wants_booking": False}, None, True),
        ({"decision_role": "researcher", "company_size": None}, None, True),
        ({"timeline": "6-12"}, None, False),
        ({"budget_max": 500}, None, True),  # capped at 45
    ],
)
def test_a_person_looks_where_it_is_close_or_heated(
    changes: dict[str, Any], sentiment: float | None, review: bool
) -> None:
    assert judged(lead(**changes), sentiment=sentiment).review is review


def test_the_result_reads_as_json_with_the_wanted_time_inside() -> None:
    result = judged(lead(preferred_time="2026-11-25T10:00"))
    plain = json.loads(json.dumps(result.as_json(), allow_nan=False))
    assert list(plain) == [
        "qualified",
        "score",
        "lead_quality",
        "recommended_service",
        "disqualifier",
        "route",
        "reasons",
        "missing",
        "facts",
        "confidence",
        "review",
    ]
    assert plain["facts"]["preferred_time"] == {
        "value": {"start": "2026-11-25T15:00:00+00:00", "end": None, "words": "2026-11-25T10:00"},
        "source": "data_collection",
        "turn": None,
        "quote": None,
        "confidence": 0.8,
    }
    assert result.wanted_time is not None
    assert result.wanted_time.start == datetime(2026, 11, 25, 15, tzinfo=UTC)


def test_a_reason_carries_the_turn_and_the_words_of_its_fact() -> None:
    fact = Fact(
        name="timeline",
        value="0-3",
        source="transcript",
        turn=1,
        quote="as soon as possible " * 9,
        confidence=0.9,
    )
    (reason,) = judge_facts(turns(TALK), {"timeline": fact}, language="en").reasons
    assert (reason.source, reason.turn) == ("transcript", 1)
    assert reason.quote is not None
    assert len(reason.quote) == 120


def test_a_correction_by_staff_counts_like_what_was_said() -> None:
    result = judged(lead(timeline=None))
    corrected = Fact(name="timeline", value="0-3", source="staff", confidence=1.0)
    again = judge_facts(turns(TALK), {**result.facts, "timeline": corrected}, language="en")
    assert again.score == result.score + 15
    assert [r.code for r in again.reasons if r.source == "staff"] == ["timeline_0_3m"]


@given(reports, st.sampled_from(["en", "es", ""]), st.floats(-1, 1) | st.none())
def test_reasons_add_up_to_the_score_before_its_caps(
    report: object, language: str, sentiment: float | None
) -> None:
    result = judged(report, language=language, sentiment=sentiment)
    total = min(max(sum(reason.points for reason in result.reasons), 0), 100)
    capped = bool(codes(result) & {"budget_low", "budget_none"})
    assert result.score == (min(total, 45) if capped else total)
    assert (result.verdict == "qualified") is result.qualified
    assert result == judged(report, language=language, sentiment=sentiment)
    json.dumps(result.as_json(), allow_nan=False)
