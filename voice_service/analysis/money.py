"""Amounts of money in what was said, and whether each is a budget for the project or not."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from voice_service.analysis.expressions import Expression
from voice_service.analysis.numerals import SAID_NUMBER, said_number
from voice_service.analysis.word_lists import words

MONTHS_COUNTED: Final = 6.0  # of a budget given per month
PER_PERIOD: Final = {"month": MONTHS_COUNTED, "quarter": MONTHS_COUNTED / 3, "year": 1.0}
CURRENCIES: Final = {
    "$": "USD",
    "usd": "USD",
    "us dollars": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "bucks": "USD",
    "\u20ac": "EUR",
    "eur": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "\u00a3": "GBP",
    "gbp": "GBP",
    "pound": "GBP",
    "pounds": "GBP",
    "quid": "GBP",
    "sterling": "GBP",
    "american": "USD",
    "american dollars": "USD",
    "us": "USD",
    "canadian": "CAD",
    "canadian dollars": "CAD",
    "australian": "AUD",
    "aussie": "AUD",
    "aussie dollars": "AUD",
    "cad": "CAD",
    "australian dollars": "AUD",
    "aud": "AUD",
    "swiss francs": "CHF",
    "francs": "CHF",
    "chf": "CHF",
    "yen": "JPY",
    "rupees": "INR",
    "pesos": "MXN",
}
WORDS_FOR_MONEY: Final = "|".join(
    sorted((word for word in CURRENCIES if word.isalpha() or " " in word), key=len, reverse=True)
)
SIGN: Final = r"(?:[$\u20ac\u00a3]|usd|eur|gbp|cad|aud|chf)"
AMOUNT: Final = Expression(
    rf"(?<!\S)(?:(?P<sign>{SIGN}) )?(?P<low>{SAID_NUMBER})"
    rf"(?: (?P<own>grand|{WORDS_FOR_MONEY}))?"
    rf"(?: (?P<join>to|-|or|and|maybe|up to|possibly)(?: (?:maybe|about|possibly|around|even"
    rf"|up to|say))?(?: {SIGN})? (?P<high>{SAID_NUMBER}))?"
    rf"(?: (?P<unit>grand(?: (?:{WORDS_FOR_MONEY}))?|{WORDS_FOR_MONEY}))?"
    rf"(?: (?P<plus>\+|plus))?"
    rf"(?: (?:(?:a|per|each|every|/|an) (?P<period>month|hour|hr|week|day|year|quarter|user|seat"
    rf"|head|person|unit|order|piece|licen[cs]e|employee|customer|ticket|click|lead)"
    rf"|(?P<rate>monthly|hourly|weekly|daily|yearly|annually)))?(?!\S)"
)
RATES: Final = {"monthly": "month", "yearly": "year", "annually": "year"}
# A number without a currency is money only before one of these, or at the end.
AFTER_MONEY: Final = words(
    """. ? : for to in on over and but or so max maximum tops total at as with is was right
    this that the budget roughly something give ballpark altogether all if because which i
    we it from set approved allocated available already plus including initially depending
    though maybe probably by until today now next before when how range mark up down ish
    per a available ready aside please thanks thank limit honestly really i our my no yes
    yeah not just put earmarked saved left total at_most without with within including
    excluding since while until after across over under between among per via than here
    there they he she you your that's though although unless pre phase first then would
    could can should will and/or minimum at_least tax ex ideally most cap"""
)
BEFORE_BARE: Final = words(
    """. ? about around maybe like say roughly approximately to between probably under over
    have do spend got aside allocated approved budget is at up of perhaps well yes yeah so
    it say's closer think thinking guess near nearly towards with no actually sorry mean
    rather ideally just least most was had"""
)
FOR_THE_PROJECT: Final = Expression(
    r"(?<!\S)(?:budget\w*|spend|spending|set(?:ting)? aside|put(?:ting)? aside|allocat\w+"
    r"|earmark\w+|approv\w+|signed off|sign off on|afford\w*|invest(?:ing|ment)?|invest"
    r"|(?:willing|able|ready|prepared|happy|going|want) to (?:pay|spend|go|put|invest|do)"
    r"|(?:can|could|would|will|might) (?:\w+ )?(?:do|go|stretch|manage|pay|spend|commit|swing)"
    r"|work with|ceiling|funds?|funding|put (?:in|into|towards?)|commit(?:ted)?|price range"
    r"|ballpark|saved up|have saved|in the pot|cap is|limit is|keep it (?:under|below)"
    r"|(?:not|never|no) (?:\w+ ){0,3}?(?:more than|over|above|exceed)"
    r")(?!\S)"
    r"|(?<!\S)(?:have|got|is) (?:(?:about|around|roughly|maybe|up to|at least|only|just|a|like|over"
    r"|somewhere|between) )*(?=[$\u20ac\u00a3\d][\d .$\u20ac\u00a3to-]*(?:grand |dollars |euros "
    r"|pounds |usd |eur )?(?:for (?:it|this|that|the|phase|a|an|our|all|everything)|available|ready"
    r"|set aside|put aside|to (?:spend|invest|put|work|build|start|get|do))\b)"
)
NOT_FOR_IT: Final = Expression(
    r"(?<!\S)(?:revenues?|turnover|sales|sell(?:ing)?|sold|profits?|gross(?:es|ed|ing)?|earn\w*"
    r"|income|(?:we|i|company|business|shop|store|that|they) "
    r"(?:(?:currently|already|usually|now|still|only) )?(?:do|does|did|make|makes|made)"
    r"(?= (?:\w+ ){0,3}?[$\u20ac\u00a3\d])|turn over|a year in|paid|paying|spent"
    r"|(?:we|i|they) (?:currently |already |now |still )?(?:pay|spend)"
    r"|(?:am|are|were|was|already|currently) (?:currently |already |now )?spending"
    r"|costs?|costing|losing|lost|loses?|losses|wast\w+|burn(?:ed|t|ing)?|invoic\w+|bill(?:s|ed)?"
    r"|charg\w+|owe[sd]?|debts?|loans?|salar\w+|wages?|payroll|hourly|rates?|rent|quot\w+"
    r"|prices?|priced|pricing|fees?|deposit|subscriptions?|licen[cs]es?|worth|valu\w+|valuation"
    r"|raised|raising|seed(?: funding)?|series [abc](?: funding)?|funding round|fines?|fined"
    r"|penalt\w+|lawsuits?|settle\w*|damages|refund\w*|stolen|inventory|insurance|mortgage|tuition"
    r"|sav(?:e|es|ed|ing|ings) (?:us|you|them|about|around|up to)|would save|average order"
    r"|transactions?|deal size|last (?:time|year|month|agency|vendor|developer|company|guy|project)"
    r"|previous(?:ly)?|the other (?:\w+ )?(?:place|company|agency|guys?|lot|firm|one|vendor"
    r"|people)|theirs"
    r"|(?:they|he|she|another \w+|competitors?|someone|somebody) (?:\w+ )?(?:said|quoted"
    r"|wanted|asked|offered|charges?)|used to|(?:marketing|advertising|ads?|media|hiring"
    r"|training|travel|salary|payroll) "
    r"(?:budget|spend|money)|how much|do you charge|your (?:minimum|quote|offer|session)|session"
    r"|consultation|(?:would|will|does|could|might|may) (?:it|that|this|an? \w+|something like "
    r"\w+) (?:cost|be|run)|(?:is|are) (?:it|that|this|you|they) (?:like|about|around|more|over"
    r"|under|in the)|what (?:would|does|do|will|is) (?:it|that|this|you|the)"
    r"|(?:an hour|per hour|a day|per day))(?!\S)"
)
BREAK: Final = re.compile(
    r"(?<!\S)(?:[.?]|but|because|so|which|while|and (?=we|i|our|my|the|now|this|it)|this time|now)"
    r"(?!\S)"
)
ASKED_DISTANCE: Final = 6.0  # words; how near a cue the agent's own question for a budget stands
BREAK_DISTANCE: Final = 6.0  # words; what a new clause between a cue and an amount counts for
SENTENCE_DISTANCE: Final = 12.0


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money; ``low`` is None where it is no range. In its own currency."""

    low: float | None
    high: float
    currency: str | None
    start: int
    end: int
    bare: bool  # a small number without a unit: "about forty"
    said: float  # as said, before a monthly amount is made one for the project
    priced: bool = False  # an hourly rate, a price per user: never a budget


