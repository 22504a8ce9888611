"""Phone numbers as callers say them: "area code six one four, double five five, oh one …"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from voice_service.analysis.answers import CORRECTION, Answer
from voice_service.analysis.contact import read_phone
from voice_service.analysis.model import Fact
from voice_service.analysis.numerals import digits_for_words
from voice_service.analysis.spoken import FILLERS, LONGEST_READ
from voice_service.analysis.word_lists import words

WORD: Final = re.compile(r"[^\W\d_]+|\d+|\+")
NUMBER_WORDS: Final = {
    "en": words(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen
        fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty
        sixty seventy eighty ninety hundred thousand"""
    ),
    "es": words(
        """cero uno una dos tres cuatro cinco seis siete ocho nueve diez once doce trece
        catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno
        veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho
        veintinueve treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento
        doscientos trescientos cuatrocientos quinientos seiscientos setecientos
        ochocientos novecientos"""
    ),
    "de": words(
        """null ein eins zwei zwo drei vier fünf sechs sieben acht neun zehn elf zwölf
        zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"""
    ),
}
AND: Final = {"es": "y", "de": "und"}  # inside a number, as in "treinta y dos"
DIGITS: Final = words("""one two three four five six seven eight nine""")
ZEROS: Final = frozenset({"oh", "o", "zero", "nought", "naught", "cero", "null"})
TIMES: Final = {"double": 2, "triple": 3, "doble": 2, "doppel": 2}
PLUS: Final = frozenset({"+", "plus", "m\u00e1s"})
# Words people put between the groups of a number.
BETWEEN: Final = FILLERS | words(
    """and then area code dash hyphen minus space like slash country dot point with extension
    is yeah okay so y guión guion prefijo vorwahl und"""
)
OTHER_NUMBERS: Final = re.compile(
    r"\b(?:order|invoice|account|ticket|reference|tracking|card|zip|postal|policy|case|serial|vat"
    r"|licen[cs]e|model|part|budget|revenue|fax)\b(?: \w+){0,4}\W*$"
)
PHONE: Final = re.compile(r"\b(?:phone|number|cell|mobile|call|reach|area code|digits)\b")
FEWEST_DIGITS: Final = 7
FEWEST_WHOLE: Final = 9  # … with its area code; less may be a part of one
MOST_DIGITS: Final = 15  # E.164
STUTTER: Final = re.compile(r"(\d)\1{3,}")
FEWEST_KEPT: Final = 3  # digits of a number that may go on in the caller's next turn


@dataclass(frozen=True)
class Digits:
    """Digits said in one go and where, in the words as transcribed."""

    text: str  # with a leading "+" when it was said
    start: int
    end: int

    @property
    def count(self) -> int:
        return len(self.text.lstrip("+"))


def spoken_phone(answers: Sequence[Answer], *, timezone: str, language: str) -> Fact | None:
    """The last complete number, as E.164; digits given in several turns are put together."""
    number: str | None = None
    digits = ""
    fact: Fact | None = None
    for answer in answers:
        for said in digits_in(answer.spoken.said, language):
            whole = completed(answer, said, digits, number, timezone)
            digits = said.text if whole is None and about_phone(answer) else ""
            if whole is not None:
                number = whole
                fact = made(answer, whole, said)
        if answer.says_yes and (asked := asked_number(answer, timezone)):
            number, fact = asked, made(answer, asked, Digits("", 0, len(answer.text)))
    return fact


def about_phone(answer: Answer) -> bool:
    return answer.asks("contact") or PHONE.search(answer.text) is not None


def made(answer: Answer, number: str, said: Digits) -> Fact:
    quote = answer.spoken.said[max(said.start - 20, 0) :].strip()[:120]
    return Fact(
        name="phone",
        value=number,
        source="transcript",
        turn=answer.position,
        quote=quote,
        confidence=0.9,
    )


