"""How many people work at the caller's company: not its customers, its users or its machines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from voice_service.analysis.answers import CORRECTION, Answer, corrects
from voice_service.analysis.expressions import Expression
from voice_service.analysis.model import Fact
from voice_service.analysis.numerals import SAID_NUMBER, said_number

LARGEST: Final = 1_000_000
ANSWERED, TOTALLED, COUNTED, IN_PASSING = 4, 3, 2, 1  # how sure a number is the company's size
CORRECTED: Final = 4  # beats everything said before
STAFF: Final = (
    r"(?:people|persons?|employees?|staff(?:ers)?|workers?|folks|colleagues|co ?workers"
    r"|team ?mates?|team members?|members of staff|heads|headcount|ftes?|full time(?:rs?)?"
    r"|part time(?:rs?)?"
    r"|attorneys?|lawyers?|paralegals?|partners?|associates|consultants?|accountants?|agents?"
    r"|brokers?|nurses?|doctors?|dentists?|physicians?|therapists?|vets?|hygienists?"
    r"|technicians?|techs|engineers?|developers?|devs|programmers?|designers?|mechanics?"
    r"|electricians?|plumbers?|carpenters?|roofers?|installers?|drivers?|dispatchers?|cooks?"
    r"|chefs?|waiters?|bartenders?|baristas?|bakers?|stylists?|barbers?|trainers?|coaches"
    r"|teachers?|instructors?|tutors?|cleaners?|guards?|pickers?|packers?|recruiters?|salespeople"
    r"|sales reps?|reps|clerks?|cashiers?|operators?|managers?|co ?founders?|founders?|owners?"
    r"|brothers|sisters|siblings|cousins|architects?|surveyors?|crew(?: members)?|guys|adults"
    r"|souls|admins?|assistants?|interns?|volunteers?|freelancers?|contractors?|specialists?)"
)
KINDS: Final = (
    r"(?:(?:full time|part time|office|other|more|great|field|warehouse|sales|support|delivery"
    r"|truck|permanent|internal|administrative|admin|remote|senior|junior|licensed|medical|odd"
    r"|something|ish|or so|back office|front desk|factory|shop|floor|kitchen|seasonal|of our|of my"
    r"|\+|plus|different|good|hard working|paid|salaried|core|regular|actual|real|current|busy"
    r"|small"
    r"|young|local|in house|employed|qualified|trained|experienced|fantastic|great) )*"
)
ABOUT: Final = (
    r"(?:(?:only|just|about|around|roughly|maybe|like|now|currently|up to|almost|nearly|over|at"
    r"|approximately|some|a|probably|more than|close to|somewhere|between|say|i think|uh) )*"
)
RANGE: Final = rf"(?P<low>{SAID_NUMBER})(?: (?:to|-|or|and|maybe) {ABOUT}(?P<high>{SAID_NUMBER}))?"
ONE_OR_RANGE: Final = rf"(?:(?P<one>one|a|another|my)|{RANGE})"
IN_TOTAL: Final = (
    r"(?:of us|in (?:total|all)|total|altogether|all together|all told|overall|strong|combined)"
)
END_OF_COUNT: Final = (
    r"(?= [.?]|$| (?:and|so|but|in|at|with|now|because|right|today|here|i|we|or|across|spread|if"
    r"|including|counting|plus|these|on|that|as|not|give|roughly|currently|all|full|since|no|sorry|actually|maybe|yes|yeah|well|when|while|last|then|who|after"
    r"|before|of (?:them|whom|those|which)|plus|just|only|more|depending)\b)"
)
TEAM: Final = (
    r"(?:team|staff|crew|company|business|workforce|headcount|head count|group|firm|outfit|shop"
    r"|agency|practice|organi[sz]ation|startup|store|clinic|office|studio|family business)"
)
PLACE: Final = (
    r"(?:(?:in|on|at|out in) (?:the|our) (?:\w+ )?(?:office|warehouse|field|road|shop|kitchen|front"
    r"|back|floor|store|plant|factory|yard|headquarters))"
)
OF_STAFF: Final = Expression(rf"(?<!\S){RANGE} {KINDS}(?:{STAFF}|{PLACE})(?!\S)(?! 's)")
OF_TOTAL: Final = Expression(
    rf"(?<!\S){RANGE} (?:{KINDS}(?:{STAFF} )?)?{IN_TOTAL}(?!\S)"
    rf"|{IN_TOTAL} (?:we are |there are |it is |we have )?{ABOUT}(?P<low_>{SAID_NUMBER})(?!\S)"
)
WE_ARE: Final = Expression(
    rf"(?<!\S)(?:there (?:are|is)|we are|we have(?: got)?|we employ|we have grown to|they employ)"
    rf" {ABOUT}{RANGE}{END_OF_COUNT}"
)
TEAM_OF: Final = Expression(
    rf"(?<!\S){TEAM}(?: size)? (?:of|is) {ABOUT}{RANGE}"
    rf"(?! (?:%|years?|months?|weeks?|days?|locations?|stores?|shops?|branches|machines)\b)(?!\S)"
)
SIZED: Final = Expression(
    rf"(?<!\S){RANGE} (?:person|man|woman|people|employee|member|strong|partner|lawyer|attorney"
    rf"|doctor|staff) (?:\w+ ){{0,2}}?{TEAM}(?!\S)"
)
BARE: Final = Expression(rf"(?<!\S){RANGE}{END_OF_COUNT}")
RATHER: Final = Expression(rf"{CORRECTION.pattern} {ABOUT}{RANGE}{END_OF_COUNT}")
ME_AND: Final = Expression(
    rf"(?<!\S)(?:me|myself) and (?:(?:my|the"
    rf"|me) )?(?:{ONE_OR_RANGE} )?(?:\w+ ){{0,2}}?(?:{STAFF}|wife|husband"
    rf"|spouse|brother|sister|friend|mother|father|mom|mum|dad|son|daughter|cousin|girlfriend"
    rf"|boyfriend|others?|kids)(?!\S)(?! (?:both )?(?:decide|sign|discuss|talk|think))"
)
SOLO: Final = Expression(
    r"(?<!not )(?<!\S)(?:(?:just|only) (?:me|myself)(?! (?:or|who|that|checking|asking|saying)\b)"
    r"|me alone|all by myself|on my own|one (?:man|woman|person) (?:show|band|shop|company|business"
    r"|team|operation|outfit|army)|(?:i am|as) (?:a |the )?(?:solo|sole (?:trader|proprietor)"
    r"|solopreneur|freelancer|self employed|only (?:employee|one|person))|solo (?:founder|business"
    r"|practice|operation|entrepreneur)|i work alone|no employees)(?!\S)"
)
NOT_OURS: Final = re.compile(  # right before a count: those people are not on the payroll today
    r"\b(?:serv(?:e|es|ing)|reach\w*|hir(?:e|ing)|recruit\w*|onboard\w*|need|looking for|want|lay"
    r"|laid off|lost|fired|let go|used to (?:be|have)|were|was|had|takes?|took|sell to|seats?"
    r"|feed|host"
    r"|talk(?:ed)? to|asked|for (?:about )?every|train|teach|last|past|first|get|gets"
    r"|salar(?:y|ies) of|quotes? from|met|interview\w*|call(?:ed)?|added?|adding|invit\w+|notif\w+)"
    r"(?: (?:\w+|-)){0,2} ?$"
)
OTHERS: Final = re.compile(  # right after it: those are customers, or leavers
    r" (?:(?:who|that|which) )?(?:(?:can|could|do|does) (?:not )?(?:log|sign|order|book|access|use)"
    r"|us(?:e|es|ing)|log|order\w*|visit\w*|sign(?:ed)? up|subscrib\w*|attend\w*|com(?:e|ing) (?:in"
    r"|to|through)|buy|a (?:day|week|month|year|night)|per (?:day|week|month|year|order)|waiting"
    r"|interested|follow\w*|download\w*|register\w*|appl(?:y|ied)|call(?:ing)?|complain\w*|left"
    r"|quit|ago)\b"
)
BUSY: Final = re.compile(  # a few of the staff, told of for what they do
    r" (?:who |that )?(?:just |only )?(?:on (?:this|it)|doing|spend\w*|retyp\w+|typing"
    r"|enter\w+|copy"
    r"|copies|copying|working on|dedicated|all day|in (?:accounting|the warehouse|marketing|sales"
    r"|it|support|the office|finance)|do(?:es)? (?:nothing|this|it)|to (?:do|type|enter|handle))\b"
)
JOINED: Final = re.compile(r" (?:and|plus|and another|as well as|with) (?:(?:about|around|our) )*$")
GROWN: Final = re.compile(r"\b(?:grew|grown|gone|went|scaled|doubled) (?:\w+ ){0,3}?from $")


@dataclass(frozen=True)
class Count:
    """A number of people in one turn and how sure it is that it is the company's size."""

    people: int
    sure: int
    answer: Answer
    start: int
    end: int


