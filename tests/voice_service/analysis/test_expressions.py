"""Trying all expressions at once finds what trying each of them would."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voice_service.analysis.cases.leads import LEADS
from tests.voice_service.analysis.cases.no_leads import NO_LEADS
from tests.voice_service.analysis.test_extraction_properties import babble
from tests.voice_service.analysis.test_heard_calls import load
from voice_service.analysis import judge  # noqa: F401 - every expression is there
from voice_service.analysis.expressions import FACTS, Together, loosened
from voice_service.analysis.phrase_search import compiled
from voice_service.analysis.spoken import spoken

SAID = [turn.text or "" for call in (*LEADS, *NO_LEADS) for turn in call.turns]
HEARD = [turn["text"] for case in load("heard_calls.jsonl") for turn in case["turns"]]
FELT = [turn["text"] for turn in load("felt_turns.jsonl")]


def missed(together: Together, text: str) -> list[str]:
    found = together.found(text)
    return [
        expression.pattern
        for number, expression in enumerate(together.expressions)
        if number not in found and expression.search(text)
    ]


def test_nothing_is_missed_in_what_callers_say() -> None:
    for said in (*SAID, *HEARD, *FELT):
        assert missed(FACTS, spoken(said).text) == []
        assert missed(compiled()[0], said) == []


@given(babble)
def test_nothing_is_missed_in_babble(said: str) -> None:
    assert missed(FACTS, said) == []
    assert missed(compiled()[0], said) == []


@given(st.sampled_from([*SAID, *FELT]), st.sampled_from(["\u0130", "\u017f", "\u212a", "\u00a0"]))
def test_letters_outside_ascii_hide_nothing(said: str, letter: str) -> None:
    for text in (said.upper(), said.replace("s", letter), said.replace(" ", letter)):
        assert missed(FACTS, text) == []


@pytest.mark.parametrize(
    ("pattern", "loose"),
    [
        (r"(?<!not )too (?=much|many)", "too "),
        (r"\bwe(?! (?:a|b))\b", "we"),
        (r"^(?:a|b)$", "(?:a|b)"),
        (r"[^\W\d_]+\w*", r"[\pL\pM]+[\pL\pM\pN_]*"),
        (r"a\(b[()]", r"a\(b[()]"),
        (r"\u20ac ", "\u20ac "),
        ("", ""),
    ],
)
def test_what_re2_cannot_read_is_left_out(pattern: str, loose: str) -> None:
    re.compile(pattern)
    assert loosened(pattern) == loose