def completed(
    answer: Answer, said: Digits, before: str, number: str | None, timezone: str
) -> str | None:
    """The number these digits make: alone, with those said before them, or as a correction."""
    text = answer.spoken.said
    if OTHER_NUMBERS.search(text[max(said.start - 60, 0) : said.start].lower()):
        return None
    if said.count >= FEWEST_DIGITS and (whole := valid(said.text, timezone)):
        return whole
    if len(before) >= FEWEST_KEPT and (whole := valid(before + said.text, timezone)):
        return whole
    asked = answer.asks("contact") and said.count >= FEWEST_WHOLE
    if asked and (whole := valid(said.text, timezone, given=True)):
        return whole
    if said.count > FEWEST_DIGITS and (whole := without_stutter(said.text, timezone)):
        return whole
    corrected = CORRECTION.search(text[max(said.start - 40, 0) : said.start].lower())
    if number and corrected and 2 <= said.count < FEWEST_DIGITS:
        return valid(number[: -said.count] + said.text, timezone)
    return None


def without_stutter(digits: str, timezone: str) -> str | None:
    """The number with one digit less where one was heard too often: "five five five five"."""
    numbers = {
        number
        for match in STUTTER.finditer(digits)
        if (number := valid(digits[: match.start()] + digits[match.start() + 1 :], timezone))
    }
    return numbers.pop() if len(numbers) == 1 else None


def valid(digits: str, timezone: str, *, given: bool = False) -> str | None:
    if not FEWEST_DIGITS <= len(digits.lstrip("+")) <= MOST_DIGITS:
        return None
    try:
        return read_phone(digits, timezone=timezone, given=given)
    except ValueError:
        return None


def asked_number(answer: Answer, timezone: str) -> str | None:
    """The number in the agent's question: "is 614 555 0199 the best number?"."""
    for said in digits_in(answer.question.asked, "en"):
        if number := valid(said.text, timezone):
            return number
    return None


def digits_in(said: str, language: str) -> Iterator[Digits]:
    """Every row of digits in a turn, spoken or written, with fillers left out."""
    group: list[tuple[str, int, int]] = []
    words = number_words(language)
    for match in WORD.finditer(said[:LONGEST_READ]):
        word = match.group().lower()
        if word.isdecimal() or word in words or word in PLUS:
            group.append((word, match.start(), match.end()))
        elif group and word not in BETWEEN:
            yield from read_group(group, language)
            group = []
    yield from read_group(group, language)


def number_words(language: str) -> frozenset[str]:
    return NUMBER_WORDS.get(language, NUMBER_WORDS["en"]) | ZEROS | TIMES.keys()


def read_group(group: Sequence[tuple[str, int, int]], language: str) -> Iterator[Digits]:
    """The digits of a group; a "plus" in it begins a new number."""
    row: list[tuple[str, int, int]] = []
    for item in group:
        if item[0] in PLUS and row:
            yield from read_row(row, language)
            row = []
        row.append(item)
    yield from read_row(row, language)


def read_row(row: Sequence[tuple[str, int, int]], language: str) -> Iterator[Digits]:
    text = "".join(read_digits([word for word, _, _ in row], language))
    if sum(map(str.isdigit, text)) >= 2:
        yield Digits(text, row[0][1], row[-1][2])


def read_digits(words: Sequence[str], language: str) -> Iterator[str]:
    known = language if language in NUMBER_WORDS else "en"
    spoken: list[str] = []
    times = 1
    for word in words:
        if word in TIMES:
            times = TIMES[word]
            continue
        digit = "0" if word in ZEROS else "+" if word in PLUS else word
        if times > 1 and not digit.isdecimal():
            digit = digits_for_words(word, known)
        if digit.isdecimal() or digit == "+":
            yield from read_words(spoken, known)
            spoken = []
            yield digit * times if len(digit) == 1 else digit
        else:
            if spoken[-1:] == ["hundred"] and word in DIGITS:
                yield from read_words(spoken, known)  # "eight hundred, five five five"
                spoken = []
            spoken.append(word)
        times = 1
    yield from read_words(spoken, known)


def read_words(words: Sequence[str], language: str) -> Iterator[str]:
    if words:
        yield from re.findall(r"\d+", digits_for_words(" ".join(words), language))
