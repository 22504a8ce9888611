"""Numbers in what was said: each becomes one token, as "15000" or "1.5".

The number words are read by text2num; here is only what people put around them: "half a million",
"two and a half thousand", "one fifty k", "a couple of hundred", "twenty twenty seven".
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from text_to_num import alpha2digit  # type: ignore[import-untyped]

from voice_service.analysis.word_lists import words

DIGIT_WORDS: Final = words("""one two three four five six seven eight nine""")
TEENS: Final = words(
    """ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"""
)
TENS: Final = words("""twenty thirty forty fifty sixty seventy eighty ninety""")
MAGNITUDES: Final = frozenset({"hundred", "thousand", "million", "billion"})
NUMBER_WORDS: Final = DIGIT_WORDS | TEENS | TENS | MAGNITUDES | {"zero"}
SCALES: Final = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "grand": 1e3,
    "million": 1e6,
    "mil": 1e6,
    "mm": 1e6,
    "billion": 1e9,
    "dozen": 12.0,
}
GLUED_SCALES: Final = SCALES | {"m": 1e6}  # "2m" is two million, "2 m" may be two metres
SHARES: Final = {"half": 0.5, "quarter": 0.25}
VAGUE: Final = {"couple": 2.0, "few": 3.0}
VAGUE_STARTS: Final = frozenset({"a", "couple", "dozen", *SHARES})
NUMBERISH: Final = NUMBER_WORDS | VAGUE.keys() | SHARES.keys() | {"dozen"}
LONGEST_RUN: Final = 40  # words read at once; nobody says a longer number
NUMERAL: Final = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)
PLAIN_NUMERAL: Final = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
THOUSANDS: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+", re.ASCII)
# A number in plain words, for patterns; "1 20" is one twenty, said for 120.
SAID_NUMBER: Final = r"(?:[1-9] [1-9]\d(?!\S)|\d{1,15}(?:\.\d{1,6})?)"
MOST_DIGITS: Final = 15  # a longer one is no amount of anything
UNREADABLE: Final = "\u2026"  # stands for such a one, and is no number


class Token(NamedTuple):
    """A word, number or sign; ``start`` and ``end`` are its place in the words as transcribed."""

    text: str
    start: int
    end: int
    glued: bool = False  # no space before it
    is_scale: bool = False  # said as "thousand" or "hundred thousand", without a number before it

    @property
    def number(self) -> float | None:
        if not ("0" <= self.text[0] <= "9" and PLAIN_NUMERAL.fullmatch(self.text)):
            return None
        return float(self.text)


def digits_for_words(text: str, language: str) -> str:
    """Number words as digits, in one of the languages text2num knows; "nine nine" is "9 9"."""
    return str(alpha2digit(text, language, threshold=0.0))


def with_numbers(tokens: Sequence[Token]) -> list[Token]:
    """The same tokens, in lower case, each number said over several of them put into one."""
    if all(token.text not in NUMBERISH and token.number is None for token in tokens):
        return list(tokens)
    return scaled(words_to_digits(tokens))


def read_numeral(text: str) -> str:
    """A written number in plain form: "15,000" and "20.000" are thousands, "1,5" is not."""
    if THOUSANDS.fullmatch(text):
        return text.replace(",", "").replace(".", "")[:MOST_DIGITS]
    whole, *rest = re.split(r"[.,]", text)
    if len(rest) > 1:  # 1.234,56
        whole, rest = whole + "".join(rest[:-1]), rest[-1:]
    if len(whole) > MOST_DIGITS:
        return UNREADABLE
    return f"{whole}.{rest[0][:MOST_DIGITS]}" if rest else whole


def said_number(said: str) -> float:
    """The value of what ``SAID_NUMBER`` matched."""
    hundreds, _, rest = said.rpartition(" ")
    return float(hundreds) * 100 + float(rest) if hundreds else float(rest)


def words_to_digits(tokens: Sequence[Token]) -> list[Token]:
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        end = end_of_run(tokens, at)
        if end == at or is_lone_one(tokens, at, end):
            result.append(tokens[at])
            at += 1
        else:
            result.extend(read_run(tokens, at, end))
            at = end
    return result


def end_of_run(tokens: Sequence[Token], start: int) -> int:
    """Where a number that begins at ``start`` ends: "two hundred and five", "forty-five"."""
    end = at = start
    while at < len(tokens) and at - start < LONGEST_RUN:
        word = tokens[at].text
        if word in NUMBER_WORDS:
            end = at + 1
        elif at == start or not joins(word, tokens[at - 1].text):
            break
        at += 1
    return end


def joins(word: str, before: str) -> bool:
    """Whether a word between number words belongs to the number."""
    return before in (MAGNITUDES if word == "and" else NUMBER_WORDS if word == "point" else ())


def is_lone_one(tokens: Sequence[Token], start: int, end: int) -> bool:
    """ "the one that", "no one": a number only before its unit of thousands, as in "one k"."""
    following = tokens[end].text if end < len(tokens) else ""
    return end - start == 1 and tokens[start].text == "one" and following not in SCALES


def read_run(tokens: Sequence[Token], start: int, end: int) -> list[Token]:
    following = tokens[end].text if end < len(tokens) else ""
    words = [token.text for token in tokens[start:end]]
    read = digits_for_words(" ".join(spell_hundreds(words, following)), "en").split()
    first, last = tokens[start].start, tokens[end - 1].end
    scales = {0} if words[0] in MAGNITUDES and len(read) == 1 else set[int]()
    scales |= {at for at in range(1, len(read)) if "." in read[at - 1]}  # "1.5 million"
    return [
        Token(text, first, last, tokens[start].glued, at in scales) for at, text in enumerate(read)
    ]


def spell_hundreds(words: Sequence[str], following: str) -> list[str]:
    """ "One fifty thousand" is one hundred and fifty thousand."""
    short = (
        len(words) >= 2
        and words[0] in DIGIT_WORDS
        and words[1] in TENS | TEENS
        and any(word in ("thousand", "million", "k", "grand") for word in (*words[2:4], following))
    )
    return [words[0], "hundred", *words[1:]] if short else list(words)


def scaled(tokens: Sequence[Token]) -> list[Token]:
    """Numbers times the word behind them; "half a", "a couple of" and "a dozen" are numbers too."""
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        value, end = quantity(tokens, at)
        if value is None or (end == at + 1 and tokens[at].number is not None):
            result.append(tokens[at])  # "0199" stays as it is
        else:
            first, last = tokens[at], tokens[end - 1]
            result.append(Token(plain(value), first.start, last.end, first.glued))
            if last.text == "grand":  # still says that it is money
                result.append(Token("grand", last.start, last.end))
        at = end
    return result


def quantity(tokens: Sequence[Token], at: int) -> tuple[float | None, int]:
    """The number that begins here and where it ends; None, and one token on, when none does."""
    first = tokens[at]
    if first.text in VAGUE_STARTS:
        words = [token.text for token in tokens[at : at + 4]]
        value, end = fraction(tokens[at : at + 4]) if words[0] in SHARES else vague(words)
    else:
        value, end = first.number, 1
        if value is not None and at + 1 < len(tokens):
            words = [token.text for token in tokens[at + 1 : at + 4]]
            if words == ["and", "a", "half"]:
                value, end = value + 0.5, 4
            elif value == 20 and is_year_end(words[0]):
                return 2000 + float(words[0]), at + 2
    return (None, at + 1) if value is None else times_scale(value, tokens, at + end)


def is_year_end(word: str) -> bool:
    """ "Twenty twenty seven", as a year is said."""
    return len(word) == 2 and word[0] == "2" and word.isdecimal()


def fraction(tokens: Sequence[Token]) -> tuple[float | None, int]:
    """ "Half a million", "quarter of a million": only of a scale; "half a year" stays as said."""
    for at, token in enumerate(tokens[1:], start=1):
        if token.is_scale or token.text == "dozen":
            return SHARES[tokens[0].text], at
        if token.text not in ("a", "of"):
            break
    return None, 1


def vague(words: Sequence[str]) -> tuple[float | None, int]:
    """ "A couple of", "a few", "a dozen"."""
    article = 1 if words[0] == "a" else 0
    word = words[article] if len(words) > article else ""
    if word == "dozen":
        return 1.0, article
    if word not in VAGUE or (word == "few" and not article):
        return None, 1
    of = words[article + 1 : article + 2] == ["of"]
    return VAGUE[word], article + 1 + of


def times_scale(value: float, tokens: Sequence[Token], at: int) -> tuple[float, int]:
    """ "15 k", "3 hundred", "2 hundred thousand": the number times the scale behind it."""
    if at == len(tokens):
        return value, at
    token = tokens[at]
    if token.is_scale:
        return value * float(token.text), at + 1
    scale = (GLUED_SCALES if token.glued else SCALES).get(token.text)
    return (value, at) if scale is None else (value * scale, at + 1)


def plain(value: float) -> str:
    whole = round(value)
    return str(whole) if abs(value - whole) < 1e-6 else f"{value:.6f}".rstrip("0")
