"""Does a value the agent reports stand in what the caller said? Only then is it evidence."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from voice_service.analysis.answers import Answer
from voice_service.analysis.model import FactValue
from voice_service.analysis.numerals import SAID_NUMBER, digits_for_words, said_number
from voice_service.analysis.spoken import LONGEST_READ
from voice_service.analysis.spoken_email import DOT, SIGNS, addresses_in
from voice_service.analysis.spoken_phone import digits_in

NUMBER: Final = re.compile(rf"(?<!\S){SAID_NUMBER}(?!\S)")
# What is counted right behind a number: then the number is no head count.
COUNTED: Final = re.compile(
    r" (?:\w+ ){0,1}?(?:customers?|users?|clients?|patients?|members?|subscribers?|students?"
    r"|guests?"
    r"|visitors?|orders?|machines?|trucks?|vans?|vehicles?|cars?|locations?|stores?|shops?|branches"
    r"|units?|tickets?|loads?|dollars?|euros?|pounds?|grand|%|hours?|days?|weeks?|months?|years?"
    r"|minutes?|products?|items?|skus?|calls?|emails?|devices?|rooms?|tables?|bookings?|sites?"
    r"|a (?:month|week|day|year)|per)\b"
)
NOT_LETTERS: Final = re.compile(r"[\W_]+")
AT_SIGNS: Final = {"at", "@", "arroba", "\u00e4t"}
WORD: Final = re.compile(r"[^\W_]+")
CHUNK: Final = 60  # words read at once by text2num, whose time grows with the square of them


def number_stands(amount: float, answers: Sequence[Answer]) -> bool:
    """Whether a caller said a number, alone or as thousands: "about forty" for 40,000."""
    return any(amount in (said, said * 1000) for said in numbers_said(answers))


def head_count_stands(people: float, answers: Sequence[Answer]) -> bool:
    """Whether a caller said a number that does not count something else."""
    return any(
        said_number(match.group()) == people and not COUNTED.match(answer.text, match.end())
        for answer in answers
        for match in NUMBER.finditer(answer.text)
    ) or any(people == said for said in confirmed_numbers(answers))


def numbers_said(answers: Sequence[Answer]) -> Iterator[float]:
    for answer in answers:
        for match in NUMBER.finditer(answer.text):
            yield said_number(match.group())
    yield from confirmed_numbers(answers)


def confirmed_numbers(answers: Sequence[Answer]) -> Iterator[float]:
    """Those in the agent's question that a plain yes took over."""
    for answer in answers:
        if answer.says_yes:
            for match in NUMBER.finditer(answer.question.asked):
                yield said_number(match.group())


def email_stands(address: str, answers: Sequence[Answer], *, language: str) -> bool:
    """Whether the letters of an address were said in this order, however they were joined."""
    letters = NOT_LETTERS.sub("", address)
    return any(
        letters in letters_said(answer.spoken.said)
        or any(each.address == address for each in addresses_in(answer.spoken.said, language))
        for answer in answers
    )


def letters_said(said: str) -> str:
    words = WORD.findall(said[:LONGEST_READ].lower())
    return "".join(
        word for word in words if word not in DOT and word not in SIGNS and word not in AT_SIGNS
    )


def phone_stands(number: str, answers: Sequence[Answer], *, language: str) -> bool:
    """Whether the digits of a number in E.164 were said, its country's code or not."""
    said = "".join(
        each.text.lstrip("+")
        for answer in answers
        for each in digits_in(answer.spoken.said, language)
    )
    digits = number.lstrip("+")
    return any(digits[cut:] in said for cut in range(4)) and len(digits) > 6


def words_stand(words: FactValue, answers: Sequence[Answer]) -> bool:
    """Whether every word of a name was said in one turn."""
    wanted = {word.lower() for word in WORD.findall(str(words))}
    return bool(wanted) and any(
        wanted <= {word.lower() for word in WORD.findall(answer.spoken.said)} for answer in answers
    )


def foreign_number_stands(amount: float, answers: Sequence[Answer], *, language: str) -> bool:
    """As ``number_stands``, in a language of which only the numbers are read."""
    for answer in answers:
        words = answer.spoken.said[:LONGEST_READ].encode("utf-8", "replace").decode().split()
        for start in range(0, len(words), CHUNK):
            read = digits_for_words(" ".join(words[start : start + CHUNK]), language)
            for number in re.findall(r"\d+(?:[.,]\d+)*", read):
                plain = re.sub(r"[.,](?=\d{3}\b)", "", number).replace(",", ".")
                if plain.count(".") < 2 and float(plain) in (amount, amount / 1000):
                    return True
    return False
