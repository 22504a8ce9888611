"""The phrases of ``call_phrases`` found in a turn, and each put in one word.

A turn holds one of some hundreds of expressions, or none.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from voice_service.analysis.call_phrases import FAMILIES, PARTS
from voice_service.analysis.expressions import Together

# The same written in one way, however it was transcribed.
SHORT_FORMS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"[\u2018\u2019]", "'"),
        (r"\b(?:cannot|can not|cant)\b", "can't"),
        (r"\b(?:will not|wont)\b", "won't"),
        (
            r"\b(do|does|did|is|are|was|were|have|has|had|would|could|should)(?: not|nt)\b",
            r"\1n't",
        ),
        (r"\b(it|that|there|what|he|she|who) is\b", r"\1's"),
        (r"\b(that|what|there)s\b", r"\1's"),
        (r"\bi am\b", "i'm"),
        (r"\b(we|you|they) are\b", r"\1're"),
    )
)
# Signs before a phrase keep a "not" or "never" further off from turning it round: its own weight
# has that in it already. What is agreed to can be denied: "I don't think that works".
UNTURNED: Final = "so it goes "
DENIABLE: Final = frozenset({"saidpleased", "saidyes", "saidfine", "saidnothing"})
# An answering "no" in front of what is known to mean something does not turn it round either.
ANSWERING_NO: Final = re.compile(
    r"\b(?:no|nope|nah)[, ]+(?:(?:just|please|but|so|i|we|well) )*(?= said)", re.IGNORECASE
)


def in_families(said: str) -> str:
    """A turn with one word in place of each phrase that is known to mean something."""
    for pattern, plain in SHORT_FORMS:
        said = pattern.sub(plain, said)
    phrases, words = compiled()
    for number in sorted(phrases.found(said)):
        if number < len(words):
            said = phrases.expressions[number].sub(words[number], said)
    return ANSWERING_NO.sub("", said)


@cache
def compiled() -> tuple[Together, tuple[str, ...]]:
    """Every expression, and by its number the word that takes its place."""
    phrases = Together()
    words = []
    for family, line in lines():
        start, expression = ("^", line[1:]) if line[0] == "^" else ("", line)
        pattern = rf"{start}(?<![\w'])(?:{expression})(?![\w'])"
        phrases.add(re.compile(pattern, re.IGNORECASE))
        words.append(f" {family if family in DENIABLE else UNTURNED + family} ")
    return phrases, tuple(words)


def lines() -> Iterator[tuple[str, str]]:
    """Family and expression, in the order they are looked for."""
    for family, _, text in FAMILIES:
        for line in text.strip().splitlines():
            for name, part in PARTS.items():
                line = line.replace(f"<{name}>", part)
            yield family, line
