"""Card numbers and the like are masked before anything is judged or stored. Pure.

People type card numbers in groups, say them digit by digit, and stop half-way for the agent's
"go on". So digits are read across the turns of one speaker, with fillers between them left out,
and what passes for a card number (an issuer's prefix, its length, the Luhn check) is replaced in
every turn that holds a part of it. Bank accounts (IBAN) are found by their own check, and the
three or four digits of a card's security code by the words before them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from voice_service.analysis.model import Turn

CARD: Final = "[card number]"
ACCOUNT: Final = "[account number]"
CODE: Final = "[security code]"

ENGLISH: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
GERMAN: Final = (
    "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun",
)  # fmt: skip
SPANISH: Final = (
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve",
)  # fmt: skip
DIGITS: Final[Mapping[str, str]] = {
    **{word: str(n) for words in (ENGLISH, GERMAN, SPANISH) for n, word in enumerate(words)},
    **dict.fromkeys(("oh", "o", "nought", "naught", "nil"), "0"),
    "zwo": "2",
}
TENS: Final[Mapping[str, str]] = {
    "twenty": "2", "thirty": "3", "forty": "4", "fifty": "5", "sixty": "6", "seventy": "7",
    "eighty": "8", "ninety": "9",
}  # fmt: skip
TIMES: Final[Mapping[str, int]] = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
# What people say between the digits of one number.
FILLERS: Final = frozenset((
    "a", "ah", "again", "and", "card", "comma", "dash", "er", "erm", "go", "goes", "hyphen", "is",
    "it", "its", "number", "ok", "okay", "point", "right", "so", "sorry", "space", "sure", "that",
    "the", "then", "uh", "uhm", "um", "well", "with", "yeah", "yep", "yes",
))  # fmt: skip
MOST_FILLERS: Final = 8  # in a row, also over the border of two turns

SHORTEST: Final = 13
LONGEST: Final = 19
# Issuers' prefixes with the lengths of their numbers: Visa, Mastercard, American Express,
# Diners, JCB, Discover, UnionPay, Maestro.
ISSUERS: Final = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11,16}|35(?:2[89]|[3-8]\d)\d{12,15}"
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|62\d{14,17}|(?:5[06-8]|6\d)\d{11,17}"
)
TOKEN: Final = re.compile(r"\d+|[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b", re.IGNORECASE | re.ASCII)
SECURITY_CODE: Final = re.compile(
    r"(\b(?:cvv2?|cvc2?|cid|security code|verification (?:code|number)|three digits on the back)\b"
    r"[^\d\n]{0,24}?)((?:\d[ -]?){2,3}\d)(?!\d)",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A few digits said in one breath: where they stand, and what they are."""

    text: int  # index of the text they stand in
    start: int
    end: int
    digits: str


