"""How callers feel: a score per turn, and one for the whole conversation."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from vader import SentimentIntensityAnalyzer
from vader.constants import BOOSTER_DICT

from voice_service.analysis.call_phrases import FAMILIES
from voice_service.analysis.language import normalise_language
from voice_service.analysis.model import Sentiment, SentimentSource, Turn, caller_turns
from voice_service.analysis.phrase_search import in_families
from voice_service.analysis.word_weights import AFTER_NO, BOOSTERS, OPENERS, WORDS

LANGUAGES: Final = frozenset({"en"})  # of the lexicon
LATEST_WEIGHS: Final = 2.0  # against 1.0 for the first turn: how it ends is what stays
CALM_WEIGHS: Final = 0.2  # what a turn without feeling weighs, against 1.2 for the strongest
LONGEST_WORD: Final = 50  # longer ones are noise, on which the lexicon's time grows with the square
# "Grace Hope", "Trust Bank", "happy paws dot com": names, though their words are in the lexicon.
NAME: Final = re.compile(
    r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)+|(?<=name is )\w+"
    r"|(?:\w+ ){1,4}dot (?:com|net|org|io|co|uk|de|eu|us|ca|au|ie|biz|info)\b"
)


def score_turn(text: str | None, language: str) -> float | None:
    """The mood of one turn in [-1, 1], two decimals.

    None where there is nothing to read: no text, or a language without a lexicon.
    """
    if text is None or not text.strip() or normalise_language(language) not in LANGUAGES:
        return None
    said = " ".join(word for word in text.split() if len(word) <= LONGEST_WORD)
    said = without_opening(in_families(NAME.sub("", said)))
    return round(lexicon().polarity_scores(said)["compound"], 2)


def score_turns(turns: Sequence[Turn], language: str) -> dict[int, float]:
    """Scores of the caller's turns by position; turns that cannot be scored are left out."""
    scores = {turn.position: score_turn(text, language) for turn, text in caller_turns(turns)}
    return {position: score for position, score in scores.items() if score is not None}


def overall(scores: Sequence[float | None]) -> float | None:
    """One score for the caller's turns in their order; None when none of them has one.

    Later turns weigh more, up to twice the first, and felt ones more than calm ones.
    """
    last = max(len(scores) - 1, 1)
    weighed = [
        (score, (1 + (LATEST_WEIGHS - 1) * order / last) * (CALM_WEIGHS + abs(score)))
        for order, score in enumerate(scores)
        if score is not None
    ]
    total = sum(weight for _, weight in weighed)
    return round(sum(score * weight for score, weight in weighed) / total, 2) if weighed else None


def choose_sentiment(
    scores: Mapping[int, float], *, agent: object = None, platform: object = None
) -> Sentiment:
    """The mood of a conversation: as the agent reports it, else the platform, else our own score.

    Args:
        scores: of the caller's turns by position, in their order.
        agent: the data collection's ``caller_sentiment``.
        platform: the platform's own overall score.
    """
    worst = min(scores, key=lambda position: scores[position], default=None)
    score, source = first_usable(agent, platform, overall(list(scores.values())))
    return Sentiment(
        score=score,
        source=source,
        worst_position=worst,
        worst_score=None if worst is None else scores[worst],
    )


def first_usable(
    agent: object, platform: object, local: float | None
) -> tuple[float | None, SentimentSource | None]:
    offers: tuple[tuple[object, SentimentSource], ...] = (
        (agent, "agent"),
        (platform, "platform"),
        (local, "local"),
    )
    for offer, source in offers:
        score = as_score(offer)
        if score is not None:
            return score, source
    return None, None


def as_score(offer: object) -> float | None:
    """Two decimals of what is a number in [-1, 1]; anything else was not meant as a score."""
    if isinstance(offer, bool) or not isinstance(offer, int | float):
        return None
    return round(float(offer), 2) if -1 <= offer <= 1 else None


def without_opening(text: str) -> str:
    """The turn from where it begins to say something."""
    words = text.split()
    bare = [word.strip(".,!?;:-…").lower() for word in words]
    start = 0
    while start < len(words) and opens(bare, start):
        start += 1
    return " ".join(words[start:])


def opens(bare: Sequence[str], at: int) -> bool:
    if bare[at] == "no":
        return at + 1 == len(bare) or bare[at + 1] in AFTER_NO
    return bare[at] in OPENERS


@cache
def lexicon() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer(
        extra_lexicon={**WORDS, **{word: weight for word, weight, _ in FAMILIES}},
        booster={**BOOSTER_DICT, **BOOSTERS},
        multiword={},  # phrases are ours
    )
