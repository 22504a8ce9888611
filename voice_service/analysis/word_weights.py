"""How words weigh in a business conversation, where that differs from how people post on the web.

Weights are on the lexicon's own scale, -4 to 4; 0.6 alone is just felt.
"""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Final


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def weigh(weight: float, text: str) -> dict[str, float]:
    """The same weight for each of the words, or of the phrases parted by commas."""
    parts = text.split(",") if "," in text else text.split()
    return {" ".join(part.split()): weight for part in parts}


def phrases(weight: float, starts: Iterable[str], ends: Iterable[str]) -> dict[str, float]:
    return {f"{start} {end}": weight for start, end in product(starts, ends)}


WORDS: Final[Mapping[str, float]] = {
    # The matter, not the mood: what is to be built, what it deals with, what it costs.
    **weigh(
        0.0,
        """accident accidents agreement agreements alarm alarms alert alerts attack attacks budget
        cancer care challenge challenges charge charged charges claim claims credit critical cut
        cuts debt debts demand demands disease diseases emergency energy error errors fraud free
        fun grand health help helped helping helps injuries injury intelligence issue issues
        legal loss losses need needed needs number pay play problem problems risk risks safe
        safety secure security share shared solution solutions support supported threat threats
        treat treatment treatments value""",
    ),
    # Answers and courtesies: "no" says nothing about how one feels.
    **weigh(0.0, "certain certainly dear honest honestly no please sorry well"),
    **weigh(0.2, "ok okay sure yeah yep yes"),
    **weigh(0.4, "interest interested interesting kind like ready"),
    **weigh(1.2, "thanks thank"),
    **weigh(-0.5, "cancel cancelled cancelling fail failed failing fails failure"),
    # What is felt there and the lexicon lacks or takes lightly.
    **weigh(-2.0, "outage outages overpriced unprofessional useless whatever"),
    **weigh(-2.6, "nightmare ridiculous unacceptable"),
    **weigh(1.8, "keen"),
}

BOOSTERS: Final[Mapping[str, float]] = {"pretty": 0.2, "far": 0.2, "way": 0.2}

WE: Final = ("i", "we")
PHRASES: Final[Mapping[str, float]] = {
    # Said without feeling.
    **weigh(
        0.0,
        """all due respect, as well, feel free, i mean, i'd like, we'd like, like i said,
        looks like, something like, no idea, would like to, what kind""",
    ),
    **weigh(-0.4, "i guess, not sure"),
    **weigh(-1.0, "they'd better, you'd better, you better"),
    # Agreement, relief.
    **weigh(
        1.8,
        """count me in, i like, let's do it, let's do that, looking forward, makes sense,
        sign me up, sounds great, that works, we like, work for me, works for me,
        works for us, work for us""",
    ),
    **weigh(0.8, "no problem, no worries, not a problem"),
    **weigh(
        2.4,
        """can't wait to, cannot wait to, couldn't agree more, couldn't be better,
        couldn't be happier, couldn't ask for more, no brainer, off my chest, off my mind,
        off my shoulders, won me over, won us over, works well""",
    ),
    **phrases(1.8, ["exactly what", "just what"], ["i need", "i wanted", "we need", "we wanted"]),
    **phrases(1.8, ["exactly what i was", "exactly what we were"], ["after", "looking for"]),
    # Polite refusal, objection.
    **phrases(-2.0, ["don't", "didn't", "not"], ["like", "interested"]),
    **phrases(-2.0, ["not going to", "not gonna", "won't", "doesn't", "didn't"], ["help", "work"]),
    **phrases(-2.0, ["going to", "gonna", "have to", "i'll", "we'll"], ["pass"]),
    **phrases(-2.0, ["rather", "prefer"], ["not"]),
    **phrases(-1.6, ["more than"], [f"{we} {verb}" for we in WE for verb in ("can", "wanted")]),
    **phrases(-1.6, ["out of", "beyond", "over"], ["our budget", "our range", "my budget"]),
    **phrases(-1.6, ["can't wait"], ["any longer", "so long", "that long", "until"]),
    **phrases(
        -1.6,
        ["too"],
        words("complicated expensive high late long many much pricey slow small steep"),
    ),
    **weigh(-1.6, "a bit much, no thank you, no thanks, not worth, somewhere else, look elsewhere"),
    # Complaint.
    **phrases(-2.0, ["already", "i just"], ["asked", "said", "told"]),
    **phrases(-2.0, ["nobody", "no one"], ["answered", "answers", "called", "picked", "picks"]),
    **phrases(-2.0, ["not what", "never"], ["agreed", "arrived", "i asked", "i said", "we agreed"]),
    **phrases(-2.0, ["been", "are", "is"], ["down since", "down again", "cutting out"]),
    **phrases(-2.0, ["don't", "do not", "stop"], ["call again", "call me", "calling"]),
    **weigh(
        -2.0,
        """been waiting, cutting out, driving me crazy, fed up, forget it, not listening, sick of,
        take me off, tired of, who gave you, get my number""",
    ),
}

# Words that open a turn and mean nothing by themselves.
OPENERS: Final = words(
    """ah actually alright and er erm hm hmm look listen mhm mm oh ok okay right so uh uhm um well
    yeah yep yes"""
)
# What follows an answering "no", where "no problem" and "no way" are not answers.
AFTER_NO: Final = words(
    """but forget he i i'd i'll i'm i've it it's no not she that that's there there's they they're
    this we we'd we'll we're we've you you're"""
)
