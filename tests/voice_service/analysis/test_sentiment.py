import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_service.analysis import Turn, choose_sentiment, label, overall, score_turn, score_turns


@pytest.mark.parametrize(
    ("said", "mood"),
    [
        ("that was wonderful, you explained it so clearly", "positive"),
        ("okay great, let's do it", "positive"),
        ("not bad at all", "positive"),
        ("that works for me", "positive"),
        ("I can't wait to show this to the team", "positive"),
        ("we have a problem with invoices and we need help", "neutral"),
        ("yes", "neutral"),
        ("no it's the second one", "neutral"),
        ("it's a fraud and risk dashboard", "neutral"),
        ("my name is Joy Love", "neutral"),
        ("twenty grand or so", "neutral"),
        ("I would like to know what it costs", "neutral"),
        ("sorry, no, that won't work", "negative"),
        ("we're not interested", "negative"),
        ("I'd rather not", "negative"),
        ("I already told you that", "negative"),
        ("three months is too long for us", "negative"),
        ("this is awful, nobody answered for days", "negative"),
        ("no no no that's wrong", "negative"),
    ],
)
def test_a_turn_is_felt_as_people_in_business_mean_it(said: str, mood: str) -> None:
    score = score_turn(said, "en-GB")
    assert score is not None
    assert label(score) == mood


@pytest.mark.parametrize(
    ("text", "language"), [(None, "en"), ("", "en"), (" \n", "en"), ("genial", "es"), ("ok", "")]
)
def test_there_is_no_score_where_nothing_can_be_read(text: str | None, language: str) -> None:
    assert score_turn(text, language) is None


def test_only_turns_of_the_caller_are_scored() -> None:
    turns = [
        Turn(position=0, role="agent", text="Wonderful to hear from you!"),
        Turn(position=1, role="user", text="this is terrible"),
        Turn(position=2, role="user"),
    ]
    assert list(score_turns(turns, "en")) == [1]
    assert score_turns(turns, "de") == {}


def test_what_is_said_last_weighs_most() -> None:
    better, worse = overall([-0.6, 0.0, 0.6]), overall([0.6, 0.0, -0.6])
    assert better is not None
    assert worse == -better
    assert better > 0


def test_strong_turns_weigh_more_than_calm_ones() -> None:
    score = overall([0.0, -0.8, 0.0])
    assert score is not None
    assert score < -0.8 / 3


@pytest.mark.parametrize(
    ("scores", "score"), [([], None), ([None, None], None), ([0.4], 0.4), ([None, -0.3], -0.3)]
)
def test_turns_without_a_score_do_not_count(
    scores: list[float | None], score: float | None
) -> None:
    assert overall(scores) == score


@pytest.mark.parametrize(
    ("agent", "platform", "score", "source"),
    [
        (0.456, 0.9, 0.46, "agent"),
        (None, 0.9, 0.9, "platform"),
        (1.5, -0.2, -0.2, "platform"),
        (True, "0.3", -0.5, "local"),
        (float("nan"), None, -0.5, "local"),
        (0, 0.9, 0.0, "agent"),
    ],
)
def test_the_agents_word_comes_before_the_platforms_and_ours(
    agent: object, platform: object, score: float, source: str
) -> None:
    chosen = choose_sentiment({3: -0.5}, agent=agent, platform=platform)
    assert (chosen.score, chosen.source) == (score, source)


def test_the_worst_moment_is_kept_whoever_scored_the_rest() -> None:
    chosen = choose_sentiment({1: 0.2, 5: -0.7, 9: 0.8}, agent=0.9)
    assert (chosen.worst_position, chosen.worst_score) == (5, -0.7)
    assert chosen.label == "positive"


def test_nobody_knows_the_mood_of_a_silent_conversation() -> None:
    chosen = choose_sentiment({})
    assert (chosen.score, chosen.source, chosen.label) == (None, None, None)
    assert chosen.worst_position is None


@pytest.mark.parametrize(
    ("score", "word"),
    [(0.15, "positive"), (0.14, "neutral"), (-0.14, "neutral"), (-0.15, "negative")],
)
def test_a_mood_is_felt_from_its_line_on(score: float, word: str) -> None:
    assert label(score) == word


@given(st.text(st.characters(codec=None)))
def test_every_text_has_a_score_within_bounds(text: str) -> None:
    score = score_turn(text, "en")
    assert score is None if not text.strip() else score is not None and -1 <= score <= 1


@given(st.lists(st.floats(-1, 1).map(lambda score: round(score, 2)), min_size=1))
def test_the_whole_lies_between_its_worst_and_best_turn(scores: list[float]) -> None:
    score = overall(scores)
    assert score is not None
    assert min(scores) <= score <= max(scores)
