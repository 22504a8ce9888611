"""What a caller can spend: the amount last given for the project, or that there is no money."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from voice_service.analysis.answers import SESSION, Answer, corrects
from voice_service.analysis.expressions import Expression
from voice_service.analysis.model import Fact, FactValue
from voice_service.analysis.money import Amount, amounts_in, budgets_among

STRETCH: Final = re.compile(
    r"\b(?:up to|max(?:imum)?|at most|stretch|as high as|tops|ceiling|ideally|at the most|limit"
    r"|absolute|push|hopefully|preferably)\b"
)
ASKS_OTHER_MONEY: Final = re.compile(  # what a project costs the caller today, or brings in
    r"\b(?:revenue|turnover|los(?:e|t|ing)|costs?|costing|paid|paying|pay|charged?|make|earn|sell"
    r"|sales|salar\w+|sav(?:e|ing)|prices?|quot\w+|wast\w+|owe|raised?|time)\b"
)
MORE_ON_TOP: Final = re.compile(r"\b(?:another|additional|extra|on top|plus|further)\b")
UNDECIDED: Final = (
    r"(?:yet|in mind|set|fixed|figure|number|range|defined|decided|exact|specific|for you|limit"
    r"|constraints?|problem|issue|concern|approved|assigned|worked out|determined|finali[sz]ed)"
)
NONE: Final = Expression(
    rf"\b(?:(?:no|zero) (?:more |actual |real )?(?:budget|money|funds|funding|cash)"
    rf"(?! (?:\w+ )?{UNDECIDED})"
    rf"|(?:do|does|did) not (?:really |actually |currently )?have (?:any |a |the |much )?(?:money"
    rf"|funds|funding|cash|budget)(?! (?:\w+ ){{0,2}}?{UNDECIDED})"
    r"|(?:have|has|got|is|there is) (?:absolutely |basically |really )?nothing (?:left|available"
    r"|to spend|for (?:this|it|that))|nothing left (?:for|in)|no money"
    r"|(?:equity|shares|stock|revenue share|rev share|profit share|sweat equity|stake|ownership)"
    r" (?:only|instead|in (?:exchange|return|lieu)|rather)|in exchange for (?:\w+ ){0,2}(?:equity"
    r"|shares|stock|a stake)|(?:pay(?:ing)?|offer(?:ing)?|giv(?:e|ing)"
    r"|compensate) (?:you )?(?:[\w%]+ ){0,4}?(?:equity|shares"
    r"|stock|a stake|exposure|a (?:percentage|cut|share))"
    r"|(?:do|build|make|develop|work) (?:it|this|that)? ?(?:for|on) (?:free|equity|exposure|spec)"
    r"|can not (?:really |actually )?(?:pay|afford)(?: (?:(?:you )?(?:in |any )?(?:cash|money)"
    r"|anything|it|you|that|any|to pay|for it|much))"
    r"|budget (?:\w+ )?(?:is|was|has been|got|is all|has) (?:\w+ )?(?:cut|frozen|gone|zero"
    r"|exhausted|used up|spent|cancell?ed|pulled|nothing|on hold|run out|dried up|slashed)"
    r"|pro bono|out of (?:money|cash|budget)|(?:we are|i am) broke|without (?:a "
    r"|any )(?:budget|money))\b"
)
NOTHING: Final = Expression(
    r"\W*(?:(?:well|honestly|right now|at the moment|basically|currently) )*(?:none|zero"
    r"|0(?! \d)|nothing"
    r"|nothing at all|nothing right now|nothing yet|not a (?:cent|penny|dime|dollar))\b"
    r"(?! (?:set|fixed|specific|in mind|defined|concrete|decided))"
)
APPROVED: Final = Expression(
    r"\b(?:(?:budget|money|funding|funds|spend|spending|investment|amount|financing|purse)"
    r"(?: for \w+(?: \w+)?)? (?:is|was|has been|are|have been|'s|got|has|were) (?:(?:already|all"
    r"|fully|now|just|finally|been|been fully) )*(?:approved|signed off|in place|allocated"
    r"|secured|there|set aside|available|green ?lit|committed|confirmed|cleared|released|ready"
    r"|earmarked|sorted|agreed)"
    r"|(?:have|has|got|received|with) (?:(?:the|a|our|already|full|board|budget|final|an) )*"
    r"(?:approved (?:budget|money|funds|funding)|approval|sign off|green light|go ahead)"
    r"|approved (?:(?:the|a|our|this|that) )?(?:budget|money|spend\w*|funding|funds|investment)"
    r"|(?:board|cfo|ceo|management|finance|boss|council|committee|partners|director|owner|they"
    r"|leadership|headquarters|head office) (?:\w+ ){0,2}?(?:approved|signed (?:it )?off"
    r"|green ?lit|okayed))\b"
)
IT_IS_APPROVED: Final = Expression(
    r"\b(?:it|that|this|everything|the whole thing|yes|yeah|already|been|all|fully)(?: is| has been"
    r"| was| got| has)?(?: (?:already|all|fully|now|been|just|finally))* (?:approved|signed off"
    r"|green ?lit|in place|secured|allocated|set aside)\b|\W*(?:yes )?approved\b"
)
NOT_SURELY: Final = re.compile(
    r"\b(?:not|never|yet to|pending|waiting|awaiting|once|until|till|if|when|needs?|has to|have to"
    r"|had to|should|will|would|might|may|could|going to|hope\w*|expect\w*|unless|before|still"
    r"|to be"
    r"|to get|nothing|no|without|whether|get|after|as soon as|must|trying|subject to|pre)\b"
)
NOT_APPROVED: Final = Expression(
    r"\b(?:(?:not|never|yet to be) (?:\w+ ){0,3}?(?:approved|signed off|secured|confirmed"
    r"|allocated)"
    r"|(?:waiting|await\w*|pending|needs?|still) (?:\w+ ){0,4}?(?:approval|approved|sign off"
    r"|go ahead|green light)|(?:approval|sign off) (?:is |still )*(?:pending|outstanding))\b"
)
NOT_YET: Final = re.compile(r"\W*(?:\w+ ){0,2}(?:yet|soon|next|not)\b")


@dataclass(frozen=True)
class Said:
    """What one turn says about the budget."""

    kind: Literal["amount", "none", "approved"]
    answer: Answer
    amounts: tuple[Amount, ...] = ()
    span: tuple[int, int] = (0, 0)
    confidence: float = 0.9


@dataclass(frozen=True)
class BudgetRead:
    """The facts; every amount named as the budget, taken back or not; and every amount that is
    none: what was paid, lost or earned."""

    facts: dict[str, Fact]
    named: frozenset[float]
    others: frozenset[float]
    not_approved: bool  # the money still has to be approved


def read_budget(answers: Sequence[Answer]) -> BudgetRead:
    """What the caller last said can be spent, as ``budget_min``, ``budget_max`` (project total,
    in ``budget_currency``) and ``budget_status``."""
    prices = session_prices(answers)
    stated: list[Said] = []
    others: set[float] = set()
    for answer in answers:
        amounts = [each for each in amounts_in(answer.text) if each.high not in prices]
        budgets = budgets_among(answer.text, amounts, asked=asks_budget(answer))
        no_budgets = [each for each in amounts if each not in budgets]
        others |= {value for each in no_budgets for value in (each.high, each.said)}
        stated.extend(said_in(answer, budgets))
    facts = facts_of(stated)
    return BudgetRead(
        facts=facts,
        named=frozenset(
            value
            for each in stated
            for one in each.amounts
            for value in (one.low, one.high)
            if value
        ),
        others=frozenset(others),
        not_approved=any(NOT_APPROVED.search(answer.text) for answer in answers)
        and "budget_status" not in facts,
    )


def session_prices(answers: Sequence[Answer]) -> set[float]:
    """What the agent asks for a session: no budget, though the caller may repeat it."""
    return {
        amount.high
        for answer in answers
        if SESSION.search(answer.question.text)
        for amount in amounts_in(answer.question.text)
        if amount.high < 1000
    }


def asks_budget(answer: Answer) -> bool:
    asked = answer.question.asked
    if "budget" in asked:
        return True
    if ASKS_OTHER_MONEY.search(asked) or SESSION.search(asked):
        return False
    return answer.asks("budget") or any(not each.bare for each in amounts_in(asked))


def said_in(answer: Answer, budgets: Sequence[Amount]) -> Iterator[Said]:
    text = answer.text
    if budgets:
        yield Said(kind="amount", answer=answer, amounts=chosen(text, budgets))
    elif answer.says_yes and asks_budget(answer):
        yield from confirmed(answer)
    if none := NONE.search(text) or (asks_budget(answer) and NOTHING.match(text)):
        yield Said(kind="none", answer=answer, span=none.span())
    if approved := approval(answer):
        yield Said(kind="approved", answer=answer, span=approved)


def confirmed(answer: Answer) -> Iterator[Said]:
    """A plain yes to the agent's "one hundred and twenty thousand dollars?"."""
    asked = [each for each in amounts_in(answer.question.asked) if not each.bare]
    if asked:
        first = replace(asked[-1], start=0, end=len(answer.text))
        yield Said(kind="amount", answer=answer, amounts=(first,), confidence=0.8)
    elif re.search(r"\bapproved\b", answer.question.asked):
        yield Said(kind="approved", answer=answer, confidence=0.8)


