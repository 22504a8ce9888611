"""E-mail addresses as callers say them: "j dot smith at north line dot com"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from voice_service.analysis.contact import read_email
from voice_service.analysis.numerals import digits_for_words
from voice_service.analysis.spoken import FILLERS, LONGEST_READ
from voice_service.analysis.word_lists import words

WRITTEN: Final = re.compile(
    r"(?<![\w.+@-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}(?![\w@])",
    re.IGNORECASE | re.ASCII,
)
WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?|[@_+-]|\.(?=\S)")
# What stands for a sign, in the languages whose numbers can be read as well.
AT: Final = frozenset({"@", "at", "arroba", "\u00e4t", "klammeraffe"})
DOT: Final = frozenset({".", "dot", "point", "period", "punto", "punkt"})
SAYS_AT: Final = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(AT))})(?!\w)|@", re.IGNORECASE)
SAYS_DOT: Final = re.compile(r"(?<!\w)(?:dot|point|period|punto|punkt)(?!\w)|\.\w", re.IGNORECASE)
SIGNS: Final = {
    "_": "_",
    "underscore": "_",
    "unterstrich": "_",
    "-": "-",
    "dash": "-",
    "hyphen": "-",
    "minus": "-",
    "bindestrich": "-",
    "guion": "-",
    "gui\u00f3n": "-",
    "+": "+",
    "plus": "+",
    "m\u00e1s": "+",
}
COUNTRY_OR_OLD: Final = (
    "com net org edu gov mil int info biz name pro app dev tech online store shop agency studio "
    "health law legal design digital group global travel solutions services consulting systems "
    "software company media news blog site website space live life work world today club cloud "
    "email bank care clinic dental energy farm film finance fit fund garden gmbh help "
    "homes house immo marketing museum network photo plus properties realty school security supply "
    "support team tools training ventures video vet wine works xyz academy art auto bar berlin "
    "bike build business cafe center city coffee community construction credit dance doctor "
    "engineering estate events expert express foundation gallery games gold golf guru haus hotel "
    "industries institute insurance international kitchen land limited london management market "
    "mobi nyc one partners parts pizza productions rentals repair restaurant sale salon social "
    "surf tax taxi technology tours town toys trade university yoga zone"
)
ENDINGS: Final = frozenset(COUNTRY_OR_OLD.split())
LONGEST_LABEL: Final = 5  # words of a spoken domain between two dots
LONGEST_LOCAL: Final = 12  # words, most of them single letters
# Right before the "at", these make it a place instead of an address.
NO_LOCAL: Final = words(
    """to us me we work works working are look looking site website it is store him her them
    here am live there online page i and that find found or just shop based located be not
    one time you we're i'm they're it's that's guys check arrive meet call home office
    start being available back today tomorrow"""
)
# Where an address begins: nothing from these words on backwards belongs to it.
BEFORE: Final = words(
    """is it's its email mail e address under to use try that's thats my the yes yeah sure
    okay ok so well at me reach contact send be would was are i you have already and or
    with name's correo es mi su la el lautet ist meine die unter adresse please best hi no
    sorry actually mean right new good better just only maybe for via about personal work
    business company account on by then it wait not as of a an write put again again's
    simply"""
)
ANNOUNCED: Final = words("""is it's its email mail address that's thats es ist lautet under to""")
RUN_TOGETHER: Final = re.compile(
    r"(?:\b(?:all )?(?:in )?one word|all (?:lower ?case|together|small)|lower ?case|no spaces?"
    r"|together|junto|zusammen)\b",
    re.IGNORECASE,
)
SPELLING: Final = re.compile(
    r"\b([a-z])(?: for| as in| like| wie| de| as)\s+(?=\1)[a-z]{3,}\b", re.IGNORECASE
)
DOUBLED: Final = re.compile(r"\bdouble ([a-z])\b", re.IGNORECASE)
CAPITAL: Final = re.compile(r"\b(?:capital|upper ?case|big|small) (?=[a-z]\b)", re.IGNORECASE)


@dataclass(frozen=True)
class SpokenAddress:
    """A valid address and where it was said, in the words as transcribed."""

    address: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    start: int
    end: int
    joined: bool = False  # "all one word" was said behind it


def addresses_in(said: str, language: str = "en") -> list[SpokenAddress]:
    """The addresses of a turn in the order said, written or spoken; placeholders are none."""
    said = said[:LONGEST_READ]
    found = [
        SpokenAddress(address, match.start(), match.end())
        for match in WRITTEN.finditer(said)
        if (address := valid(match.group()))
    ]
    if not (SAYS_AT.search(said) and SAYS_DOT.search(said)):
        return found
    taken = {place for each in found for place in range(each.start, each.end)}
    found.extend(each for each in spoken_addresses(said, language) if each.start not in taken)
    return sorted(found, key=lambda each: each.start)


def valid(address: str) -> str | None:
    try:
        return read_email(address)
    except ValueError:
        return None


def spoken_addresses(said: str, language: str) -> Iterator[SpokenAddress]:
    pieces = pieces_of(said)
    for at, piece in enumerate(pieces):
        if piece.text in AT:
            domain, end = domain_after(pieces, at + 1, language)
            local, start = local_before(pieces, at - 1, language) if domain else ("", at)
            address = valid(f"{local}@{domain}") if local else None
            if address:
                yield SpokenAddress(address, pieces[start].start, pieces[end - 1].end)


def pieces_of(said: str) -> list[Piece]:
    """The words that can be part of an address; "p as in papa" is a p, "double t" two of them."""
    plain = said
    for pattern in (SPELLING, DOUBLED, CAPITAL):
        plain = pattern.sub(lambda match: respelled(match), plain)
    joined = [match.span() for match in RUN_TOGETHER.finditer(plain)]
    for start, end in joined:
        plain = plain[:start] + " " * (end - start) + plain[end:]
    pieces: list[Piece] = []
    marks = iter([*joined, (len(plain), len(plain))])
    mark = next(marks)
    for match in WORD.finditer(plain):
        text = match.group().lower().replace("\u2019", "'")
        if text in FILLERS:
            continue
        while mark[0] < match.start():
            if pieces:
                pieces[-1] = Piece(pieces[-1].text, pieces[-1].start, pieces[-1].end, joined=True)
            mark = next(marks)
        pieces.append(Piece(text, match.start(), match.end()))
    return pieces


def respelled(match: re.Match[str]) -> str:
    """The letters meant, in as much room, so that places stay what they were."""
    whole = match.group()
    letter = match.group(1) if match.re.groups else ""
    letters = f"{letter} {letter}" if match.re is DOUBLED else letter
    return letters.ljust(len(whole))


def domain_after(pieces: Sequence[Piece], at: int, language: str) -> tuple[str, int]:
    """The domain said from ``at`` on and where it ends; empty when there is none."""
    labels: list[str] = []
    while (dot := next_dot(pieces, at)) is not None:
        labels.append(label(pieces[at:dot], language))
        at = dot + 1
        ending, end = ending_at(pieces, at)
        if ending and not (end < len(pieces) and pieces[end].text in DOT):
            return ".".join((*labels, ending)), end
    return "", at


def next_dot(pieces: Sequence[Piece], at: int) -> int | None:
    for place in range(at, min(at + LONGEST_LABEL + 1, len(pieces))):
        if pieces[place].text in DOT:
            return place if place > at else None
        if pieces[place].text in AT:
            return None
    return None


def ending_at(pieces: Sequence[Piece], at: int) -> tuple[str, int]:
    """ "com", "c o m", "io", "uk"; empty where no domain can end."""
    end = at
    letters = ""
    while end < len(pieces) and len(pieces[end].text) == 1 and pieces[end].text.isalpha():
        letters += pieces[end].text
        end += 1
    if letters:
        return (letters, end) if is_ending(letters) else ("", at)
    word = pieces[at].text if at < len(pieces) else ""
    return (word, at + 1) if is_ending(word) else ("", at)


def is_ending(word: str) -> bool:
    return word in ENDINGS or (len(word) == 2 and word.isascii() and word.isalpha())


def label(pieces: Sequence[Piece], language: str) -> str:
    return "".join(signs_and_digits([piece.text for piece in pieces], language))


def signs_and_digits(words: Sequence[str], language: str) -> list[str]:
    """Signs for their names; number words as digits, several of them read together."""
    result: list[str] = []
    for word in words:
        if word in DOT or word in SIGNS:
            result.append("." if word in DOT else SIGNS[word])
        elif word == "o" and result and result[-1].isdigit():
            result.append("0")
        else:
            result.append(word.replace("'", ""))
    if len(words) == 1 and language == "en" and words[0] == "one":
        return result
    return digits_for_words(readable(" ".join(result)), known(language)).split()


def readable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def known(language: str) -> str:
    return language if language in ("en", "de", "es") else "en"


def local_before(pieces: Sequence[Piece], last: int, language: str) -> tuple[str, int]:
    """The part before the "at", read backwards from ``last``, and where it begins."""
    if last < 0 or pieces[last].text in NO_LOCAL or not is_word(pieces[last].text):
        return "", last
    first = last
    while first > 0 and last - first < LONGEST_LOCAL:
        step = belongs(pieces, first, last, language)
        if not step:
            break
        first -= step
    words = [piece.text for piece in pieces[first : last + 1]]
    return "".join(signs_and_digits(words, language)), first


def belongs(pieces: Sequence[Piece], first: int, last: int, language: str) -> int:
    """How many of the words before ``first`` belong to the address as well."""
    before, word = pieces[first - 1].text, pieces[first].text
    if before in DOT or before in SIGNS:
        more = first >= 2 and is_word(pieces[first - 2].text)
        return 2 if more and pieces[first - 2].text not in ANNOUNCED else 0
    if before in BEFORE and not (len(before) == 1 and is_single(word, language)):
        return 0
    if not is_word(before):
        return 0
    if is_single(before, language) and (len(before) > 1 or before != "i" or is_single(word, "")):
        return 1
    if (is_single(word, language) and word.isdigit()) or is_number_word(word, language):
        return 1
    if pieces[last].joined:
        return 1
    return announced(pieces, first)


def announced(pieces: Sequence[Piece], first: int) -> int:
    """ "My email is jane smith at …": what follows the announcement belongs together."""
    for steps in (1, 2):
        place = first - steps - 1
        if pieces[first - steps].text in BEFORE or not is_word(pieces[first - steps].text):
            return 0
        if place >= 0 and pieces[place].text in ANNOUNCED:
            return steps
        if place < 0 and steps == 1:  # nothing else stands before it
            return steps
    return 0


def is_word(text: str) -> bool:
    return text[0].isalnum() and text not in AT and text not in DOT and text not in SIGNS


def is_single(text: str, language: str) -> bool:
    """A letter or a digit, as addresses are spelled."""
    return len(text) == 1 or is_number_word(text, language)


def is_number_word(text: str, language: str) -> bool:
    if text.isdigit():
        return True
    if not text.isalpha() or not language:
        return False
    return digits_for_words(text, known(language)).isdigit()