def company_size(answers: Sequence[Answer]) -> Fact | None:
    """The head count the caller is surest about; the first, unless it was corrected later."""
    best: Count | None = None
    for answer in answers:
        for count in settled(answer, counts_in(answer)):
            if best is None or count.sure > best.sure or (count.sure == best.sure >= ANSWERED):
                best = count
    if best is None:
        return None
    confidence = 0.6 if best.sure == IN_PASSING else 0.9
    return best.answer.fact("company_size", best.people, (best.start, best.end), confidence)


def settled(answer: Answer, counts: Sequence[Count]) -> Iterator[Count]:
    """The counts of a turn in the order said; one behind a "no sorry" beats all before it."""
    for count in sorted(counts, key=lambda count: (count.start, count.sure)):
        corrected = corrects(answer.text, 0, count.start)
        yield replace(count, sure=count.sure + CORRECTED) if corrected else count


def counts_in(answer: Answer) -> list[Count]:
    found = [*solo(answer), *total(answer), *staff(answer)]
    patterns = [(TEAM_OF, TOTALLED), (SIZED, TOTALLED)]
    if answer.asks("size") or not answer.asks("budget"):  # there "we have fifty" is money
        patterns.append((WE_ARE, COUNTED))
    for pattern, sure in patterns:
        found.extend(counted(answer, pattern, ANSWERED if answer.asks("size") else sure))
    if found:
        found.extend(counted(answer, RATHER, COUNTED))
    elif answer.asks("size"):
        found.extend(counted(answer, BARE, ANSWERED))
    if not found and answer.says_yes:
        found.extend(confirmed(answer))
    return found


