"""Words of a sentence made alike: lower case, one space apart, spoken numbers as digits."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from voice_service.analysis.spoken import LONGEST_READ
from voice_service.analysis.times_vocabulary import Vocabulary

TOKEN: Final = re.compile(
    r"(?P<half>[ap])(?:\.\s?m\.|\s?m(?![^\W_]))|(?P<ordinal>[0-9]{1,2})(?:st|nd|rd|th)(?![^\W_])"
    r"|[0-9]+|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\S",
    re.IGNORECASE,
)
SIGNS: Final = str.maketrans({"\u2019": "'", "\u2013": "-", "\u2014": "-"})
LARGEST_UNIT: Final = 9  # what may follow twenty, thirty, …

Token: TypeAlias = tuple[str, int, int]  # canonical, and where the words begin and end


@dataclass(frozen=True, kw_only=True)
class Canonical:
    """A text made alike. ``starts`` are where its words begin, ``spans`` where they came from."""

    text: str
    starts: Sequence[int]
    spans: Sequence[tuple[int, int]]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where canonical ``[first, last)`` stands in the text as it was said."""
        begin = self.spans[bisect_right(self.starts, first) - 1]
        end = self.spans[bisect_left(self.starts, last) - 1]
        return begin[0], end[1]


def canonical(said: str, vocabulary: Vocabulary) -> Canonical:
    tokens = list(joined(list(plain(said[:LONGEST_READ])), vocabulary))
    starts: list[int] = []
    position = 0
    for word, _, _ in tokens:
        starts.append(position)
        position += len(word) + 1
    return Canonical(
        text=" ".join(word for word, _, _ in tokens),
        starts=starts,
        spans=[(first, last) for _, first, last in tokens],
    )


def plain(said: str) -> Iterator[Token]:
    for match in TOKEN.finditer(said):
        if match["half"]:
            word = match["half"].lower() + "m"
        elif match["ordinal"]:
            word = match["ordinal"] + "th"
        else:
            word = match.group().lower().translate(SIGNS)
        yield word, *match.span()


def joined(tokens: list[Token], vocabulary: Vocabulary) -> Iterator[Token]:
    """Spoken numbers as digits, "twenty" and "five" as one."""
    at = 0
    while at < len(tokens):
        word, first, last = tokens[at]
        ten = vocabulary.tens.get(word)
        unit_at = at + 1
        if ten and unit_at < len(tokens) and tokens[unit_at][0] in vocabulary.ten_joiners:
            unit_at += 1
        unit = unit_of(tokens, unit_at, vocabulary) if ten else None
        if ten and unit:
            yield unit[1].format(ten + unit[0]), first, tokens[unit_at][2]
            at = unit_at + 1
        else:
            yield digits(word, vocabulary), first, last
            at += 1


def unit_of(tokens: list[Token], at: int, vocabulary: Vocabulary) -> tuple[int, str] | None:
    """The 1 to 9 after a ten, and how the sum is written."""
    if at >= len(tokens):
        return None
    word = tokens[at][0]
    for numbers, form in ((vocabulary.cardinals, "{}"), (vocabulary.ordinals, "{}th")):
        if 1 <= numbers.get(word, 0) <= LARGEST_UNIT:
            return numbers[word], form
    return None


def digits(word: str, vocabulary: Vocabulary) -> str:
    if word in vocabulary.ordinals:
        return f"{vocabulary.ordinals[word]}th"
    number = vocabulary.tens.get(word, vocabulary.cardinals.get(word))
    return word if number is None else str(number)
