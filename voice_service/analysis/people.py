"""Who is speaking: the caller's name and company, in the spelling of the transcript."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from voice_service.analysis.answers import Answer
from voice_service.analysis.expressions import Expression
from voice_service.analysis.model import Fact
from voice_service.analysis.word_lists import words

LETTERS: Final = r"[^\W\d_]"
CAPITALISED: Final = (
    rf"(?!(?:I|We|And|But|So|My|The|Our|It|A|An|Yes|No|Hi|Hey|Is|You|They"
    rf"|What|How|Can|Do)\b)(?=[^a-z\W\d_]){LETTERS}[\w'\u2019&-]*"
)
MONTHS_AND_DAYS: Final = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may"
    " june july august september october november december"
)
# In a transcript without capitals a name ends at one of these, and none of them begins one.
NO_NAME: Final = words(
    f"""a an the i i'm we we're and but so from with at of for my our your is am are was it it's
    that this here there calling speaking um uh er just about because not very really in on to
    looking interested trying going actually still also good great fine okay ok yes no sure
    sorry thanks hello hi hey well now today who what when where how if or as by they he she
    you have has had want need would like working work works owner ceo cto cfo founder manager
    director vp head president urgent regarding him her me again all one two three
    {MONTHS_AND_DAYS}"""
)
AN_ADDRESS: Final = re.compile(r"@|\b(?:dot|at \w+ (?:\w+ )?dot)\b", re.IGNORECASE)
FILLER: Final = r"(?:(?:uh|um|er|ah),? )*"
NAME_IS: Final = Expression(
    rf"\b(?:my (?:full |first )?name(?:'s|\u2019s| is)|the name(?:'s|\u2019s| is)|i am called"
    rf"|i'm called|call me|(?:you(?:'re|\u2019re| are)) (?:speaking|talking) (?:to"
    rf"|with)),? {FILLER}",
    re.IGNORECASE,
)
I_AM: Final = Expression(
    rf"\b(?:this is|it(?:'s|\u2019s| is)|i(?:'m|\u2019m| am)),? {FILLER}", re.IGNORECASE
)
GIVEN: Final = re.compile(rf"{CAPITALISED}(?: {CAPITALISED}){{0,2}}")
FOLLOWED: Final = re.compile(  # behind a name without capitals, to be sure that it is one
    r"(?:,)? (?:from|with|at|calling|over at|speaking|here|i'm|i am|and i|i run|i own|the owner)\b",
    re.IGNORECASE,
)
HERE: Final = Expression(rf"\b({CAPITALISED}(?: {CAPITALISED})?) (?:here|speaking)\b")
ONLY_NAME: Final = re.compile(
    rf"\W*(?:(?:yes|sure|yeah|of course|it's|it is|okay|i'm|hi|hello|um|uh)[,.]? )*"
    rf"((?:{LETTERS}[\w'\u2019-]*)(?: {LETTERS}[\w'\u2019-]*){{0,2}})\W*$",
    re.IGNORECASE,
)
FIRM: Final = rf"({CAPITALISED}(?: (?:(?:of|and|&|the) )?{CAPITALISED}){{0,3}})"
TITLE: Final = (
    r"(?:owner|founder|c[etfoim]o|director|manager|president|partner|head of \w+|vp of \w+|vp|lead"
    r"|principal|officer|engineer|developer|assistant|coordinator)"
)
COMPANY: Final = Expression(
    rf"(?i:\b(?:{TITLE} (?:at|of|for|with|here at|over at)|(?:i|we) work (?:at|for)|calling (?:from"
    rf"|on behalf of)|on behalf of|(?:company|business|firm|shop|store|agency|startup|practice"
    rf"|organi[sz]ation|restaurant|clinic)(?:'s|\u2019s| is)? (?:called|named)|we(?:'re"
    rf"|\u2019re| are)"
    rf"(?: called)?|i (?:run|own|founded|started|represent)|(?:company|business) name is"
    rf"|we are at|i'm (?:at|with)|over at),?) {FIRM}"
)
FROM: Final = re.compile(rf"(?: here)?,? (?:from|with|at|of|over at|calling from) {FIRM}")
CALLED: Final = Expression(
    r"\b(?:company|business|firm|shop|store|agency|startup|practice|restaurant|clinic)(?:'s| is)? "
    r"(?:called|named) ((?:[\w'&-]+ ?){1,3})",
    re.IGNORECASE,
)


def person(answers: Sequence[Answer]) -> dict[str, Fact]:
    """``full_name`` and ``company`` as first given; a fuller name later replaces a first name."""
    facts: dict[str, Fact] = {}
    for answer in answers:
        for name, start, end in names(answer):
            known = facts.get("full_name")
            if known is None or str(known.value).lower() in name.lower():
                facts["full_name"] = said(answer, "full_name", name, start, end)
            if firm := FROM.match(answer.spoken.said, end):
                facts.setdefault("company", said(answer, "company", firm[1], *firm.span(1)))
        if firm := COMPANY.search(answer.spoken.said):
            facts.setdefault("company", said(answer, "company", firm[1], *firm.span(1)))
        if called := CALLED.search(answer.spoken.said):
            words = " ".join(until_no_name(called[1].split()))
            if words:
                facts.setdefault("company", said(answer, "company", words, *called.span(1)))
    return facts


def said(answer: Answer, name: str, value: str, start: int, end: int) -> Fact:
    quote = answer.spoken.said[max(start - 40, 0) : max(end, start + 80)].strip()[:120]
    return Fact(
        name=name,
        value=value[:120],
        source="transcript",
        turn=answer.position,
        quote=quote,
        confidence=0.8,
    )


def names(answer: Answer) -> Iterator[tuple[str, int, int]]:
    """Names the caller gives, with their place in the words as transcribed."""
    text = answer.spoken.said
    for match in NAME_IS.finditer(text):
        yield from name_at(text, match.end(), sure=True)
    for match in I_AM.finditer(text):
        yield from name_at(text, match.end(), sure=False)
    if here := HERE.search(text):
        yield here[1], *here.span(1)
    if answer.asks("name") and (only := ONLY_NAME.match(text[:200])):
        words = until_no_name(only[1].split())
        if words and len(words) == len(only[1].split()):
            yield " ".join(words), *only.span(1)


def name_at(text: str, at: int, *, sure: bool) -> Iterator[tuple[str, int, int]]:
    given = GIVEN.match(text, at)
    if given:
        words = until_no_name(given.group().split())
    else:
        words = until_no_name(text[at : at + 60].split()[:3])
        if AN_ADDRESS.search(text[at : at + 40]):
            return
        name = " ".join(words)
        if not sure and not (text.islower() and FOLLOWED.match(text, at + len(name))):
            return
    if words and not (len(words) == 1 and words[0].isupper() and len(words[0]) > 1):  # "CEO"
        name = " ".join(words).rstrip(".,!?")
        yield name, at, at + len(name)


def until_no_name(words: Sequence[str]) -> list[str]:
    result: list[str] = []
    for word in words:
        plain = word.rstrip(".,!?").lower().replace("\u2019", "'")
        if plain in NO_NAME or not plain[:1].isalpha():
            break
        result.append(word.rstrip(".,!?"))
        if word[-1:] in ".,!?":
            break
    return result
