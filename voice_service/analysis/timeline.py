"""When a project shall start or be ready, in the steps the score knows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from voice_service.analysis.answers import SESSION, Answer, corrects, says_no
from voice_service.analysis.expressions import Expression
from voice_service.analysis.horizons import horizons_in, lengths_in
from voice_service.analysis.model import Fact

STEPS: Final = ((3.1, "0-3"), (6.1, "3-6"), (12.2, "6-12"))  # months, and a few days' grace
LATER: Final = 99.0  # months; no date in sight
SURE, PRESSING, VAGUE = 3, 2, 1
CORRECTED: Final = 4
START: Final = re.compile(
    r"\b(?:start\w*|begin\w*|kick(?:ed)? off|launch\w*|go(?:ing)? live|be live|live|ready|done"
    r"|finish\w*|deliver\w*|up and running|running|rolled out|roll out|need (?:it|this|that|the"
    r"|something)|want (?:it|this|that|the|something|to (?:be|have|get|start|go))|complet\w+"
    r"|deadline|timeline|release\w*|in place|up by|online|open(?:s|ing)?|be out|move forward"
    r"|get going"
    r"|have (?:it|this|something)|go ahead|in production|target\w*|aim\w*|hoping|would like"
    r"|(?:moved|pushed|postponed|delayed|deferred|shifted|put off)(?: (?:it|this|that|everything))?"
    r"(?: (?:back|off|out))? (?:to|until|till|into)|get (?:it|this|something|started)|built"
    r"|timeframe|time frame)\b"
)
DUE: Final = re.compile(
    r"\b(?:will|going to|has to|have to|must|expires?|expiring|ends?|ending|runs? out|shut\w*"
    r"|pull\w*|audit|season|due|deadline|phas\w+ out|sunset\w*|end of life|stops?|required?"
    r"|renew\w*|conference|event|trade show|law|regulation|inspection|before|by|until|latest"
    r"|switch\w* off|turn\w* off|discontinu\w+|mandat\w+|compliance)\b"
)
TALK: Final = re.compile(
    r"\b(?:call(?:s|ed|ing)?|ring|phone|meet(?:ing)?|talk|speak|chat|book|schedule|appointment"
    r"|session|follow up|reach|contact|email|get back|check (?:back )?in|demo|consultation|slot"
    r"|vacation|out of (?:office|town)|travel\w*|away|free|available|reschedule)\b"
)
PAST: Final = re.compile(
    r"\b(?:since|last|back in|past|ago|(?<!get )(?<!be )(?<!getting )(?:launched|started|opened"
    r"|went|bought|founded|began|left|quit|moved(?! (?:it|this|that|everything))|hired|grew"
    r"|signed|lost|spent|tried|has been"
    r"|have been|was|were|had|did|took|takes?|use|used))(?: (?!but |so |and )[\w']+){0,4} ?$"
)
AS_SOON: Final = Expression(
    r"(?<!not )\b(?:as (?:soon|quickly|fast|early) as (?:possible|we can|you can|humanly)|asap"
    r"|a s a p|the sooner the better|sooner (?:the better|rather than later)|(?:right|straight)"
    r" away|immediately|urgent(?:ly)?(?! care)|yesterday|in a (?:rush|hurry)|time sensitive)\b"
)
SAFE_SOON: Final = re.compile(
    r"as (?:soon|quickly|fast|early) as (?:possible|humanly)|asap|a s a p|sooner"
)
RIGHT_NOW: Final = Expression(
    r"\W*(?:(?:well|like|honestly|i mean|basically|ideally) )*(?:right now|now|today|this week"
    r"|tomorrow|(?:mon|tues|wednes|thurs|fri)day)\b"
)
NOT_SOON: Final = Expression(
    r"\b(?:(?:just|only|merely|simply|mostly) (?:\w+ )?(?:browsing(?! (?:your|the|through))"
    r"|exploring|curious|shopping around|kicking (?:the )?tires|window shopping|getting (?:a feel"
    r"|ideas|an idea)|gathering ideas|looking(?! (?:to |forward|at (?:get|hav|build)\w+|into (?:get"
    r"|hav|build)\w+|for (?!now|the moment|today|ideas|info\w*|a price|prices)))"
    r"|checking (?:it|things"
    r"|you) out|researching|toying|thinking about it|dreaming)|maybe later|perhaps later|later on"
    r"|some ?day|eventually|down the (?:road|line)|at some point|one day|in the (?:distant )?future"
    r"|not (?:any ?time )?soon|(?:not|nothing) right now|nothing (?:urgent|soon)|(?:a few|some"
    r"|several|many) years|(?:next|in a) (?:decade|couple of years)|no (?:\w+ )?(?:rush|hurry"
    r"|urgency|time pressure)|not (?:in )?(?:a |any )?(?:\w+ )?(?:rush|hurry|urgent)"
    r"|whenever(?! (?:you|works|suits|is good|they|we|a|an|the|someone|somebody|customers|it|i))"
    r"|(?:do|does) not (?:really )?matter when)\b"
)
NEGATED: Final = re.compile(r"\b(?:not|never|can not|no)(?: \w+){0,3} $")


@dataclass(frozen=True)
class Plan:
    """One thing a turn says about the time; ``months`` from the conversation to then."""

    months: float
    sure: int
    answer: Answer
    start: int
    end: int


def timeline(answers: Sequence[Answer], *, started_at: datetime) -> Fact | None:
    """The start or launch the caller names; the last word of the surest kind."""
    today = started_at.date()
    best: Plan | None = None
    for answer in answers:
        plan = of_turn(answer, [*plans_in(answer, today)])
        if plan and (best is None or plan.sure >= best.sure):
            best = plan
    if best is None:
        return None
    confidence = 0.6 if best.sure == VAGUE else 0.9
    return best.answer.fact("timeline", step(best.months), (best.start, best.end), confidence)


def step(months: float) -> str:
    return next((name for limit, name in STEPS if months <= limit), "later")


def of_turn(answer: Answer, plans: Sequence[Plan]) -> Plan | None:
    """Of several dates the earliest, for work begins before it is done; or the corrected one."""
    best: Plan | None = None
    for plan in sorted(plans, key=lambda plan: plan.start):
        if (
            best is None
            or plan.sure > best.sure
            or (
                plan.sure == best.sure
                and (plan.months < best.months or corrects(answer.text, best.end, plan.start))
            )
        ):
            best = plan
    return best


def plans_in(answer: Answer, today: date) -> Iterator[Plan]:
    yield from dated(answer, today)
    yield from undated(answer)
    if answer.says_yes and SESSION.search(answer.question.asked) is None:
        yield from confirmed(answer, today)


def dated(answer: Answer, today: date) -> Iterator[Plan]:
    text = answer.text
    asked = answer.asks("timeline")
    horizons = [*horizons_in(text, today)]
    if asked and not horizons:
        horizons = [*lengths_in(text, today)]
    for horizon in horizons:
        before, after = around(text, horizon.start, horizon.end)
        if PAST.search(before):
            continue
        starts = START.search(before[-70:]) or START.search(after[:40])
        talks = TALK.search(before[-40:]) or TALK.search(after[:15])
        if not asked and (talks or (booking(answer) and not starts)):
            continue
        if asked or starts:
            yield Plan(horizon.months, SURE, answer, horizon.start, horizon.end)
        elif DUE.search(before[-60:]) or DUE.search(text[horizon.start : horizon.end] + after[:30]):
            yield Plan(horizon.months, PRESSING, answer, horizon.start, horizon.end)


def booking(answer: Answer) -> bool:
    return answer.asks("offer") or answer.asks("when") or answer.asks("follow_up")


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """The sentence before and after a place, so far as it matters."""
    before = re.split(r"[.?]", text[max(start - 100, 0) : start])[-1]
    return before, re.split(r"[.?]", text[end : end + 60])[0]


def undated(answer: Answer) -> Iterator[Plan]:
    text = answer.text
    asked = answer.asks("timeline")
    for match in AS_SOON.finditer(text):
        before, after = around(text, match.start(), match.end())
        meant = asked or START.search(before[-60:]) or START.search(after[:40])
        if meant and not NEGATED.search(before) and not (TALK.search(before[-30:]) and not asked):
            yield Plan(0.0, SURE, answer, *match.span())
        elif SAFE_SOON.match(match.group()) and not TALK.search(before[-30:]):
            yield Plan(0.0, PRESSING, answer, *match.span())
    if asked and (now := RIGHT_NOW.match(text)):
        yield Plan(0.0, SURE, answer, *now.span())
    for match in NOT_SOON.finditer(text):
        sure = PRESSING if asked and not says_no(match.group()) else VAGUE
        yield Plan(LATER, sure, answer, *match.span())


def confirmed(answer: Answer, today: date) -> Iterator[Plan]:
    """A plain yes to the agent's "so you would start in January?"."""
    asked = answer.question.asked
    if answer.asks("timeline") or START.search(asked):
        for horizon in horizons_in(asked, today):
            yield Plan(horizon.months, SURE, answer, 0, len(answer.text))
