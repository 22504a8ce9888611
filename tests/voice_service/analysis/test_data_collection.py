import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_service.analysis import WantedTime, caller_sentiment, read_data_collection
from voice_service.analysis.data_collection import FIELDS, Collected

NOW = datetime(2026, 11, 19, 20, 4, tzinfo=UTC)


def collect(results: object, timezone: str = "America/New_York") -> Collected:
    return read_data_collection(results, started_at=NOW, timezone=timezone)


def value_of(name: str, given: object, timezone: str = "America/New_York") -> Any:
    """What a field is read as; None when it is absent or unusable."""
    fact = collect({name: {"value": given}}, timezone).facts.get(name)
    return fact and fact.value


@pytest.mark.parametrize(
    ("name", "given", "read"),
    [
        ("caller_type", " Prospect ", "prospect"),
        ("full_name", "  Ada Okafor ", "Ada Okafor"),
        ("company_size", 85, 85),
        ("company_size", "45", 45),
        ("company_size", 12.0, 12),
        ("company_size", 1_000_000, 1_000_000),
        ("project_type", "WEB_APP", "web_app"),
        ("budget_max", 8000, 8000),
        ("budget_max", "12000.50", 12000.5),
        ("budget_currency", "eur", "EUR"),
        ("budget_status", "none", "none"),
        ("decision_role", "influencer", "influencer"),
        ("timeline", "0-3", "0-3"),
        ("wants_booking", True, True),
        ("wants_booking", "False", False),
        ("caller_sentiment", "-0.4", -0.4),
        ("caller_sentiment", 1, 1.0),
        ("preferred_service", "Discovery-Call", "discovery-call"),
    ],
)
def test_a_usable_value_becomes_a_fact(name: str, given: object, read: object) -> None:
    collected = collect({name: {"value": given, "rationale": "said so", "json_schema": {}}})
    assert collected.facts[name].value == read
    assert type(collected.facts[name].value) is type(read)
    assert collected.facts[name].source == "data_collection"
    assert collected.ignored == ()


@pytest.mark.parametrize("word", [None, "", "  ", "N/A", "None", "NULL", "unknown", "Not provided"])
@pytest.mark.parametrize("name", sorted(set(FIELDS) - {"budget_status"}))
def test_an_absent_word_is_neither_a_fact_nor_a_fault(name: str, word: str | None) -> None:
    assert collect({name: {"value": word}}) == Collected(facts={}, ignored=())


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("caller_type", "customer"),
        ("caller_type", ["prospect"]),
        ("full_name", {"first": "Ada"}),
        ("full_name", "x" * 121),
        ("company", 42),
        ("company_size", 0),
        ("company_size", 1_000_001),
        ("company_size", 2.5),
        ("company_size", True),
        ("company_size", "about forty"),
        ("project_type", ["web_app"]),
        ("budget_max", 0),
        ("budget_max", -500),
        ("budget_max", "1e5"),
        ("budget_max", "$5000"),
        ("budget_max", math.inf),
        ("budget_max", math.nan),
        ("budget_max", 10**400),
        ("budget_max", False),
        ("budget_currency", "dollars"),
        ("decision_role", "boss"),
        ("timeline", "banana"),
        ("wants_booking", 1),
        ("wants_booking", "yes"),
        ("caller_sentiment", 1.2),
        ("caller_sentiment", True),
        ("preferred_time", 1500),
        ("preferred_service", "workshop"),
    ],
)
def test_an_unusable_value_is_left_out_and_noted(name: str, given: object) -> None:
    collected = collect({name: {"value": given}})
    assert collected.facts == {}
    assert [(r.code, r.points, r.quote) for r in collected.ignored] == [
        ("invalid_field_ignored", 0, name)
    ]


@pytest.mark.parametrize("name", ["qualified", "lead_score", "Email", ""])
def test_a_field_nobody_asked_for_is_no_evidence(name: str) -> None:
    assert collect({name: {"value": True}}) == Collected(facts={}, ignored=())


def test_bare_values_and_lists_are_read_like_the_platforms_objects() -> None:
    usual = collect({"company_size": {"data_collection_id": "company_size", "value": 7}})
    assert collect({"company_size": 7}) == usual
    assert collect([{"data_collection_id": "company_size", "value": 7}, None, 3]) == usual


@pytest.mark.parametrize("results", [None, [], {}, "text", 7, {"email": None}, [["email", "a"]]])
def test_no_results_are_no_facts(results: object) -> None:
    assert collect(results) == Collected(facts={}, ignored=())


