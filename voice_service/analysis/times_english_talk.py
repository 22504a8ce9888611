"""The English words around days and times, by which they are wishes, refusals or deadlines."""

import re
from typing import Final

from voice_service.analysis.times_vocabulary import Context, Dialogue, leading_up, one_of, words

# "A booking app" is a project, not a wish to book.
NO_PRODUCT: Final = (
    "(?! (?:app|application|system|site|website|page|tool|software|platform|cent(?:er|re)|board"
    "|module|engine|form|portal|service|feature)s?(?!\\S))"
)
CONTEXT: Final = Context(
    either=words("or", "either", "alternatively"),
    adding=re.compile("(?:, )?(?:and|or|nor)(?: (?:on|at|the))*"),
    or_so=words("or so", "or something", "or thereabouts", "or anything", "or whatever"),
    correcting=words(
        "no|nope|sorry|actually|wait|rather|correction|instead|oops|pardon",
        "i mean|i meant|scratch that|strike that|hang on|hold on|on second thoughts?",
        "make (?:it|that)|let's (?:say|make)",
    ),
    correcting_after=words("instead", "(?:would be|is|works|suits me) better"),
    turning=words(
        "[.;?!,]|but|so|then|if|maybe|could|hoping|thinking|wondering",
        "call|talk|meet|book|schedule|speak|reach me",
        "let's|let us|how about|what about|no problem|don't (?:mind|forget|know)|not sure|no idea",
        "(?:can|why don't|can't|couldn't|shall|should) (?:we|you|i)|why not",
    ),
    refused_before=leading_up(
        "not|can't|cannot|won't|don't|doesn't|isn't|never|neither|nor|except|unable|unavailable",
        "busy",
        "any(?:thing| day| time) but|rule out",
        "(?:i'm|i am|we're|we are) (?:out|away|gone|off|booked)",
        "travell?ing|on (?:vacation|holiday|leave)|tied up",
        within=5,
    ),
    refused_after=words(
        "(?:really |just |unfortunately |sadly )?(?:does not|doesn't|won't|will not|wouldn't|"
        "would not|(?:i |we )?(?:can't|cannot)|(?:don't|do not) work|is not|isn't|"
        "is no good|is (?:bad|out|full|taken|difficult|tricky|impossible))",
    ),
    deadline_before=re.compile(
        "(?<!\\S)(?:(?<!stop )(?<!drop )(?<!come )(?<!swing )(?<!call )by"
        "|before|until|till|til|since|no later than|between now and|up to)"
        "(?: (?:the|about|around|roughly|like|say|maybe|at|on|end|start|beginning|of|early|late))*$"
    ),
    aim_before=leading_up(
        "launch(?:es|ing|ed)?|go(?:es|ing)? live|live|due(?! to)|deadline|ship(?:s|ping)?",
        "deliver(?:s|ed)?|(?:be|is|it) ready|finish(?:es|ed)?|complete[ds]?|opens|opening",
        "releas(?:e|es|ing)|expires?|ends?",
        within=5,
    ),
    elsewhere_before=one_of(
        leading_up(
            "start(?:s|ing)?|begin(?:s|ning)?",
            "was|were|had|did|went|came|called|spoke|talked|met|sent|e ?mailed|bought|paid|broke",
            "crashed|happened|missed|lost|been|failed",
            within=6,
        ),
        leading_up(  # "How can I help you today?" offers no time
            "(?:help|assist|brings?|do for) (?:you|me|us)|do you need|are you (?:calling|looking)",
            within=2,
        ),
    ),
    elsewhere_after=words("was|were|went|had|broke|crashed|failed|happened|ago"),
    wish=words(
        "works?|suits?|fits?|good|great|fine|perfect|best|better|prefer(?:red|ably)?|like|love",
        "want",
        "available|free|open|maybe|perhaps|how about|what about|let's|could|can|shall|please",
        "okay|ok",
    ),
    booking=words(
        f"(?:book|booked|booking|schedul(?:e|ed|ing)|appointment|session|meeting|call|chat){NO_PRODUCT}",
        "slot|consultation|meet|talk|speak|phone|ring|reach|catch|zoom|see you|put (?:me|us)",
        "pencil",
        "how about|what about|(?:let's|could we|can we|shall we) (?:do|say|make|try)|make it",
        "(?:i'd|i would|we'd|would) prefer|works (?:best|better|well|for me|for us)",
        "suits (?:me|us)",
    ),
)
DIALOGUE: Final = Dialogue(
    yes=words(
        "yes|yeah|yep|yup|sure|okay|ok|correct|right|exactly|absolutely|definitely|certainly",
        "of course",
        "perfect|great|good|fine|lovely|wonderful|sounds|works|please do|go ahead|book it",
        "i can do that",
        "(?:that|it) (?:works|would|will|sounds|suits|fits|is (?:fine|good|right|correct|perfect))",
        "(?:that's|it's) (?:fine|good|great|right|correct|perfect|okay|ok)|let's do (?:that|it)",
    ),
    no=words(
        "no(?! problem| worries| rush)|nope|not|can't|cannot|won't|don't|doesn't|isn't",
        "but|however|unfortunately|wrong",
    ),
    choices=(words("1th|earlier|former"), words("2th|later|latter")),
    asks_for_time=words(
        "what (?:time|day|date)|which (?:time|day|date)|what's a good (?:time|day)|morning or",
        "when (?:works|suits|is good|is best|are you|can (?:we|i)|could (?:we|i)|shall|should)",
        "(?:time|day|slot)s? (?:works?|suits?|would|do you prefer)|good time|best time",
        "when would (?:you like (?:to (?:meet|talk|speak|book|come))|it|that|suit|work)",
        "when (?:should|shall|can|could|may) (?:we|i|someone) (?:call|ring|phone|meet|talk)",
    ),
    asks_about_project=words(
        "need|start|begin|launch|live|deadline|finish|ready|timeline|timing|deliver|complete",
        "project|build|built|app|budget|staff|employees|happen(?:ed|s)?|problem",
    ),
    asks_for_zone=words("time ?zone"),
    offers=words(
        r"\?|would|shall|how about|what about|offer|available|have|free|open|book(?:ed)?",
        r"schedule(?:d)?",
        "put you|does|could|can|confirm",
    ),
    lives_in=leading_up("(?:i'm|i am|we're|we are|based|live|located)", within=2),
)
