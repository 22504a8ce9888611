"""What a caller said beside the agent's question it answers: a bare "about forty" needs both."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from voice_service.analysis.expressions import Expression
from voice_service.analysis.model import CALLER, Fact, FactValue, Turn
from voice_service.analysis.spoken import Spoken, spoken

Topic: TypeAlias = Literal[
    "budget", "size", "timeline", "role", "project", "offer", "when", "follow_up", "name", "contact"
]

SESSION: Final = Expression(
    r"\b(?:sessions?|consultations?|appointments?|meetings?|slots?|demo"
    r"|(?:discovery|intro\w*|free|quick|short|first|\d+ minute|follow up|a|another|the|that|this"
    r"|your|our) (?:\w+ ){0,3}?(?:call|chat)|call with)\b"
)
OFFERING: Final = Expression(
    r"\b(?:book|schedule|set (?:\w+ )?up|arrange|reserve|offer|put you|sign you up|pencil|shall"
    r"|would|interested|how about|what about|want|help|useful|works?|suits?|like|do|ready|go ahead"
    r"|recommend|suggest|happy to|can|could|have|there is|either)\b"
)
WHEN: Final = Expression(
    r"\b(?:when|what (?:day|time|date)s?|which (?:day|time|slot)|(?:mon|tues|wednes|thurs|fri|satur"
    r"|sun)day|tomorrow|next week|at \d+|o'?clock)\b"
)
TALKING: Final = Expression(
    r"\b(?:(?:call|meet|ring|phone|reach) you|meet|speak|talk|works? for you|suits? you)\b"
)
TOPICS: Final[dict[Topic, Expression]] = {
    "budget": Expression(
        r"\b(?:budgets?|spend(?:ing)?|invest(?:ing|ment)?|set aside|put aside|afford|fund(?:s|ing)?"
        r"|price range|ballpark|financ\w+|allocated|earmarked|money|approved"
        r"|how much (?:can|could|do|would|are|have|did|were|is (?:it|that|this|there|available)))\b"
    ),
    "size": Expression(
        r"\b(?:how many (?:\w+ ){0,2}?(?:people|employees|staff|persons|of you|folks|workers"
        r"|colleagues|team members|heads|are (?:you|there|on)|do you (?:employ|have))"
        r"|how (?:big|large|small) (?:is|are|a) (?:\w+ ){0,2}?"
        r"(?:company|team|business|organi[sz]ation|firm|you|operation|practice|office|shop|group)"
        r"|(?:team|company|business|staff) size|head ?count|number of (?:people|employees|staff)"
        r"|size of (?:your|the) (?:\w+ )?(?:company|team|business|organi[sz]ation|firm|staff))\b"
    ),
    "timeline": Expression(
        r"\b(?:time ?lines?|time ?frames?|timing|deadlines?|how (?:soon|quickly|urgent|fast)"
        r"|urgency|(?:target|start|launch) date|date in mind|by when|when|launch|go live"
        r"|start(?:ing)? (?:in|on|by|next|this|around|now)|begin)\b"
    ),
    "role": Expression(
        r"\b(?:your (?:\w+ )?(?:role|position|title|job|function)|what do you do|who (?:\w+ )?"
        r"(?:decides?|makes?|signs?|approves?|has|will|would|is|gets|else)|decisions?|decide"
        r"|decision maker|in charge|signs? off|involved|responsible|are you (?:the|a|an)\b)"
    ),
    "project": Expression(
        r"\b(?:project|buil[dt]\w*|looking (?:for|to)|need|help|about|describe|idea|working on"
        r"|brings? you|what (?:is|was|are|were|would|do|does|should|kind|sort|type|can|did|else)"
        r"|calling (?:for|about))\b"
    ),
    "follow_up": Expression(
        r"\b(?:follow up|reach out|check (?:back )?in|(?:contact|call) you (?:again|later|in)"
        r"|(?:keep|stay) in touch|keep (?:your|you on|you in))\b"
    ),
    "name": Expression(r"\b(?:your (?:\w+ )?names?|who am i|whom am i|speaking (?:with|to))\b"),
    "contact": Expression(
        r"\b(?:emails?|address|phone|(?:your|best|what|which|that|contact|mobile|cell) number"
        r"|reach you"
        r"|contact)\b"
    ),
}
PROJECT_DATE: Final = re.compile(r"\b(?:launch|go live|project|start|begin|finish\w*|ready)\b")
LEAD_IN: Final = (
    r"(?:(?:oh|ah|well|so|hey|great|perfect|thanks|thank you|and|i guess|i think|i suppose|hi"
    r"|sounds? great|fine|cool|nice|alright|all right|fair enough|awesome|right) )*"
)
YES: Final = Expression(
    rf"\W*{LEAD_IN}(?:yes|yeah|yep|yup|yea|ya|yah|uh huh|mhm|correct|right|exactly|precisely|sure"
    r"|of course|absolutely|definitely|certainly|indeed|okay|true|affirmative|totally"
    r"|you got it|you bet(?:cha)?|too easy|for sure|go for it|go on then|aye|by all means"
    r"|please do|why not|lovely|brilliant|perfect|ideal|deal|done"
    r"|that is (?:right|correct|it|true|me|exactly|about right|fine)|that would be me"
    # An echo of the question is a yes where nothing follows that says something else.
    r"|(?:i am|i do|it is|we do|we are)(?=\W*$| ?[,.;!?]| (?:yes|indeed|and|yeah)\b)"
    r"|you are right|spot on|roughly|more or less|pretty much)\b"
    r"(?! no\b| we do not\b| i do not\b| not\b)"
)
NO: Final = Expression(
    rf"\W*{LEAD_IN}(?:(?:yeah|yes|okay|but) )?"
    r"(?:no|nope|nah|not|never|negative|(?:maybe|perhaps) (?:later|another time|next time)"
    r"|i am not|we are not|it is not|that is not|wrong"
    r"|i (?:would|do|will|can) not|we (?:would|do|will|can) not)\b(?! problem)"
)
CORRECTION: Final = re.compile(
    r"\b(?:no (?:sorry|wait|no|i mean|actually|it is|make)|sorry|wait(?: no)?|i mean|i meant"
    r"|actually|make (?:that|it)|scratch that|strike that|correction|or rather|rather"
    r"|my mistake|i misspoke|let me correct|i take that back|not \S+ but|excuse me|pardon)\b"
)


THOUGHT_LONGEST: Final = 8  # words of "let me have a look, one moment please"
ELLIPTIC: Final = 5  # words, the question mark being one; a longer question stands by itself


@dataclass(frozen=True)
class Question:
    """What the agent said last before a caller's turn."""

    text: str
    asked: str  # its questions; all of it where it asks none
    topics: frozenset[Topic]
    position: int | None = None