def chosen(text: str, budgets: Sequence[Amount]) -> tuple[Amount, ...]:
    """Of several amounts the one that replaced the others, or both ends of a stretch."""
    best = [budgets[0]]
    for amount in budgets[1:]:
        if corrects(text, best[-1].end, amount.start):
            best = [amount]
        elif STRETCH.search(text, best[-1].start - 30 if best[-1].start > 30 else 0, amount.end):
            best.append(amount)
    return tuple(best)


def approval(answer: Answer) -> tuple[int, int] | None:
    """Where the turn says that the money is approved: not that it has to be, or is not yet."""
    patterns = [APPROVED]
    if asks_budget(answer) or re.search(r"\b(?:budget|money|funding)\b", answer.text):
        patterns.append(IT_IS_APPROVED)
    for pattern in patterns:
        for match in pattern.finditer(answer.text):
            before = answer.text[max(match.start() - 60, 0) : match.start()]
            before = " ".join(re.split(r"[.?]|\bbut\b", before)[-1].split()[-5:])
            if not (
                NOT_SURELY.search(before)
                or NOT_SURELY.search(match.group())
                or NOT_YET.match(answer.text, match.end())
            ):
                return match.span()
    return None


def facts_of(stated: Sequence[Said]) -> dict[str, Fact]:
    """The last amount counts, unless later there is no money left; so does the last status."""
    money = last(stated, "amount", "none")
    facts: dict[str, Fact] = {}
    if money and money.kind == "amount":
        facts |= amount_facts(money, currency_of(stated))
    status = money if money and money.kind == "none" else last(stated, "approved")
    if status:
        value = "none" if status.kind == "none" else "approved"
        facts["budget_status"] = status.answer.fact(
            "budget_status", value, status.span, status.confidence
        )
    return facts