def amounts_in(text: str) -> list[Amount]:
    """Whatever may be money in plain words, in order."""
    return [amount for match in AMOUNT.finditer(text) for amount in read_amounts(text, match)]


def read_amounts(text: str, match: re.Match[str]) -> list[Amount]:
    low, high = said_number(match["low"]), match["high"] and said_number(match["high"])
    units = [match["unit"] or "", match["own"] or "", match["sign"] or ""]
    words = [unit.replace("grand", "").strip() for unit in units]
    currency = next((CURRENCIES[word] for word in words if word), None)
    period = match["period"] or RATES.get(match["rate"], match["rate"])
    if high and match["join"] == "and" and not is_between(text, match.start()):
        low, high = high, None  # two numbers, and the second stands beside its unit
    if high:
        low = same_scale(low, high)
    top = high or low
    named = any(units)
    if not (named or period or looks_like_money(text, match, top)):
        return []
    times = PER_PERIOD.get(period or "", 1.0)
    bare = not named and top < 1000
    if bare:
        low, top = in_thousands(low, match["low"]), in_thousands(top, match["high"] or match["low"])
    return [
        Amount(
            low=low * times if high and low < top else None,
            high=top * times,
            currency=currency,
            start=match.start(),
            end=match.end(),
            bare=bare,
            said=top,
            priced=bool(period) and period not in PER_PERIOD,
        )
    ]


