"""Whether the caller agreed to a session or asked for one, and to which of ours."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, TypeAlias

from voice_service.analysis.answers import Answer, says_no
from voice_service.analysis.expressions import Expression
from voice_service.analysis.model import Fact

Service: TypeAlias = str

SERVICES: Final[dict[Service, Expression]] = {
    "strategy-session": Expression(
        r"\b(?:strategy (?:session|call|meeting|one)?|(?:60|1) (?:minute|hour)\b|(?:one|an"
        r"|full) hour"
        r"(?: (?:session|one|call|long))?|(?:paid|longer|long|full|big|bigger|150(?: dollars?)?"
        r"|expensive|premium) (?:one|session|call|version|option|consultation)|paid)\b"
    ),
    "discovery-call": Expression(
        r"\b(?:discovery|(?:15) minutes?|(?:free|short|shorter|quick|intro\w*|little"
        r"|complimentary|no cost|cheap(?:er)?) (?:\w+ ){0,2}?(?:one|session|call|chat|version"
        r"|option"
        r"|consultation|meeting|talk)|(?:the )?free\b(?= (?:would|is|please|first|thing|of"
        r"|will|works"
        r"|sounds))|free)\b"
    ),
}
AGREED: Final = Expression(
    r"\b(?:let us (?:do|book|go|schedule|set|try|make|take|get)|book (?:it|me|us|that|the|a)"
    r"|go ahead"
    r"|sounds? (?:good|great|fine|perfect|like a plan|lovely|wonderful|reasonable|fair)"
    r"|that (?:works"
    r"|would be (?:good|great|fine|perfect|nice|lovely|helpful|useful|ideal|wonderful)|is fine"
    r"|suits|sounds)|works for me|work for me|i would (?:love|like) (?:to|that|one|it)|please do"
    r"|sign me up|count me in|i am in|why not|happy to|of course|deal|fine by me|i will take"
    r"|we will take|(?:i|we) (?:can|could) do (?:that|it|monday|tuesday|wednesday|thursday|friday)"
    r"|schedule (?:it|me|us|that)|put me (?:down|in)|set (?:it|that|me) up|perfect|great idea"
    r"|absolutely|definitely|do it|that one|the (?:free|first|second|paid|strategy|discovery"
    r"|shorter|longer|short|long) (?:one|call|session))\b"
)
DECLINED: Final = Expression(
    r"\b(?:no thanks?|no thank you|not (?:now|today|yet|interested|at the moment|right now|for me"
    r"|really|necessary|this time|ready|sure|convinced|worth)|maybe (?:later|another time|next time"
    r"|some other time)|perhaps later|another time|(?:i|we) will (?:think|pass|see|get back|let you"
    r"|call you|look|be in touch|consider)|let me (?:check with|talk|get back|ask|discuss|sleep)"
    r"|will think about it|need to (?:think|check|ask|talk|discuss)|have to (?:think|check|ask|talk"
    r"|discuss)|do not (?:need|want|think|book|like)|would (?:rather|prefer) not|rather not"
    r"|hold off"
    r"|too (?:expensive|much|pricey|early|soon)|(?:just )?(?:send|email) me (?:something"
    r"|information"
    r"|some|the|a brochure|an email|details)|forget it|never ?mind|no need|can not (?:commit|book"
    r"|right now|decide|afford)|decided to go with|going with another|not going to|pass on"
    r"|do it later|call (?:you )?back later|before (?:i|we) (?:book|commit|decide))\b"
)
ASKED: Final = Expression(
    r"\b(?:(?:i|we) (?:would )?(?:\w+ )?(?:like|love|want|need|prefer|am calling|wanted"
    r"|hoping) (?:to "
    r")?(?:book|schedule|set up|arrange|reserve|get|have|do|make|take)?(?: (?:an?|the|my|one|your"
    r"|that|this))?(?: \w+){0,3}? ?(?:sessions?|consultation|appointment|discovery call"
    r"|strategy call"
    r"|intro call|meeting|call with|slot|free call|call to discuss|demo call)"
    r"|(?:can|could|may|shall) (?:i|we|you|us) (?:please )?(?:\w+ )?(?:book|schedule|set up|arrange"
    r"|reserve|get|have|meet|set)(?: (?:me|us|an?|the|one|in|up|for))*(?: \w+){0,3}? ?(?:session"
    r"|consultation|appointment|call|meeting|slot|chat|in for)|(?:can|could|when can"
    r"|shall) we (?:meet"
    r"|talk|speak)(?! to (?:you|someone) about (?:a job|our))|book (?:me|us) (?:in|a|for|the|on)"
    r"|sign me up|put me down for|schedule (?:me|us|a|the) (?:\w+ ){0,3}?(?:call|session|meeting"
    r"|consultation|in|for)|let us (?:book|schedule|set up|arrange|meet)|set up (?:a"
    r"|the) (?:\w+ ){0,2}"
    r"?(?:call|meeting|session)|when (?:is|are) (?:your|the) (?:next|first"
    r"|earliest) (?:available|free"
    r"|opening|slot))\b"
)
NOT_ASKED: Final = re.compile(
    r"\b(?:customers?|clients?|patients?|users?|members?|people|they|guests|students|staff|drivers"
    r"|that|which|app|system|do not|not|never|tool|website|players|tenants)(?: \w+){0,3} $"
)
A_TIME: Final = Expression(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|today|next week|this week|at \d"
    r"|\d+ (?:am|pm|a m|p m|o'clock)|morning|afternoon|noon|evening|any ?time|whenever)\b"
)
SUPPORT: Final = re.compile(r"\b(?:ticket|technician|support|follow up in|newsletter|brochure)\b")


@dataclass(frozen=True)
class Reply:
    """What one turn says to a session."""

    wanted: bool
    service: Service | None
    answer: Answer
    start: int = 0
    end: int = 0


def booking_wish(answers: Sequence[Answer]) -> dict[str, Fact]:
    """``wants_booking`` by the caller's last word on it, and ``preferred_service`` with a yes."""
    replies = [reply for answer in answers for reply in replies_in(answer)]
    if not replies:
        return {}
    last = first_of_run(replies, lambda reply: reply.wanted)
    span = (last.start, last.end)
    facts = {"wants_booking": last.answer.fact("wants_booking", last.wanted, span)}
    chosen = [reply for reply in replies if reply.wanted and reply.service]
    if last.wanted and chosen:
        final = first_of_run(chosen, lambda reply: reply.service)
        facts["preferred_service"] = final.answer.fact(
            "preferred_service", final.service or "", (final.start, final.end)
        )
    return facts


