"""The time a caller wants, out of a whole conversation: the wish stated last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from booking_core.zones import find_zone
from voice_service.analysis.language import normalise_language
from voice_service.analysis.model import CALLER, Turn, WantedTime
from voice_service.analysis.times_calendar import Day
from voice_service.analysis.times_context import (
    Question,
    Stated,
    find_stated,
    is_elsewhere,
    is_zone,
    together,
    wishes_of,
)
from voice_service.analysis.times_phrases import VOCABULARIES, Reading
from voice_service.analysis.times_vocabulary import Dialogue, Vocabulary
from voice_service.analysis.times_wish import Wish, agree, merged, replaced, resolve
from voice_service.analysis.times_words import Canonical, canonical

ANSWER: Final = 60  # characters a plain yes is in


TODAY: Final = Wish(day=Day(days=0))  # alone from an agent: "how do you do that today?"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A wish in words: one the agent proposes, or the caller has."""

    wish: Wish
    words: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the agent's last turn was about."""

    question: Question = ""
    zone: bool = False
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The wish so far, the turn that stated it, and the zone the caller lives in."""

    wish: Offer | None = None
    turn: Turn | None = None
    zone: str | None = None


def wanted_time_in(
    turns: Sequence[Turn], *, started_at: datetime, timezone: str, language: str = "en"
) -> tuple[WantedTime, Turn] | None:
    """The caller's last wish for a time, and the caller's turn that completed it.

    A plain yes takes over the one time the agent offered, a part of an answer completes what was
    said or offered before it; else only the caller's words count. Without ``start`` there is a
    wish, but a person must read its words. The other arguments are ``read_wanted_time``'s.
    """
    vocabulary = VOCABULARIES.get(normalise_language(language))
    if vocabulary is None:
        return None
    heard, asked = Heard(), Asked()
    for turn in turns:
        if not turn.text:
            continue
        if turn.role == CALLER:
            heard, asked = hear_caller(turn, turn.text, asked, heard, vocabulary)
        else:
            asked = hear_agent(turn.text, vocabulary)
    if heard.wish is None or heard.turn is None:
        return None
    wish = replace(heard.wish.wish, zone=heard.wish.wish.zone or heard.zone)
    start, end = resolve(wish, started_at=started_at, zone=find_zone(timezone))
    return WantedTime(start=start, end=end, words=heard.wish.words), heard.turn


def hear_agent(said: str, vocabulary: Vocabulary) -> Asked:
    text = canonical(said, vocabulary)
    reading = Reading(text=text.text, vocabulary=vocabulary)
    dialogue = vocabulary.dialogue
    offers = offers_in(said, text, reading) if dialogue.offers.search(text.text) else ()
    return Asked(
        question=question_in(text.text, vocabulary) or ("time" if offers else ""),
        zone=dialogue.asks_for_zone.search(text.text) is not None,
        offers=offers,
    )


def question_in(text: str, vocabulary: Vocabulary) -> Question:
    booking = vocabulary.context.booking.search(text)
    if vocabulary.dialogue.asks_about_project.search(text) and not booking:
        return "project"
    if vocabulary.dialogue.asks_for_time.search(text):
        return "time"
    return "booking" if booking else ""


def offers_in(said: str, text: Canonical, reading: Reading) -> tuple[Offer, ...]:
    """Each time an agent's turn proposes; a second on the same day need not repeat the day."""
    offers: list[Offer] = []
    for phrase in find_stated(reading):
        if is_elsewhere(phrase, reading) or is_vague(phrase.wish) or phrase.wish == TODAY:
            continue
        first, last = text.span(phrase.first, phrase.last)
        offer = Offer(wish=phrase.wish, words=said[first:last])
        if offers and phrase.joint != "or" and agree(offers[-1].wish, phrase.wish):
            offers[-1] = joined(merged(offers[-1].wish, phrase.wish), offers[-1], offer)
        elif offers and offers[-1].wish.day and not phrase.wish.day:
            offers.append(joined(replaced(offers[-1].wish, phrase.wish), offers[-1], offer))
        else:
            offers.append(offer)
    return tuple(offers)


