"""Card numbers never reach a page: typed, spoken, or spread over turns."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_service.analysis.cards import CARD, is_card, mask_text, mask_turns, mask_value
from voice_service.analysis.model import Turn

VISA = "4111111111111111"
AMEX = "378282246310005"


def turns(*said: tuple[str, str]) -> list[Turn]:
    return [Turn(position=at, role=role, text=text) for at, (role, text) in enumerate(said)]


def masked(*said: tuple[str, str]) -> list[str | None]:
    return [turn.text for turn in mask_turns(turns(*said))]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (f"my card is {VISA}, thanks", f"my card is {CARD}, thanks"),
        ("4111 1111 1111 1111", CARD),
        ("4111-1111-1111-1111 expires in May", f"{CARD} expires in May"),
        ("5555 5555 5555 4444 please", f"{CARD} please"),
        (f"amex {AMEX[:4]} {AMEX[4:10]} {AMEX[10:]}.", f"amex {CARD}."),
        ("now four one one one, one one one one, one one one one, one one one one", f"now {CARD}"),
        ("four triple one quadruple one, double one double one, one one one one", CARD),
        ("forty-one eleven eleven eleven eleven eleven eleven eleven", CARD),
        ("4111 uh 1111 then 1111 and 1111 okay?", f"{CARD} okay?"),
        ("vier eins eins eins eins eins eins eins eins eins eins eins eins eins eins eins", CARD),
        ("cuatro uno uno uno uno uno uno uno uno uno uno uno uno uno uno uno", CARD),
        ("pay to DE89 3704 0044 0532 0130 00 today", "pay to [account number] today"),
        ("and the CVV is 123.", "and the CVV is [security code]."),
        ("security code 1 2 3 4", "security code [security code]"),
    ],
)  # fmt: skip
def test_numbers_that_open_an_account_are_masked(said: str, left: str) -> None:
    assert mask_text(said) == left


@pytest.mark.parametrize(
    "said",
    [
        "",
        "call me on +44 20 7946 0117 or 0044 20 7946 0118",
        "4111 1111 1111 1112",  # does not pass its check
        "we have 4111 orders, 1111 customers, 1111 products and 1111 complaints",
        "our budget is 40000 to 60000 dollars, that is 2026 money",
        "order 1234567890123456",
        "oh one moment, two of the three for ten minutes",
        "the code is 123, the door code",
        "DE89 is not an account, and GB12 3456 neither",
    ],
)
def test_other_numbers_stay(said: str) -> None:
    assert mask_text(said) == said


def test_a_number_spread_over_turns_is_masked_in_each_of_them() -> None:
    assert masked(
        ("user", "My card is 4111 1111"),
        ("agent", "Go on."),
        ("user", "then 1111"),
        ("agent", "Yes?"),
        ("user", "1111, and I live in Leeds."),
    ) == [
        f"My card is {CARD}",
        "Go on.",
        f"then {CARD}",
        "Yes?",
        f"{CARD}, and I live in Leeds.",
    ]


def test_a_number_read_back_by_the_agent_is_masked_too() -> None:
    said = masked(("user", VISA), ("agent", "So that is 4111 1111 1111 1111, right?"))
    assert said == [CARD, f"So that is {CARD}, right?"]


def test_two_numbers_in_one_breath_are_both_masked() -> None:
    assert mask_text(f"{VISA} or {AMEX}") == f"{CARD} or {CARD}"


def test_every_text_of_a_turn_is_masked() -> None:
    turn = Turn(
        position=0,
        role="agent",
        text=None,
        original_text=f"Your card {VISA}",
        tool_calls=[{"params_as_json": f'{{"card": "{VISA}"}}'}],
        tool_results=[{"result_value": VISA}],
    )
    kept = mask_turns([turn])[0]
    assert VISA not in repr(kept)
    assert kept.text is None


def test_collected_values_are_masked_whatever_their_shape() -> None:
    value = {"a": [VISA, {"b": int(VISA)}], "c": 5, "d": None, "e": True, "f": 1.5}
    assert mask_value(value) == {
        "a": [CARD, {"b": CARD}], "c": 5, "d": None, "e": True, "f": 1.5,
    }  # fmt: skip


def test_masking_again_changes_nothing() -> None:
    once = mask_text(f"{VISA}, CVV 123, DE89370400440532013000")
    assert mask_text(once) == once


@given(st.lists(st.text(st.characters()), max_size=8))
def test_no_text_raises(texts: list[str]) -> None:
    kept = mask_turns(turns(*(("user", text) for text in texts)))
    assert len(kept) == len(texts)


@given(
    st.sampled_from([VISA, AMEX, "5105105105105100", "6011000990139424", "30569309025904"]),
    st.lists(st.integers(1, 15), max_size=4),
    st.sampled_from([" ", "-", ", ", " uh ", "  "]),
)
def test_a_card_number_is_found_however_it_is_cut(
    number: str, cuts: list[int], between: str
) -> None:
    assert is_card(number)
    places = sorted({0, *(at for at in cuts if at < len(number)), len(number)})
    said = between.join(number[a:b] for a, b in pairwise(places))
    assert mask_text(f"it is {said} yes") == f"it is {CARD} yes"


def test_time_grows_no_faster_than_the_text() -> None:
    def seconds(words: int) -> float:
        start = time.process_time()
        mask_text("four one 1111 five " * words)
        return time.process_time() - start

    seconds(100)
    assert seconds(40_000) < 20 * max(seconds(4_000), 0.01)
