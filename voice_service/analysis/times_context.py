"""Which phrases about time are wishes, by the words around them, and what they come to together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from voice_service.analysis.times_phrases import Phrase, Reading, find_phrases
from voice_service.analysis.times_vocabulary import Context
from voice_service.analysis.times_wish import Wish, merged, replaced

LOOKED_BACK: Final = 100  # characters
LOOKED_AHEAD: Final = 50
FEW_WORDS: Final = 5  # beside a phrase: then it is what the sentence is about
LONGEST_SHORT: Final = 1_000
STOPS: Final = re.compile("[.;?!,]")

Question: TypeAlias = Literal["time", "booking", "project", ""]


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A phrase that can be a wish, and how it stands to the one before it."""

    first: int
    last: int
    wish: Wish
    joint: Literal["", "or", "correction"]


def find_stated(reading: Reading) -> list[Stated]:
    """The phrases that neither refuse a time nor tell a deadline, in their order."""
    phrases = find_phrases(reading)
    context = reading.vocabulary.context
    befores = words_before(phrases, reading)
    dropped = [
        is_dropped(phrase, before, reading) for phrase, before in zip(phrases, befores, strict=True)
    ]
    spread(dropped, befores, context)
    stated: list[Stated] = []
    for index, phrase in enumerate(phrases):
        if dropped[index] or phrase.wish is None:
            continue
        after_dropped = index > 0 and dropped[index - 1]
        stated.append(
            Stated(
                first=phrase.first,
                last=phrase.last,
                wish=phrase.wish,
                joint=joint(befores[index], phrase, reading, after_dropped=after_dropped),
            )
        )
    return stated


def words_before(phrases: Sequence[Phrase], reading: Reading) -> list[str]:
    """What stands between each phrase and the one before it, as far as it is looked at."""
    ends = [0, *(phrase.last for phrase in phrases)]
    return [
        reading.text[max(end, phrase.first - LOOKED_BACK) : phrase.first].strip()
        for end, phrase in zip(ends, phrases, strict=False)
    ]


def words_after(phrase: Phrase | Stated, reading: Reading) -> str:
    return reading.text[phrase.last : phrase.last + LOOKED_AHEAD].strip()


def is_dropped(phrase: Phrase, before: str, reading: Reading) -> bool:
    context = reading.vocabulary.context
    clause = since_turning(before, context)
    return (
        phrase.wish is None
        or context.refused_before.search(clause) is not None
        or context.deadline_before.search(before) is not None
        or context.aim_before.search(clause) is not None
        or context.refused_after.match(words_after(phrase, reading)) is not None
    )


def since_turning(before: str, context: Context) -> str:
    """The clause that a phrase ends."""
    last = 0
    for match in context.turning.finditer(before):
        last = match.end()
    return before[last:].strip()


def spread(dropped: list[bool], befores: Sequence[str], context: Context) -> None:
    """What is said of one is said of the others it is listed with: "not Tuesday or Wednesday"."""
    listed = [context.adding.fullmatch(before) is not None for before in befores]
    for index in range(1, len(dropped)):
        dropped[index] |= listed[index] and dropped[index - 1]
    for index in range(len(dropped) - 1, 0, -1):
        dropped[index - 1] |= listed[index] and dropped[index]


def joint(
    before: str, phrase: Phrase, reading: Reading, *, after_dropped: bool
) -> Literal["", "or", "correction"]:
    context = reading.vocabulary.context
    behind = context.correcting_after.match(words_after(phrase, reading))
    if behind or context.correcting.search(before):
        return "correction"
    offered = not after_dropped and context.either.search(context.or_so.sub(" ", before))
    return "or" if offered else ""


def together(stated: Sequence[Stated]) -> Wish:
    """What several phrases come to: the later corrects, an "or" leaves the day open."""
    wish = Wish()
    for index, phrase in enumerate(stated):
        if phrase.joint == "correction":
            wish = replaced(wish, phrase.wish)
        else:
            wish = merged(wish, phrase.wish)
        if phrase.joint == "or" and index:
            wish = replace(wish, unclear=wish.unclear | {"day"})
    return wish


def wishes_of(
    phrases: Sequence[Stated], reading: Reading, *, question: Question = ""
) -> list[Stated]:
    """Those of a caller's phrases that are a wish for the consultation.

    Args:
        question: what the agent had asked about.
    """
    stated = [
        phrase
        for phrase in phrases
        if not is_zone(phrase.wish) and not is_elsewhere(phrase, reading)
    ]
    told = sum(count_words(reading.text[phrase.first : phrase.last]) for phrase in stated)
    # Counting the words of a long text would be in vain: it has more than a few.
    short = count_words(reading.text[:LONGEST_SHORT]) - told <= FEW_WORDS
    wished = [is_wished(phrase, reading, question, short=short) for phrase in stated]
    chain(wished, stated, reading)
    return [phrase for phrase, is_one in zip(stated, wished, strict=True) if is_one]


def count_words(text: str) -> int:
    return len(STOPS.sub(" ", text).split())


def is_zone(wish: Wish) -> bool:
    """Of a time, nothing is said but where its clock is."""
    return wish == Wish(zone=wish.zone)


def chain(wished: list[bool], stated: Sequence[Stated], reading: Reading) -> None:
    """With one phrase of a sentence the others are wishes too: "Tuesday, or Wednesday at ten"."""
    context = reading.vocabulary.context
    linked = [
        after.first - before.last <= LOOKED_BACK
        and (after.joint != "" or not turns(reading.text[before.last : after.first], context))
        for before, after in pairwise(stated)
    ]
    for index, is_linked in enumerate(linked):
        wished[index + 1] |= is_linked and wished[index]
    for index, is_linked in reversed(list(enumerate(linked))):
        wished[index] |= is_linked and wished[index + 1]


def turns(between: str, context: Context) -> bool:
    """Another sentence begins; a stop or a comma alone does not say so in what was spoken."""
    return context.turning.search(STOPS.sub(" ", between)) is not None


def is_elsewhere(phrase: Stated, reading: Reading) -> bool:
    """The phrase says when something else happens or happened."""
    context = reading.vocabulary.context
    before = reading.text[max(phrase.first - LOOKED_BACK, 0) : phrase.first].strip()
    return bool(
        context.elsewhere_before.search(since_turning(before, context))
        or context.elsewhere_after.match(words_after(phrase, reading))
    )


def is_wished(phrase: Stated, reading: Reading, question: Question, *, short: bool) -> bool:
    """By words of booking near it; a whole time also by those of liking it."""
    near = reading.text[max(phrase.first - LOOKED_BACK, 0) : phrase.last + LOOKED_AHEAD]
    context = reading.vocabulary.context
    if context.booking.search(near) or question in ("time", "booking"):
        return True
    if question == "project" or not phrase.wish.is_complete:
        return False
    return short or context.wish.search(near) is not None
