"""Who the caller is in the decision: decides, has a say, or only gathers information."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from voice_service.analysis.answers import Answer, corrects, says_no
from voice_service.analysis.expressions import Expression
from voice_service.analysis.model import Fact

# From strongest to weakest; what counts is the strongest the caller says of himself.
DECIDES, OWNS, GATHERS, TITLED, ADVISES = 5, 4, 3, 2, 1
ROLE_OF: Final = {
    DECIDES: "decision_maker",
    OWNS: "decision_maker",
    GATHERS: "researcher",
    TITLED: "influencer",
    ADVISES: "influencer",
}
KIND: Final = r"(?:(?!(?:a|an|the|my|our|your|his|her|no|not|i|we|and|am|just|only)\b)\w+ )?"
TOP: Final = (
    r"(?:(?:co )?owners?|(?:co ?)?founders?|c[etfoimpd]o|ciso|cro"
    r"|chief (?!of staff)\w+(?: \w+){0,2}?"
    r" officer|chief executive|(?<!vice )president|chair(?:man|woman|person)?|managing (?:director"
    r"|partner|member)|executive director|" + KIND + r"partner|principal|proprietor|decision maker"
    r"|sole trader|self employed|freelancer|solopreneur|entrepreneur|boss|(?:the one"
    r"|one) (?:who |that "
    r")?(?:decides|signs|pays|makes the (?:final )?(?:decisions?|calls?)))"
)
MIDDLE: Final = (
    r"(?:(?:product|process|system) owner|partner manager|[es]?vp|"
    + KIND
    + r"vice president|heads?"
    r"|directors?|"
    + KIND
    + r"manager|supervisor|team lead|tech lead|lead|controller|superintendent"
    r"|assistant (?:manager|director|vice president|vp|principal)|foreman|deputy \w+)"
)
JUNIOR: Final = (
    r"(?:" + KIND + r"intern|" + KIND + r"assistant|pa|ea|secretary|receptionist|trainee|apprentice"
    r"|working student|temp|office clerk|clerk|junior \w+)"
)
TITLES: Final = rf"(?P<middle>{MIDDLE})|(?P<junior>{JUNIOR})|(?P<top>{TOP})"
BETWEEN: Final = (  # words of a title, or before one; not those that lead to somebody else
    r"(?:(?!(?:(?:run|do|lead|handl|gather|collect|evaluat|mak|look|work|call|ask|try|help|prepar|compar"
    r"|sett|gett|go|hop|think|wonder|interest|check|speak|hav)\w*ing|and|but|not|no|never|to|for|from|under|who|that|with|because|calling|looking"
    r"|working|asking|asked|my|our|his|her|their|your|is|was|said|says|told|so|if|when|here|we|i"
    r"|you|they|he|she|speaking|having|in|on|about|of|a customer|interested)\b)[\w'&]+ )"
)
SELF: Final = (
    r"(?:i am|i was (?:just )?(?:made|promoted to|named)|i work as|i serve as|i act as|i have been"
    r"|i became|as|my (?:\w+ )?(?:role|title|position|job|job title|function)(?: here)? is"
    r"|speaking as|this is|it is|i got)"
)
OF_SOMEBODY: Final = (  # behind a title these make it another's
    r"(?! 's| (?:decides?|signs?|makes|will|has|asked|does|wants|is|would|approves|needs|picks"
    r"|said)\b)"
)
MINE: Final = Expression(rf"(?<!\S){SELF} {BETWEEN}{{0,6}}?(?:{TITLES})(?!\S){OF_SOMEBODY}")
ANSWERED: Final = Expression(
    rf"\W*(?:(?:well|so|oh|yes|yeah|sure|just|hi|okay|right|actually|basically|currently|me) )*"
    rf"{BETWEEN}{{0,4}}?(?:{TITLES})(?!\S){OF_SOMEBODY}"
)
NAMED: Final = Expression(  # "Priya Raman, CTO at Northline"; "CTO of Northline here"
    rf"(?<!\S)(?<!the )(?<!our )(?<!my )(?:{TITLES}) (?:at|of|here at|for|over at|here|with) "
)
DECIDING: Final = Expression(
    r"\b(?:(?:i|we|we both|both of us|the two of us|me and my (?:\w+ ){0,2}?\w+"
    r"|my (?:\w+ ){1,3}?and (?:i|me)) "
    r"(?:(?:alone|myself|personally|also|do|get to|will|would|can|usually|always|am the one who"
    r"|am the one that|ultimately|just|pretty much|basically|make sure|have to|really) )*"
    r"(?:decide(?! (?:together )?with (?:the|our|my))|sign(?: off)?(?: (?:for|on|the|it|that"
    r"|off|checks))?(?! up| in\b)|approve|(?:make|"
    r"made|take) (?:all |most )?(?:the|that|this|those|these|all|most|such|any|our|my)?(?: \w+)? ?"
    r"(?:decisions?|calls?(?! to| me| you))|have (?:the )?(?:final|last) (?:say|word|call)"
    r"|have (?:full|complete|total|sole|the|purchasing|budget|signing"
    r"|spending) (?:\w+ )?(?:authority"
    r"|responsibility|control|power)|(?:own|control|hold|manage my own|am responsible for|am in"
    r" charge of) (?:the|our|my|that|this|its) (?:\w+ )?(?:budget|money|p and l|purse|decision"
    r"|spending)|call the shots|write the (?:checks|cheques)|run the show|am in charge(?! of)"
    r"|pay (?:for it|the bills|for this|for everything) myself|have authority)"
    r"|(?:it is|that is|this is|it would be) (?:(?:all|just|only|entirely|totally|completely) )?"
    r"(?:my|mine|up to me|down to me|on me|our own)(?: own)?(?: (?:call|decision|money|budget"
    r"|choice"
    r"|company|business|firm|place|shop|say)|$| [.?])|decision is mine|mine to (?:make|decide)"
    r"|(?:i am|we are) the (?:(?:only|sole|final|main|primary|key) )?decision makers?"
    r"|the (?:decision|buck) (?:is|stops|lies) (?:with|up to) me|nobody else (?:has to|needs to)"
    r"|do not (?:have to|need to) ask any(?:one|body)|no ?(?:one|body) else (?:to ask|decides)"
    r"|my wife and i decide|i own (?:the|my|our) (?:budget|p))\b"
)
THAT_IS_ME: Final = Expression(
    r"\W*(?:(?:well|so|oh|yes|yeah|that|it|is|would|be|will|just|only|the|decision|honestly"
    r"|basically|i guess|me i am|ultimately|mostly) )*(?:me|myself|i do|i am|i decide|mine|we do"
    r"|i will|i would|yours truly|just us|us)(?= [.?]|$| (?:and|so|i|it|alone|only|as|really|both"
    r"|because|we|my|no)\b)"
)
SO_ME: Final = Expression(r"(?<!\S)(?:so|that would be|it is|that is|just) me(?= [.?]|$)")
BUSINESS: Final = (
    r"(?:shop|store|business|restaurant|bakery|clinic|practice|agency|studio|salon|firm|startup"
    r"|start up|cafe|bar|gym|farm|garage|hotel|brewery|winery|boutique|dealership|franchise"
    r"|nursery|spa|school|law firm|dental practice|pharmacy|gallery|brand|label|workshop|foundation"
    r"|nonprofit|consultancy|venture|pub|surgery|orchard|dairy|ranch|vineyard|printing house"
    r"|winery|kitchen|plant|warehouse|barbershop|company|chain|group"
    r"|outfit|operation|stores|shops|restaurants|clinics|gyms|companies|businesses|locations)"
)
OWNING: Final = Expression(
    rf"\b(?:(?<!do not )(?:i|we|my \w+ and i|my (?:\w+ ){{1,2}}and i) (?:(?:also|just|actually"
    rf"|recently|both|do) )*(?:own(?! (?:the|our|my) (?:\w+ )?(?:budget|product|process|roadmap"
    rf"|project|backlog))|co own|founded|co ?founded|(?:started|opened|bought|set up|built up"
    rf"|inherited|launched)(?= (?:a|an|my|our|this|the|it|up) (?:\w+ ){{0,4}}?{BUSINESS}\b))"
    rf"|i (?:have|have got|got) (?:a|an|my own|\d+|this) (?:\w+ ){{0,3}}?(?:practice|shop"
    rf"|store|restaurant|bakery|clinic|salon"
    rf"|studio|cafe|farm|brewery|garage|gym|hotel|agency|boutique|business|pub|nursery|winery)\b"
    rf"|i (?:have|have got|got|run) my own (?!(?:budget|team|car|laptop|idea|ideas|opinion|way"
    rf"|website|app|data"
    rf"|server|domain|software|system)\b)\w+"
    rf"|(?:me|my) own (?:little |small )?{BUSINESS}|(?:it"
    rf"|the (?:\w+ )?{BUSINESS}) is (?:all )?mine\b"
    rf"|i (?:took|have taken) over (?:(?:the|my|our) (?:\w+ ){{0,3}}?{BUSINESS})"
    rf"|i (?:also )?run (?:(?:a|an|my|our|this|these|the|\d+)(?! (?:\w+ )?(?:team|department"
    rf"|division|unit|group|office|project|program)\b) )"
    rf"(?:\w+ ){{0,4}}?{BUSINESS}|i am (?:an? )?owner|(?<!not )my (?:own |little |small |new |"
    rf"family |\w+ )?(?:shop|store|business|restaurant|bakery|clinic|practice|agency|studio"
    rf"|salon|firm|startup|cafe|gym|farm|garage|hotel|brewery|boutique|franchise|spa|brand"
    rf"|consultancy)(?! (?:partner|card|analyst|school|manager|plan|asked|wants|unit|owner|has me"
    rf"|sent))|we are the owners|our family (?:business|owns|runs))\b"
)
RUNS_TEAM: Final = Expression(
    r"\bi (?:run|lead|manage|head(?: up)?|oversee|supervise) (?:the|our|a|an|all)\b"
    r"|\bi am (?:responsible for|in charge of) (?:the|our|all|\w+)\b"
)
GATHERING: Final = Expression(
    r"\b(?:my (?:\w+ )?(?:boss|bosses|manager|supervisor|ceo|director|colleague|owner|team lead"
    r"|dad|father|mother|mom|husband|wife|uncle|professor) (?:\w+ )?(?:asked|told|sent|wanted|had"
    r"|has asked|wants|needs|instructed|tasked|assigned|got) me|my (?:\w+ )?(?:boss|manager"
    r"|supervisor|ceo|director|owner) (?:\w+ )?(?:wants|wanted|would"
    r" like|asked|needs) (?:me )?to (?:know|find out|get|see|ask|call|check|look)|i (?:just"
    r"|only) (?:answer"
    r"|pick up|take) (?:the )?(?:phones?|calls?|messages)|(?:i was|i have been|been) (?:asked"
    r"|told|sent|tasked|assigned) (?:to|by|with)|(?:on behalf of|calling for|asking for|filling in"
    r" for|helping) (?:my|our|the) (?:boss|manager|ceo|director|owner|supervisor|uncle|father|dad)"
    r"|(?:just|only|simply|merely) (?:\w+ )?(?:gathering|collecting|getting|researching|doing"
    r" (?:some |the )?research|looking (?:up|into)|passing (?:on|along)|taking notes|the messenger)"
    r"|gathering (?:information|info|quotes|prices)|collect(?:ing)? (?:quotes|information"
    r"|offers))\b"
)
NO_SAY: Final = Expression(
    r"\b(?:(?:it is|that is|this is) not (?:my|up to me|mine)(?: (?:decision|call|place))?"
    r"|(?:i|we) (?:do|can|could|would|will) not (?:really |actually |personally )?(?:decide|sign"
    r"|make (?:the|that|any|those|these)(?: \w+)? (?:decisions?|calls?)|approve|have (?:any "
    r"|a |the "
    r")?(?:say|authority|final))|i have no (?:say|authority|idea who)|not (?:up to|for) me"
    r"|(?:somebody|someone) else (?:decides|makes|signs|will)|i am not (?:the|a|really the) (?:one"
    r"|person|decision|owner|boss))\b"
)
ADVISING: Final = Expression(
    r"\b(?:short ?list\w*|evaluat(?:e|ing|ion|es)|(?:i|we) (?:will |would |can |just )?recommend"
    r"|recommendation|compar(?:e|ing) (?:\w+ ){0,2}(?:vendors?|agenc\w+|providers?|options|offers"
    r"|suppliers|quotes)|(?:check|clear|run|discuss|talk|confirm|go|take) (?:it |this |that "
    r"|things )"
    r"?(?:over )?(?:with|by|past|through|to|back to) (?:my|our|the) (?:boss|board|ceo|cfo|partners?"
    r"|manager|director|team|owner|husband|wife|management|committee|boss's)|(?:my|our|the) (?:boss"
    r"|ceo|cfo|director|board|manager|owner|committee|management|partners) (?:\w+ )?(?:decides?"
    r"|signs?|makes|has the|have the|would have|needs? to|will (?:decide|sign|have)|approves?"
    r"|gets the)|part of the (?:decision|committee|selection|team that)|involved in the (?:decision"
    r"|selection|choice)|(?:i|we) (?:have|get) (?:a|some|my) (?:say|input|vote)|i advise"
    r"|(?:decision|call|say|word) (?:is|lies|rests|stays|will be|would be) (?:made )?(?:with"
    r"|up to|by"
    r"|on) (?!me\b|us\b)|i prepare (?:everything|it|the|all)|selection "
    r"committee|steering committee|(?:decide|decision) (?:together )?(?:with|as a) (?:my|our|the|a)"
    r"|i influence|give (?:my|our) input|business case)\b"
)
TITLE_OF: Final = re.compile(r"(?:heads?|[es]?vp|vice president|directors?)\b")
BUDGET_OWNER: Final = Expression(
    r"\b(?:own|control|hold|manage|responsible for|in charge of|have) (?:the|my|my own|our|its"
    r"|a|full) (?:\w+ )?budget\b(?! (?:of|for|in|yet|approved|set))"
)


@dataclass(frozen=True)
class Standing:
    """What one turn says of the caller's part in the decision."""

    rank: int
    answer: Answer
    start: int
    end: int
    title: str | None = None