def is_between(text: str, start: int) -> bool:
    return text[max(start - 20, 0) : start].rstrip(" $\u20ac\u00a3").endswith(("between", "from"))


def same_scale(low: float, high: float) -> float:
    """ "Fifteen to twenty thousand" is fifteen thousand to twenty thousand."""
    for scale in (1e6, 1e5, 1e3):
        if low < 1000 <= high and low * scale <= high:
            return low * scale
    return low


def in_thousands(amount: float, said: str) -> float:
    """ "About forty" for a project is forty thousand; "five hundred" may well be that."""
    return amount * 1000 if 5 <= amount < 100 or " " in said else amount


def looks_like_money(text: str, match: re.Match[str], amount: float) -> bool:
    after = text[match.end() : match.end() + 20].split()
    if after and after[0] not in AFTER_MONEY:
        return False
    if amount >= 1000:
        return not (1900 <= amount < 2100 and amount.is_integer())
    before = text[max(match.start() - 20, 0) : match.start()].split()
    return amount >= 5 and (not before or before[-1] in BEFORE_BARE)


def budgets_among(text: str, amounts: Sequence[Amount], *, asked: bool) -> list[Amount]:
    """Those amounts of a turn that are meant for the project: the nearest cue decides.

    ``asked``: the turn answers a question about the budget.
    """
    cues, never = stronger(
        [match.span() for match in FOR_THE_PROJECT.finditer(text)],
        [match.span() for match in NOT_FOR_IT.finditer(text)],
    )
    breaks = [match.start() for match in BREAK.finditer(text)]
    return [
        amount
        for amount in amounts
        if not amount.priced
        and (asked or cues)
        and not (amount.bare and not asked and not follows_cue(amount, cues))
        and nearest(text, amount, cues, breaks, asked=asked) < nearest(text, amount, never, breaks)
    ]


def stronger(
    cues: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Both without those a longer one of the other kind overlaps: "not cost more than", "cost"."""

    def kept(
        own: Sequence[tuple[int, int]], against: Sequence[tuple[int, int]], *, at_equal: bool
    ) -> list[tuple[int, int]]:
        starts = [start for start, _ in against]
        result = []
        for start, end in own:
            near = against[max(bisect_left(starts, start) - 1, 0) : bisect_left(starts, end)]
            longest = max((e - s for s, e in near if s < end and start < e), default=-1)
            if longest < end - start or (at_equal and longest == end - start):
                result.append((start, end))
        return result

    return kept(cues, others, at_equal=False), kept(others, cues, at_equal=True)


def follows_cue(amount: Amount, cues: Sequence[tuple[int, int]]) -> bool:
    """ "Set aside forty": so small a number needs its cue right before it."""
    return any(0 <= amount.start - end <= 25 for _, end in cues)


def nearest(
    text: str,
    amount: Amount,
    cues: Sequence[tuple[int, int]],
    breaks: Sequence[int],
    *,
    asked: bool = False,
) -> float:
    """Words from an amount to the nearest cue; more of them over the end of a clause."""
    distances = [ASKED_DISTANCE] if asked else []
    for start, end in cues:
        begin, until = (end, amount.start) if end <= amount.start else (amount.end, start)
        if until - begin > 400:
            continue
        crossed = breaks[bisect_left(breaks, begin) : bisect_left(breaks, until)]
        far = sum(SENTENCE_DISTANCE if text[at] in ".?" else BREAK_DISTANCE for at in crossed)
        distances.append(text.count(" ", begin, max(until, begin)) + far)
    return min(distances, default=1e6)
