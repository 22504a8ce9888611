"""How words weigh in a business conversation, where that differs from how people post on the web.

Weights are on the lexicon's own scale, -4 to 4; 0.6 alone is just felt.
"""

from collections.abc import Mapping
from typing import Final

from voice_service.analysis.word_lists import words


def weigh(weight: float, text: str) -> dict[str, float]:
    """The same weight for each of the words, or of the phrases parted by commas."""
    parts = text.split(",") if "," in text else text.split()
    return {" ".join(part.split()): weight for part in parts}


WORDS: Final[Mapping[str, float]] = {
    # The matter, not the mood: what is to be built, what it deals with, what it costs.
    **weigh(
        0.0,
        """abuse accident accidents active adventure advanced agreement agreements alarm alarms
        alert alerts alone ambitious anti arrest arrests assault asset assets attack attacks award
        awards ban bankrupt bankruptcy banned battle benefit benefits blind blind block blocked
        blocks bomb bonus bonuses budget burden bug bugs cancer care cares caring casualty challenge
        challenges champion charge charged charges charitable charities charity claim claims clean
        cleaning clear combat comedy comfort commit commitment competitive conflict conflicts
        create created creates creating credit credits crime crimes criminal crisis critical cut
        cuts cutting danger dangerous dead death deaths debt debts defect defects defense defer
        delay delays demand demands depression dear die died dies disability disabled disaster
        disasters disease diseases dispute disputes divorce drop drops drug drugs dump easy
        efficient emergencies emergency engage engaged engagement energy ensure entertainment
        error errors escape excluded expand fair faith fatal fault faults favorite fight fighting
        fine fines fire fired fitness flu fraud free freedom freelance freelancer fresh friend
        friends fun fund funeral funerals gain gains gift gifts god grace grand grant grants growth
        guarantee gun guns hacked hand hand harm harmful heart heaven help helped helping helps
        hero heroes holiday homeless honor hope hospital hunger ill illegal illness importance
        important improve improved improves improving increase increased increases increasing
        infected infection injured injuries injury innovation innovative insurance intelligence
        interests interview isolated issue issues jail jewel jewelry joint joy justice kill killed
        kills lawsuit lawsuits leak leaks leave legal limitation limited limits loss losses low
        lower lowest loyal loyalty luxury master mature medal memorial mental murder natural need
        needed needs number original pain panic paradise party passion password patient pay peace
        penalties penalty play played player players playing plays poison pollution
        popular positive poverty powerful pressure prevent prison privacy prize prizes problem
        problems profit profits
        progress promote promoted promotion promotions prospect prospects protect protected
        protection protects quality recession rejected rejection rejections relief rescue resolve
        restore restrict restricted restriction reward rewards rich risk risks robust safe safety
        save saved saves saving savings scam scams score secure secured security sentence serious
        severe share shared shares sharing shock shortage shortages shy sin smart solution solutions
        solve solved solves solving spam special stable star stars stolen stop stopped stops
        strength stress strike strikes strong stuck suffer suicide sunny sunshine super support
        supported supporting supports survive survivor survivors suspect sweet talent talents tear
        terror terrorism theft thefts threat threats top tops torture toxic trauma trap treasure
        treat treated treating treatment treatments trial trouble true trust trusted truth tumor
        unemployed unemployment united urgent useful value values victim victims violation
        violations violence virtual virus vision vital vulnerability vulnerabilities war warm warn
        warning warnings wars waste weak wealth weapon weapons weed welcome wellness win winner
        winners winning wins witness won""",
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
