"""What was said, made plain for patterns: lower case, no fillers, short forms written out."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from voice_service.analysis.numerals import Token, read_numeral, with_numbers
from voice_service.analysis.word_lists import words

LONGEST_READ: Final = 20_000  # characters of a turn; nobody speaks for half an hour on end
QUOTE_LENGTH: Final = 120
QUOTE_BEFORE: Final = 40  # characters kept in front of the words a quote is about
TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|[^\w\s]|[\d_]+")
HYPHEN: Final = re.compile(r"(?<=[^\W\d_])[-\u2013](?=[^\W\d_])")  # "forty-five", "follow-up"
FILLERS: Final = words("""um umm uh uhh er erm ah eh hm hmm hmmm mm uhm ahem""")
QUESTION_MARKS: Final = frozenset("?\uff1f")
SENTENCE_ENDS: Final = frozenset(".!;\u2026") | QUESTION_MARKS
KEPT_SIGNS: Final = frozenset("$\u20ac\u00a3%@+/-:\u2013")
IS_AFTER: Final = words("""it that there he she what who here where name how when this""")
WRITTEN_OUT: Final = {
    "can't": ("can", "not"),
    "cannot": ("can", "not"),
    "cant": ("can", "not"),
    "won't": ("will", "not"),
    "wont": ("will", "not"),
    "dont": ("do", "not"),
    "didnt": ("did", "not"),
    "doesnt": ("does", "not"),
    "isnt": ("is", "not"),
    "havent": ("have", "not"),
    "im": ("i", "am"),
    "ive": ("i", "have"),
    "weve": ("we", "have"),
    "thats": ("that", "is"),
    "theres": ("there", "is"),
    "let's": ("let", "us"),
    "lets": ("let", "us"),
    "gonna": ("going", "to"),
    "wanna": ("want", "to"),
    "gotta": ("have", "to"),
    "ok": ("okay",),
    "percent": ("%",),
}
SPECIAL: Final = FILLERS | WRITTEN_OUT.keys()
ENDINGS: Final = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would", "t": "not"}


@dataclass(frozen=True)
class Spoken:
    """A turn's words as patterns read them.

    ``text`` has one space between words, numbers as digits ("we run about 85 people"), "." or "?"
    as a word of its own where a sentence ends, and no commas: transcripts rarely have them right.
    """

    text: str
    said: str  # as transcribed
    places: tuple[tuple[int, int, int], ...]  # of each word: where in text, then in said from, to

    def quote(self, start: int, end: int) -> str:
        """The words as transcribed around ``text[start:end]``, at most 120 characters."""
        if len(self.said) <= QUOTE_LENGTH or not self.places:
            return self.said.strip()[:QUOTE_LENGTH]
        first = self.places[self.index(start)][1]
        last = self.places[self.index(max(end - 1, start))][2]
        room = QUOTE_LENGTH - (last - first)
        begin = max(first - min(max(room, 0), QUOTE_BEFORE), 0)
        return self.said[begin : begin + QUOTE_LENGTH].strip()

    def original(self, start: int, end: int) -> str:
        """``text[start:end]`` as transcribed."""
        if not self.places or start >= end:
            return ""
        return self.said[self.places[self.index(start)][1] : self.places[self.index(end - 1)][2]]

    def index(self, position: int) -> int:
        return max(bisect_right(self.places, (position, len(self.said) + 1, 0)) - 1, 0)


@lru_cache(maxsize=4096)
def spoken(said: str) -> Spoken:
    """Read a turn. The same agent's questions come up again and again, hence the cache."""
    said = said[:LONGEST_READ]
    tokens = with_numbers(plain_tokens(said))
    words: list[str] = []
    places: list[tuple[int, int, int]] = []
    at = 0
    for token in tokens:
        places.append((at, token.start, token.end))
        words.append(token.text)
        at += len(token.text) + 1
    return Spoken(text=" ".join(words), said=said, places=tuple(places))


def plain_tokens(said: str) -> list[Token]:
    tokens: list[Token] = []
    end = -1
    for match in TOKEN.finditer(HYPHEN.sub(" ", said)):
        start, glued = match.start(), match.start() == end
        end = match.end()
        word = match.group().lower()
        for text in (word,) if is_plain(word) else plain_words(word.replace("\u2019", "'")):
            if tokens and tokens[-1].text == "e" and text in ("mail", "mails", "commerce"):
                text, start = "e" + text, tokens.pop().start
            tokens.append(Token(text, start, end, glued))
    return tokens


def is_plain(word: str) -> bool:
    return word.isalpha() and word not in SPECIAL


def plain_words(word: str) -> tuple[str, ...]:
    """A token as the words it stands for; none for a filler or a sign that says nothing."""
    if word in FILLERS:
        return ()
    if word in WRITTEN_OUT:
        return WRITTEN_OUT[word]
    if word[0].isdecimal():
        return (read_numeral(word) if word.isascii() else word,)
    if not word[0].isalpha():
        return sign(word)
    return parted(word) if "'" in word else (word,)


def sign(word: str) -> tuple[str, ...]:
    if word in SENTENCE_ENDS:
        return ("?" if word in QUESTION_MARKS else ".",)
    return (word.replace("\u2013", "-"),) if word in KEPT_SIGNS else ()


def parted(word: str) -> tuple[str, ...]:
    """ "We're" as "we are"; a possessive keeps its ending as a word of its own."""
    stem, _, ending = word.rpartition("'")
    if ending == "t" and stem.endswith("n"):
        return (stem[:-1], "not")
    if ending == "s":
        return (stem, "is") if stem in IS_AFTER else (stem, "'s")
    return (stem, ENDINGS[ending]) if ending in ENDINGS else (word.replace("'", ""),)
