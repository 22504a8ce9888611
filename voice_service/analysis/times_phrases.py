"""Where a text speaks of days and times: mentions, and the phrases they make together."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from voice_service.analysis.expressions import Together
from voice_service.analysis.times_english import VOCABULARY as ENGLISH
from voice_service.analysis.times_german import VOCABULARY as GERMAN
from voice_service.analysis.times_reading import READERS
from voice_service.analysis.times_spanish import VOCABULARY as SPANISH
from voice_service.analysis.times_vocabulary import Vocabulary
from voice_service.analysis.times_wish import Wish, merged

VOCABULARIES: Final[Mapping[str, Vocabulary]] = {
    vocabulary.language: vocabulary for vocabulary in (ENGLISH, GERMAN, SPANISH)
}
GREETING: Final = "greeting"
GROUP_NAME: Final = re.compile(r"\(\?P<[a-z_]+>")
DIGIT: Final = re.compile(r"[0-9]")
LONGEST_WORD: Final = 24  # a longer neighbour is not one of the words that are looked for
LONGEST_CONNECTION: Final = 30


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Words for one thing, at ``[first, last)`` of a canonical text."""

    kind: str
    first: int
    last: int
    wish: Wish | None  # None: nothing that can be booked, such as "last Tuesday"
    weak: bool = False  # means a time only in the company of others
    sure: bool = False  # has that company in its own words


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """Mentions with nothing between them but words that connect them."""

    first: int
    last: int
    wish: Wish | None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A canonical text that is read in a language.

    ``answering``: it answers a question for a time, so that "ten" is one.
    """

    text: str
    vocabulary: Vocabulary
    answering: bool = False

    def connects(self, first: int, last: int) -> bool:
        if last - first > LONGEST_CONNECTION:
            return False
        return self.vocabulary.connecting.issuperset(self.text[first:last].split())

    def before(self, position: int) -> str:
        """The last word or two."""
        return self.text[max(position - LONGEST_WORD, 0) : position].rstrip(" ")

    def word_after(self, position: int) -> str:
        return self.text[position : position + LONGEST_WORD].lstrip(" ").partition(" ")[0]


def find_phrases(reading: Reading) -> list[Phrase]:
    """In their order."""
    phrases: list[Phrase] = []
    for mention in sure_mentions(reading):
        phrase = Phrase(first=mention.first, last=mention.last, wish=mention.wish)
        together = phrases and reading.connects(phrases[-1].last, mention.first)
        one = one_phrase(phrases[-1], phrase) if together else None
        if one:
            phrases[-1] = one
        else:
            phrases.append(phrase)
    return phrases


def one_phrase(first: Phrase, second: Phrase) -> Phrase | None:
    """The two as one; None where they say different things of the same kind."""
    wish = first.wish and second.wish and merged(first.wish, second.wish)
    if wish and wish.unclear:
        return None
    return Phrase(first=first.first, last=second.last, wish=wish)


def sure_mentions(reading: Reading) -> Iterator[Mention]:
    """Mentions without the weak ones that nothing supports."""
    before: Mention | None = None
    for mention, after in pairwise([*all_mentions(reading), None]):
        assert mention is not None
        if mention.kind == GREETING:
            before = None
        elif not mention.weak or is_supported(mention, before, after, reading):
            yield mention
            before = mention


def all_mentions(reading: Reading) -> Iterator[Mention]:
    if not reading.answering and DIGIT.search(reading.text) is None:
        kinds, of_any_text = kinds_together(reading.vocabulary.language)
        if kinds.found(reading.text) == of_any_text:
            return  # at most the bare name of a zone, which nothing here supports
    everything, each = lexer(reading.vocabulary.language)
    for match in everything.finditer(reading.text):
        kind, pattern = each[match.lastgroup or ""]
        exact = pattern.match(reading.text, match.start())
        assert exact is not None  # it is one of the alternatives of ``everything``
        groups = exact.groupdict()
        yield Mention(
            kind=kind,
            first=exact.start(),
            last=exact.end(),
            wish=READERS[kind](groups, reading.vocabulary),
            weak=is_weak(exact.group(), groups),
            sure=groups.get("sure") is not None,
        )


def is_weak(words: str, groups: Mapping[str, str | None]) -> bool:
    stated = groups.get("half") or groups.get("end_half") or " : " in words
    return groups.get("weak") is not None and not stated


def is_supported(
    mention: Mention, before: Mention | None, after: Mention | None, reading: Reading
) -> bool:
    """Whether what stands around a weak mention makes it one of a time."""
    left = before if before and reading.connects(before.last, mention.first) else None
    right = after if after and reading.connects(mention.last, after.first) else None
    if mention.kind == "zone":
        timed = left is not None and left.kind in ("clock", "part")  # "ten in the morning Eastern"
        follows = timed and left is not None and mention.first - left.last == 1
        return follows or reading.answering or is_home(mention, reading)
    following = reading.word_after(mention.last)
    previous = reading.before(mention.first).rpartition(" ")[2]
    counts = following in reading.vocabulary.counted
    if right is not None and right.first - mention.last == 1:
        counts = False  # "3 hora de Madrid"
    if counts or following.isdecimal() or previous.isdecimal():
        return False
    if supports(left, mention, reading) or supports(right, mention, reading):
        return True
    answer = reading.answering and previous not in reading.vocabulary.pointing
    fitting = right is not None or not following or following in reading.vocabulary.followers
    return fitting and (answer or is_prompted(mention, reading))


def supports(other: Mention | None, mention: Mention, reading: Reading) -> bool:
    """Beside a day or its part a number is a time of it; beside a time, it may be that day."""
    if other is None or other.wish is None or other.kind == mention.kind:
        return False
    return not other.weak or is_prompted(other, reading)


def is_home(mention: Mention, reading: Reading) -> bool:
    """A city that a caller says to be in."""
    lives_in = reading.vocabulary.dialogue.lives_in
    return mention.sure and lives_in.search(reading.before(mention.first)) is not None


def is_prompted(mention: Mention, reading: Reading) -> bool:
    return mention.sure or reading.vocabulary.at.search(reading.before(mention.first)) is not None


@cache
def kinds_together(language: str) -> tuple[Together, Collection[int]]:
    """The kinds of mentions, and those of them that need a digit or a zone's short name."""
    together = Together()
    for _, source in VOCABULARIES[language].kinds:
        together.add(re.compile(source))
    return together, together.found("")


@cache
def lexer(language: str) -> tuple[re.Pattern[str], Mapping[str, tuple[str, re.Pattern[str]]]]:
    """One pattern that finds any kind of mention, and each alone by the name of its group there."""
    alone = {
        f"{kind}_{number}": (kind, f"(?:{source})(?!\\S)")
        for number, (kind, source) in enumerate(VOCABULARIES[language].kinds)
    }
    anonymous = "|".join(
        f"(?P<{name}>{GROUP_NAME.sub('(?:', source)})" for name, (_, source) in alone.items()
    )
    everything = re.compile(rf"(?<!\S)(?:{anonymous})")
    return everything, {name: (kind, re.compile(source)) for name, (kind, source) in alone.items()}