def solo(answer: Answer) -> Iterator[Count]:
    for match in ME_AND.finditer(answer.text):
        others = 1 if match["low"] is None else people(match)
        yield Count(1 + others, TOTALLED, answer, *match.span())
    for match in () if ME_AND.search(answer.text) else SOLO.finditer(answer.text):
        yield Count(1, TOTALLED, answer, *match.span())


def total(answer: Answer) -> Iterator[Count]:
    for match in OF_TOTAL.finditer(answer.text):
        count = people(match) if match["low"] else int(said_number(match["low_"]))
        sure = ANSWERED + 1 if answer.asks("size") else TOTALLED
        if 1 <= count <= LARGEST and not NOT_OURS.search(answer.text[: match.start()][-40:]):
            yield Count(count, sure, answer, *match.span())


def staff(answer: Answer) -> list[Count]:
    """Numbers of staff; those joined by "and" are added up: "two partners and six employees"."""
    text = answer.text
    found: list[Count] = []
    for match in OF_STAFF.finditer(text):
        count = people(match)
        before = text[max(match.start() - 40, 0) : match.start()]
        ours = re.search(r"\bour (?:\w+ )?$", before) is not None
        if not 1 <= count <= LARGEST or OTHERS.match(text, match.end()):
            continue
        if NOT_OURS.search(before) and not ours:
            continue
        sure = ANSWERED if answer.asks("size") else COUNTED
        if BUSY.match(text, match.end()):
            sure = IN_PASSING
        if found and JOINED.fullmatch(text[found[-1].end : match.start()]):
            first = found.pop()
            count, start = count + first.people, first.start
            found.append(Count(count, max(first.sure, sure), answer, start, match.end()))
        else:
            found.append(Count(count, sure, answer, *match.span()))
    return found


def counted(answer: Answer, pattern: Expression, sure: int) -> Iterator[Count]:
    for match in pattern.finditer(answer.text):
        if 1 <= people(match) <= LARGEST:
            yield Count(people(match), sure, answer, match.start("low"), match.end())


def confirmed(answer: Answer) -> Iterator[Count]:
    """A plain yes to the agent's "so about sixty people?"."""
    for pattern in (OF_STAFF, OF_TOTAL, TEAM_OF, SIZED):
        for match in pattern.finditer(answer.question.asked):
            if match["low"] and 1 <= people(match) <= LARGEST:
                yield Count(people(match), ANSWERED, answer, 0, len(answer.text))


def people(match: re.Match[str]) -> int:
    """The number, or the middle of a range: "forty to fifty of us" are 45."""
    low = said_number(match["low"])
    high = said_number(match["high"]) if match["high"] else low
    if high != low and GROWN.search(match.string[: match.start()][-40:]):
        low = high
    return int(min((low + high) / 2 + 0.5, LARGEST + 1))