def first_of_run(replies: Sequence[Reply], key: Callable[[Reply], object]) -> Reply:
    """The reply from which on all say the same: a later "okay" adds nothing to a yes."""
    first = replies[-1]
    for reply in takewhile(lambda each: key(each) == key(replies[-1]), reversed(replies)):
        first = reply
    return first


def replies_in(answer: Answer) -> Iterator[Reply]:
    text = answer.text
    asked = asks_for_session(text)
    own = own_choice(text)
    if asked:
        yield Reply(True, own or offered(answer), answer, *asked.span())
    elif answer.asks("offer") or answer.asks("when"):
        yield from to_offer(answer, own)


def to_offer(answer: Answer, own: Service | None) -> Iterator[Reply]:
    """The answer to an offered session: a yes, a no, or a time, which is a yes to "when"."""
    text = answer.text
    if SUPPORT.search(answer.question.asked):
        return
    declined = DECLINED.search(text)
    agreed = AGREED.search(text)
    timed = A_TIME.search(text)
    if says_no(text) and not (own and agreed):
        if own and not declined:  # "no, the free one please"
            yield Reply(True, own, answer, 0, len(text))
        else:
            yield Reply(False, None, answer, 0, len(text))
    elif declined and not (agreed and agreed.start() > declined.end()):
        yield Reply(False, None, answer, *declined.span())
    elif agreed or answer.says_yes or (timed and answer.asks("when")) or (timed and own):
        span = agreed or timed or re.match(r".{0,20}", text) or agreed
        yield Reply(True, own or offered(answer), answer, *(span.span() if span else (0, 0)))
    elif own and len(text.split()) <= 8 and "?" not in text:
        yield Reply(True, own, answer, 0, len(text))


def asks_for_session(text: str) -> re.Match[str] | None:
    for match in ASKED.finditer(text):
        if not NOT_ASKED.search(text[max(match.start() - 40, 0) : match.start()]):
            return match
    return None


def own_choice(text: str) -> Service | None:
    """The service the caller names and does not turn down."""
    named = []
    for service, pattern in SERVICES.items():
        for match in pattern.finditer(text):
            before = text[max(match.start() - 30, 0) : match.start()]
            if not re.search(r"\b(?:not|without|instead of|than|of)(?: \w+){0,2} $", before):
                named.append((match.start(), service))
    return max(named)[1] if named else None


def offered(answer: Answer) -> Service | None:
    """The one service the agent offered; None for both or neither."""
    question = answer.question
    for words in (question.asked, question.text):
        named = [service for service, pattern in SERVICES.items() if pattern.search(words)]
        if len(named) == 1:
            return named[0]
    return None