def test_facts_come_in_one_order_whatever_the_order_of_the_report() -> None:
    report = {"timeline": "0-3", "email": "ada@okafor.dev", "caller_type": "prospect"}
    backwards = dict(reversed(report.items()))
    assert list(collect(report).facts) == list(collect(backwards).facts)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("Ada.Okafor@Northline.COM", "ada.okafor@northline.com"),
        (" ada@example.com ", "ada@example.com"),
        ("test@northline.com", "test@northline.com"),
        ("user@domain.com", None),
        ("name@company.com", None),
        ("test@test.com", None),
        ("ada@yourcompany.org", None),
        ("email@example.com", None),
        ("ada at northline dot com", None),
        ("ada@northline", None),
        ("a" * 300 + "@northline.com", None),
        ("\ud800@northline.com", None),
    ],
)
def test_an_address_is_kept_in_lower_case_and_made_up_ones_are_not(
    given: str, read: str | None
) -> None:
    assert value_of("email", given) == read


@pytest.mark.parametrize(
    ("given", "timezone", "read"),
    [
        ("+1 (614) 555-0199", "Europe/Berlin", "+16145550199"),
        ("614 555 0199", "America/New_York", "+16145550199"),
        ("614-555-0199", "US/Eastern", "+16145550199"),
        ("020 7946 0958", "Europe/London", "+442079460958"),
        ("030 901820", "Europe/Berlin", "+4930901820"),
        ("098765 43210", "Asia/Calcutta", "+919876543210"),
        ("614 555 0199", "UTC", None),
        ("614 555 0199", "No/Where", None),
        ("07700 900177", "Europe/London", "+447700900177"),
        ("555 0199", "America/New_York", None),
        ("12", "America/New_York", None),
        ("call my office", "America/New_York", None),
        ("9" * 5000, "America/New_York", None),
    ],
)
def test_a_number_is_read_in_the_country_of_the_callers_zone(
    given: str, timezone: str, read: str | None
) -> None:
    assert value_of("phone", given, timezone) == read


@pytest.mark.parametrize(
    ("words", "timezone", "start"),
    [
        ("2026-11-25T10:00", "America/New_York", datetime(2026, 11, 25, 15, 0, tzinfo=UTC)),
        ("2026-11-25 10:00:00", "Asia/Kolkata", datetime(2026, 11, 25, 4, 30, tzinfo=UTC)),
        ("2026-11-25T10:00+01:00", "Asia/Tokyo", datetime(2026, 11, 25, 9, 0, tzinfo=UTC)),
        ("2026-11-25T10:00Z", "Asia/Tokyo", datetime(2026, 11, 25, 10, 0, tzinfo=UTC)),
        # Clocks skip 02:30 here: the offset before the gap, which is 03:30 on the clock.
        ("2027-03-14T02:30", "America/New_York", datetime(2027, 3, 14, 7, 30, tzinfo=UTC)),
        # 01:30 comes twice: the first.
        ("2027-11-07T01:30", "America/New_York", datetime(2027, 11, 7, 5, 30, tzinfo=UTC)),
        ("2026-11-25", "America/New_York", None),
        ("20261125", "America/New_York", None),
        ("next Wednesday at ten", "America/New_York", datetime(2026, 11, 25, 15, tzinfo=UTC)),
        ("some time next week", "America/New_York", None),
        ("2026-11-25T10:00", "No/Where", None),
        ("2026-11-25T10:00", "America", None),
        ("2026-11-25T10:00", "", None),
        ("2026-11-18T10:00", "America/New_York", None),
        ("0001-01-01T00:00", "Asia/Tokyo", None),
        ("9999-12-31T23:59", "America/New_York", None),
    ],
)
def test_a_wanted_time_is_an_instant_only_where_nothing_must_be_guessed(
    words: str, timezone: str, start: datetime | None
) -> None:
    read = value_of("preferred_time", words, timezone)
    assert read == WantedTime(start=start, end=None, words=words)


@pytest.mark.parametrize(
    ("given", "read"), [(0.25, 0.25), ("-1", -1.0), (2, None), (None, None), ([1], None)]
)
def test_the_agents_own_sentiment_is_read_alone(given: object, read: float | None) -> None:
    assert caller_sentiment({"caller_sentiment": {"value": given}}) == read


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None))
    | st.sampled_from(["web_app", "1e400", "2026-11-25T10:00", "+16145550199", "\x00", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
reports = st.dictionaries(
    st.sampled_from(sorted(FIELDS)), anything | st.fixed_dictionaries({"value": anything})
)


@given(reports | anything)
def test_no_report_raises_and_each_is_read_the_same_twice(report: object) -> None:
    first = collect(report)
    assert repr(first) == repr(collect(report))
    assert not set(first.facts) & {reason.quote for reason in first.ignored}