def authority(answers: Sequence[Answer]) -> dict[str, Fact]:
    """``decision_role`` by the strongest statement, and ``role``: the title the caller gave.

    A head, director or vice president decides only who also says that budget or signature is
    theirs; that statement then ranks by itself.
    """
    best: Standing | None = None
    titled: Standing | None = None
    for answer in answers:
        for standing in sorted(standings(answer), key=lambda each: each.start):
            if (
                corrects(answer.text, 0, standing.start)
                or best is None
                or standing.rank > best.rank
            ):
                best = standing
            titled = standing if standing.title else titled
    facts: dict[str, Fact] = {}
    if titled:
        title = titled.title or ""
        facts["role"] = titled.answer.fact("role", title, (titled.start, titled.end))
    if best:
        facts["decision_role"] = best.answer.fact(
            "decision_role",
            ROLE_OF[best.rank],
            (best.start, best.end),
            0.7 if best.rank == ADVISES else 0.9,
        )
    return facts


def standings(answer: Answer) -> Iterator[Standing]:
    yield from titles(answer)
    text = answer.text
    for pattern, rank in (
        (DECIDING, DECIDES),
        (BUDGET_OWNER, DECIDES),
        (OWNING, OWNS),
        (GATHERING, GATHERS),
        (NO_SAY, ADVISES),
        (ADVISING, ADVISES),
        (RUNS_TEAM, TITLED),
    ):
        if match := pattern.search(text):
            yield Standing(rank, answer, *match.span())
    if answer.asks("role"):
        yield from replies(answer)