def joined(wish: Wish, first: Offer, second: Offer) -> Offer:
    return Offer(wish=wish, words=f"{first.words}, {second.words}")


def hear_caller(
    turn: Turn, said: str, asked: Asked, heard: Heard, vocabulary: Vocabulary
) -> tuple[Heard, Asked]:
    """What is known after a caller's turn, and what is left of the agent's question."""
    text = canonical(said, vocabulary)
    answering = asked.question == "time" or asked.zone
    reading = Reading(text=text.text, vocabulary=vocabulary, answering=answering)
    stated = find_stated(reading)
    heard = replace(heard, zone=zone_in(stated, reading, asked) or heard.zone)
    wishes = wishes_of(stated, reading, question=asked.question)
    if not wishes:
        return answered(turn, text.text, asked, heard, vocabulary)
    first, last = text.span(wishes[0].first, wishes[-1].last)
    new = Offer(wish=together(wishes), words=said[first:last])
    if is_vague(new.wish) and heard.wish and wishes[0].joint != "correction":
        return heard, asked
    wish = new if new.wish.is_complete else completed(new, asked, heard)
    return replace(heard, wish=wish, turn=turn), replace(asked, offers=())


def zone_in(stated: Sequence[Stated], reading: Reading, asked: Asked) -> str | None:
    """The zone the caller says to live in, or answers with."""
    lives_in = reading.vocabulary.dialogue.lives_in
    for phrase in stated:
        before = reading.text[max(phrase.first - ANSWER, 0) : phrase.first].strip()
        if is_zone(phrase.wish) and (asked.zone or lives_in.search(before)):
            return phrase.wish.zone
    return None


def answered(
    turn: Turn, text: str, asked: Asked, heard: Heard, vocabulary: Vocabulary
) -> tuple[Heard, Asked]:
    """A plain yes takes the one time over that was offered; a no leaves none of them."""
    dialogue = vocabulary.dialogue
    refused = dialogue.no.search(text[:ANSWER])
    if refused:
        return heard, replace(asked, offers=())
    offer = chosen(text, asked.offers, dialogue)
    if offer is None:
        return heard, asked
    wish = offer if offer.wish.is_complete else on_top(offer, heard.wish)
    return replace(heard, wish=wish, turn=turn), replace(asked, offers=())


def chosen(text: str, offers: Sequence[Offer], dialogue: Dialogue) -> Offer | None:
    if len(offers) == 1:
        return offers[0] if dialogue.yes.match(text) else None
    named = [
        offer
        for offer, choice in zip(offers, dialogue.choices, strict=False)
        if choice.search(text[:ANSWER])
    ]
    return named[0] if len(named) == 1 else None


def completed(new: Offer, asked: Asked, heard: Heard) -> Offer:
    """A part of a time, such as a day, with what it chooses of an offer or corrects of a wish."""
    wish = on_top(new, offered_for(new, asked.offers))
    return on_top(wish, heard.wish) if not (asked.offers and wish.wish.day) else wish


def offered_for(new: Offer, offers: Sequence[Offer]) -> Offer | None:
    """The one offer that a part of a time chooses, or the day they all have."""
    fitting = [offer for offer in offers if agree(offer.wish, new.wish)]
    if len(fitting) == 1:
        return fitting[0]
    days = {offer.wish.day for offer in offers}
    if new.wish.day is None and len(days) == 1:
        return replace(offers[0], wish=Wish(day=days.pop()))
    return None


def on_top(new: Offer, base: Offer | None) -> Offer:
    """The base as the new one changes it, in the words of both unless nothing changes."""
    if base is None:
        return new
    wish = replaced(base.wish, new.wish)
    return base if wish == base.wish else joined(wish, base, new)


def is_vague(wish: Wish) -> bool:
    """Names no day and no time: "next week", "whenever"."""
    day = wish.day and replace(wish.day, weeks=None)
    return not (wish.is_complete or wish.clocks or wish.part or (day and day != Day()))