def mask_turns(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The same turns without card numbers, also where one is spread over several turns."""
    texts = mask_texts([turn.text for turn in turns], [turn.role for turn in turns])
    originals = [mask_text(turn.original_text) for turn in turns]
    return tuple(
        replace(
            turn,
            text=text,
            original_text=original,
            tool_calls=mask_value(turn.tool_calls),
            tool_results=mask_value(turn.tool_results),
        )
        for turn, text, original in zip(turns, texts, originals, strict=True)
    )


def mask_value(value: Any) -> Any:
    """Any JSON-like value with the texts in it masked; a number may be a card's as well."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return CARD if is_card(str(value)) else value
    if isinstance(value, Mapping):
        return {key: mask_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [mask_value(item) for item in value]
    return value


def mask_text(text: str | None) -> str | None:
    return mask_texts([text], [""])[0]


def mask_texts(texts: Sequence[str | None], speakers: Sequence[str]) -> list[str | None]:
    """Mask texts that were said one after the other; a number may go on in a later one.

    Args:
        texts: None where nothing was said.
        speakers: of each text; a number goes on in the same speaker's next text.
    """
    found: dict[int, list[tuple[int, int]]] = {}
    for speaker in dict.fromkeys(speakers):
        own = [at for at, who in enumerate(speakers) if who == speaker]
        for run in runs((at, texts[at] or "") for at in own):
            for number in card_numbers(run):
                for at, start, end in spans(number):
                    found.setdefault(at, []).append((start, end))
    return [
        text if text is None else mask_others(cut(text, found.get(at, [])))
        for at, text in enumerate(texts)
    ]


def cut(text: str, places: Iterable[tuple[int, int]]) -> str:
    for start, end in sorted(places, reverse=True):
        text = text[:start] + CARD + text[end:]
    return text


def mask_others(text: str) -> str:
    """Bank accounts and security codes: each stands in one text."""
    text = IBAN.sub(mask_account, text)
    return SECURITY_CODE.sub(lambda match: match[1] + CODE, text)


def mask_account(match: re.Match[str]) -> str:
    """The words after an account number look like more of it: the longest that checks is it."""
    groups = match[0].split(" ")
    for many in range(len(groups), 0, -1):
        if is_iban("".join(groups[:many])):
            return " ".join([ACCOUNT, *groups[many:]])
    return match[0]


def runs(texts: Iterable[tuple[int, str]]) -> Iterable[list[Piece]]:
    """Digits that follow one another with no more than fillers between them."""
    run: list[Piece] = []
    fillers = 0
    for piece in pieces(texts):
        if piece is None:
            fillers += 1
            if fillers > MOST_FILLERS:
                yield run
                run = []
        elif piece.digits:
            run.append(piece)
            fillers = 0
        else:
            yield run
            run = []
    yield run


def ends_number(text: str) -> bool:
    """Whether it has a word that is never said within a number: none goes on past this text."""
    return any(piece is not None and not piece.digits for piece in pieces([(0, text)]))


def pieces(texts: Iterable[tuple[int, str]]) -> Iterable[Piece | None]:
    """Digits as they are said; None for a filler, and a piece without digits for other words."""
    for at, text in texts:
        words = [
            (match.start(), match.end(), match[0].casefold()) for match in TOKEN.finditer(text)
        ]
        place = 0
        while place < len(words):
            used, digits = read_digits([word for _, _, word in words[place : place + 2]])
            start, end = words[place][0], words[place + used - 1][1]
            is_filler = not digits and words[place][2] in FILLERS
            yield None if is_filler else Piece(text=at, start=start, end=end, digits=digits)
            place += used


def read_digits(words: Sequence[str]) -> tuple[int, str]:
    """How many of one or two words are digits said together, and which: ``double seven``, ``forty
    two``, ``hundred``; no digits for any other word."""
    word, after = words[0], digits_of(words[1]) if len(words) > 1 else ""
    if word in TIMES and after:
        return 2, after * TIMES[word]
    if word in TENS:
        joins = len(after) == 1 and after != "0"
        return (2, TENS[word] + after) if joins else (1, TENS[word] + "0")
    return 1, "00" if word == "hundred" else digits_of(word)


def digits_of(word: str) -> str:
    return word if word.isascii() and word.isdigit() else DIGITS.get(word, "")


def card_numbers(run: Sequence[Piece]) -> Iterable[Sequence[Piece]]:
    """The parts of a run that are card numbers, the longest first at each place."""
    begin = 0
    while begin < len(run):
        end = longest_card(run, begin)
        if end is None:
            begin += 1
        else:
            yield run[begin:end]
            begin = end


def longest_card(run: Sequence[Piece], begin: int) -> int | None:
    digits, longest = "", None
    for end in range(begin, len(run)):
        digits += run[end].digits
        if len(digits) > LONGEST:
            break
        if is_card(digits):
            longest = end + 1
    return longest


def spans(number: Sequence[Piece]) -> Iterable[tuple[int, int, int]]:
    """Text, start and end of what to replace: one place in every text that holds a part."""
    for at in dict.fromkeys(piece.text for piece in number):
        own = [piece for piece in number if piece.text == at]
        yield at, own[0].start, own[-1].end


def is_card(digits: str) -> bool:
    return (
        SHORTEST <= len(digits) <= LONGEST
        and ISSUERS.fullmatch(digits) is not None
        and passes_luhn(digits)
    )


def passes_luhn(digits: str) -> bool:
    """Source: ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def is_iban(plain: str) -> bool:
    """Source: ISO 13616; the rearranged number is 1 modulo 97."""
    moved = plain[4:] + plain[:4]
    return 15 <= len(plain) <= 34 and int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1