def titles(answer: Answer) -> Iterator[Standing]:
    text = answer.text
    matches = [*MINE.finditer(text), *NAMED.finditer(text)]
    if answer.asks("role") and (first := ANSWERED.match(text)):
        matches.append(first)
    for match in matches:
        group = match.lastgroup or "top"
        rank = {"top": OWNS, "middle": TITLED, "junior": GATHERS}[group]
        start, end = match.span(group)
        yield Standing(rank, answer, start, end, title=title_in(answer, start, end))


def title_in(answer: Answer, start: int, end: int) -> str:
    """The title as transcribed, with what it is of: "VP of digital"."""
    wide = TITLE_OF.match(answer.text, start)
    more = wide and re.match(r" of (?!(?:a|an|the|this|our|my)\b)[\w&]+", answer.text[end:])
    return answer.spoken.original(start, end + more.end() if more else end)


def replies(answer: Answer) -> Iterator[Standing]:
    """ "Who decides?" - "me"; "Are you the owner?" - "yes"."""
    text, asked = answer.text, answer.question.asked
    who = re.search(r"\b(?:who|decide|decides|decision|signs?)\b", asked)
    if who and (match := THAT_IS_ME.match(text) or SO_ME.search(text)):
        involved = re.search(r"\b(?:involved|part of|say in)\b", asked)
        yield Standing(ADVISES if involved else DECIDES, answer, *match.span())
    elif answer.says_yes:
        yield from confirmed(answer)
    elif says_no(text) and re.search(r"\b(?:involved|part of)\b", asked):
        yield Standing(ADVISES, answer, 0, len(text))


def confirmed(answer: Answer) -> Iterator[Standing]:
    """A plain yes takes over the role in the agent's question."""
    asked = answer.question.asked
    whole = (0, len(answer.text))
    if re.search(r"\b(?:involved|part of|say in)\b", asked):
        yield Standing(ADVISES, answer, *whole)
    elif match := re.search(rf"\byou (?:are )?(?:\w+ ){{0,4}}?(?:{TITLES})(?!\S)", asked):
        rank = {"top": OWNS, "middle": TITLED, "junior": GATHERS}[match.lastgroup or "top"]
        yield Standing(rank, answer, *whole)
    elif re.search(
        r"\byou (?:\w+ )?(?:decide|sign|make the|the one)|your (?:decision|call)\b", asked
    ):
        yield Standing(DECIDES, answer, *whole)