SILENCE: Final = Question(text="", asked="", topics=frozenset())


@dataclass(frozen=True)
class Answer:
    """A caller's turn, what addresses the system taken out, and the question it answers."""

    position: int
    spoken: Spoken
    question: Question
    settled: bool = False  # the caller answered it in a turn before this one

    @property
    def text(self) -> str:
        return self.spoken.text

    def asks(self, topic: Topic) -> bool:
        return topic in self.question.topics

    @property
    def says_yes(self) -> bool:
        """A yes to the question; one behind an answer already given is only a manner of speech."""
        return not self.settled and says_yes(self.text)

    def fact(
        self, name: str, value: FactValue, span: tuple[int, int], confidence: float = 0.9
    ) -> Fact:
        """A fact this turn states in ``text[span]``."""
        return Fact(
            name=name,
            value=value,
            source="transcript",
            turn=self.position,
            quote=self.spoken.quote(*span),
            confidence=confidence,
        )


def answers_in(turns: Sequence[Turn]) -> list[Answer]:
    """The caller's turns with the question before each.

    A question stays open while the caller thinks aloud and while the agent only says "take your
    time": until the agent asks something else or speaks of something.
    """
    answers: list[Answer] = []
    question = SILENCE
    for turn in turns:
        if not turn.text:
            continue
        if turn.role == CALLER:
            last = answers[-1] if answers and answers[-1].question is question else None
            settled = last is not None and (last.settled or settles(last.text))
            answers.append(
                Answer(
                    position=turn.position,
                    spoken=spoken(turn.text),
                    question=question,
                    settled=settled,
                )
            )
        else:
            said = question_in(turn.text, turn.position)
            if said.topics:
                question = said
            elif "?" in said.text:
                again = len(said.text.split()) <= ELLIPTIC  # "A rough number?" asks the same
                question = replace(said, topics=question.topics if again else frozenset())
    return answers


@lru_cache(maxsize=1024)
def question_in(said: str, position: int) -> Question:
    text = spoken(said).text
    *asking, _ = text.split("?")
    asked = "?".join(part.rpartition(".")[2] for part in asking) or text
    return Question(text=text, asked=asked, topics=topics_of(asked, text), position=position)


def topics_of(asked: str, text: str) -> frozenset[Topic]:
    topics = {topic for topic, pattern in TOPICS.items() if pattern.search(asked)}
    if SESSION.search(text) and OFFERING.search(text):
        topics.add("offer")
    of_ours = SESSION.search(asked) or TALKING.search(asked)
    if of_ours and WHEN.search(asked):  # when to talk, not when the project starts
        topics.add("when")
        if not PROJECT_DATE.search(asked):
            topics.discard("timeline")
    return frozenset(topics)


def settles(text: str) -> bool:
    """Whether a turn answers a question; thinking aloud takes fewer words."""
    return says_yes(text) or says_no(text) or text.count(" ") >= THOUGHT_LONGEST


def says_yes(text: str) -> bool:
    return YES.match(text) is not None


def says_no(text: str) -> bool:
    return NO.match(text) is not None


def corrects(text: str, start: int, end: int) -> bool:
    """Whether the caller takes something back between two places of a turn."""
    return CORRECTION.search(text, start, end) is not None
