"""What is a yes, and what only begins like one; texts as ``spoken`` writes them."""

import pytest

from voice_service.analysis.answers import says_no, says_yes


@pytest.mark.parametrize(
    "text",
    ["yes", "i am", "i am .", "we do , and gladly", "it is indeed", "well yes i am busy but fine"],
)
def test_a_yes_is_one(text: str) -> None:
    assert says_yes(text)


@pytest.mark.parametrize(
    "text", ["i am busy then", "we are twelve people", "it is a web app", "i do mondays only"]
)
def test_an_echo_that_goes_on_with_something_else_is_none(text: str) -> None:
    assert not says_yes(text)
    assert not says_no(text)