def last(stated: Sequence[Said], *kinds: str) -> Said | None:
    found = [each for each in stated if each.kind in kinds]
    while len(found) > 1 and found[-1].kind == "amount" and is_on_top(found[-1]):
        found.pop()
    return found[-1] if found else None


def is_on_top(said: Said) -> bool:
    """ "Another five thousand for the maintenance" does not replace what was said before."""
    start = said.amounts[0].start
    return bool(MORE_ON_TOP.search(said.answer.text, max(start - 15, 0), said.amounts[-1].end + 12))


def currency_of(stated: Sequence[Said]) -> str | None:
    """The currency last named: "fifty thousand euros … actually sixty thousand"."""
    named = [amount.currency for each in stated for amount in each.amounts if amount.currency]
    return named[-1] if named else None


def amount_facts(said: Said, currency: str | None) -> dict[str, Fact]:
    first, final = said.amounts[0], said.amounts[-1]
    span = (first.start, final.end)
    confidence = 0.6 if final.bare else said.confidence
    both = (value for each in said.amounts for value in (each.low, each.high))
    ends = sorted({value for value in both if value is not None})
    values: dict[str, FactValue] = {"budget_min": whole(ends[0])} if len(ends) > 1 else {}
    values["budget_max"] = whole(ends[-1])
    if currency:
        values["budget_currency"] = currency
    return {name: said.answer.fact(name, value, span, confidence) for name, value in values.items()}


def whole(amount: float) -> int | float:
    return int(amount) if amount.is_integer() else amount
