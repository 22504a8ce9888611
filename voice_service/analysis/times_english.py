"""How English speaks of days and times."""

from collections.abc import Mapping
from typing import Final

from voice_service.analysis.times_english_talk import CONTEXT, DIALOGUE
from voice_service.analysis.times_vocabulary import (
    CLOCK_HOUR,
    DAY_OF_MONTH,
    HOUR_12,
    MINUTE,
    NUMERIC_DATES,
    YEAR,
    PartName,
    Vocabulary,
    in_order,
    leading_up,
    listed,
)
from voice_service.analysis.times_zones import ABBREVIATIONS, CITIES, PLACES, names_pattern

UNITS: Final = in_order(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
TENS: Final = in_order("twenty thirty forty fifty sixty seventy eighty ninety")
ORDINALS: Final = in_order(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)

DAY_SHORT: Final = "(?:mon|tues?|wed|thu|thurs?|fri|sat|sun)(?: \\.)?"
# Short ones are words of their own ("sat", "wed", "sun"), so only right before a time.
WEEKDAY: Final = (
    "(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    f"|{DAY_SHORT}(?= (?:[0-9]|at |morning|afternoon|evening|noon)))"
)
CLEAR_MONTH: Final = (
    "january|february|april|june|july|august|september|october|november|december"
    "|jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec"
)
MONTH: Final = f"(?:{CLEAR_MONTH}|march|mar|may)"
A_YEAR: Final = f"(?:(?: ,)? (?P<year>{YEAR})| 20 (?P<short_year>[2-9][0-9]))?"
HALF: Final = "(?: (?P<half>am|pm))?"
ONE_CLOCK: Final = (
    f"(?P<hour>{CLOCK_HOUR})(?: (?:[:.] )?(?P<minute>{MINUTE}))?(?: oclock| o'clock)?{HALF}"
)
END_CLOCK: Final = (
    f"(?P<end_hour>{CLOCK_HOUR})(?: (?:[:.] )?(?P<end_minute>{MINUTE}))?(?: oclock| o'clock)?"
    "(?: (?P<end_half>am|pm))?"
)
ABOUT: Final = "(?:(?:about|around|roughly|just|maybe|like) )?"
MINUTES: Final = "min(?:ute)?s?"
WEEKS_ON: Final = (
    "(?:(?:(?P<later>a|[0-9]) weeks? (?:from|on|after)"
    "|a (?P<fortnight>fortnight) (?:from|on|after)|(?P<week_on>week on)) )?"
)
PART: Final = "(?P<part>morning|afternoon|evening|night|lunchtime|lunch time)s?"

KINDS: Final = (
    ("greeting", "good (?:morning|afternoon|evening|day|night)"),
    ("off", "yesterday(?: (?:morning|afternoon|evening))?|last (?:night|week|month|year)"),
    ("off", "(?:[0-9]{1,3}|a|an|few|couple of) (?:hour|day|week|month|year)s? ago"),
    ("off", "(?:the other|every|each) (?:day|week|morning|afternoon|evening|night|hour)"),
    (
        "elapsed",
        f"in {ABOUT}(?P<hours>an?|[0-9]{{1,2}})(?: and a (?P<half>half))? hours?"
        f"(?: and a (?P<half_after>half))?"
        f"(?: (?:and )?(?P<minutes>[0-9]{{1,2}}) {MINUTES})?(?! or)",
    ),
    ("elapsed", f"in {ABOUT}(?P<minutes>[0-9]{{1,3}}) {MINUTES}"),
    ("elapsed", f"in {ABOUT}(?P<half>half an hour|a half hour|a half an hour)"),
    ("elapsed", "(?P<hours>an?|[0-9]{1,2}) hours? from now"),
    ("elapsed", f"(?P<minutes>[0-9]{{1,3}}) {MINUTES} from now|(?P<half>half an hour) from now"),
    *(("date", pattern) for pattern in NUMERIC_DATES),
    (
        "date",
        f"(?P<month_name>{MONTH})(?: \\.)? (?:the )?(?P<dom>{DAY_OF_MONTH})(?:th)?"
        f"(?! (?:am|pm|:|oclock|o'clock)(?!\\S)){A_YEAR}",
    ),
    ("date", f"(?:the )?(?P<dom>{DAY_OF_MONTH})th (?:of )?(?P<month_name>{MONTH}){A_YEAR}"),
    ("date", f"(?P<dom>{DAY_OF_MONTH}) of (?P<month_name>{MONTH}){A_YEAR}"),
    ("date", f"(?P<dom>{DAY_OF_MONTH}) (?P<month_name>{CLEAR_MONTH})(?: \\.)?{A_YEAR}"),
    ("relative", "(?P<weeks>a|[0-9]{1,2}) weeks? (?:from )?(?P<name>today|tomorrow)"),
    ("relative", "(?P<days>a|[0-9]{1,3}) days? from (?:now|(?P<name>today|tomorrow))"),
    ("relative", f"in {ABOUT}(?P<days>a|[0-9]{{1,3}}) days?(?: time|' time)?"),
    ("relative", "(?:the )?(?P<name>day after tomorrow|today|tomorrow|tmrw|tmr)"),
    ("relative", "(?P<same_day>this) (?P<part>morning|afternoon|evening)|(?P<tonight>tonight)"),
    ("loose_weeks", f"in {ABOUT}(?P<weeks>a|[0-9]{{1,2}}) weeks?(?:'s?)?(?: time)?"),
    ("loose_weeks", "(?P<weeks>a|[0-9]{1,2}) weeks? from now"),
    ("loose_weeks", "in a (?P<fortnight>fortnight)"),
    (
        "weekday",
        f"{WEEKS_ON}(?:the )?"
        "(?:(?P<next>next)|(?P<this>this(?: coming)?|coming)"
        "|(?P<off>last|past|every|each|any|following|previous|most|some|other)) "
        f"(?P<weekday>{WEEKDAY})(?:'s)?(?P<after_next> after next)?",
    ),
    (
        "weekday",
        f"{WEEKS_ON}(?P<weekday>{WEEKDAY})(?:'s)?(?:(?P<after_next> after next)|(?P<week> week))?",
    ),
    (
        "off",
        "(?:(?:on|every|most) )?"
        "(?:mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays)",
    ),
    ("week", "(?:the )?(?P<second>week after next)"),
    ("week", "(?P<first>next week|the (?:week after|following week))"),
    ("week", "(?:later )?this week"),
    (
        "dom",
        f"(?P<sure>(?:on|for) )?the (?P<dom>{DAY_OF_MONTH})th(?! (?:of )?(?:{MONTH})(?!\\S))"
        "(?: of (?:(?P<next>next)|this|the) month)?(?P<weak>)",
    ),
    (
        "part",
        "(?P<part>(?:after|before) lunch|before (?:noon|midday)|after work"
        "|1th thing(?! in the morning))",
    ),
    ("part", "(?:over|at|during|around|about) (?P<part>lunch)"),
    (
        "part",
        "(?:1th thing )?(?:(?:in|during|at) )?(?:the )?"
        "(?:(?:(?P<early>early)|(?P<late>late)|mid|middle of the)(?: -| in the)? )?" + PART,
    ),
    ("clock", "(?:12 )?(?:(?P<noon>noon|midday)|(?P<midnight>midnight))"),
    ("clock", f"half (?:past )?(?P<half_past>{HOUR_12}){HALF}"),
    (
        "clock",
        f"(?:a )?(?P<quarter>quarter) (?:(?P<past>past|after)|(?:to|before|til|till|of)) "
        f"(?P<hour>{HOUR_12}){HALF}",
    ),
    # "Ten to two" is 13:50 or the time from 10 to 14 o'clock; "at ten to two" is the first.
    ("vague", "(?:10 (?:to|til|till) (?:1[12]|[1-7])|5 (?:to|til|till) [6-9])"),
    (
        "clock",
        f"(?:(?:at|around|about) )?(?P<count>5|10|20|25|[0-5]?[0-9](?= minutes))(?: minutes)? "
        f"(?:(?P<past>past|after)|(?:to|before|til|till)) (?P<hour>{HOUR_12})"
        "(?: oclock| o'clock)?(?: (?P<half>am|pm)|(?P<weak>))",
    ),
    ("clock", f"(?P<span>between|from) {ONE_CLOCK} (?:and|to|til|till|until|-) {END_CLOCK}"),
    ("clock", f"{ONE_CLOCK} (?:to|til|till|until|-) {END_CLOCK}(?P<weak>)"),
    ("clock", f"(?P<hour>{CLOCK_HOUR}) : (?P<minute>{MINUTE})(?: : [0-9]{{2}})?{HALF}"),
    ("clock", f"(?P<hour>{HOUR_12})(?: (?:\\. |oh )?(?P<minute>{MINUTE}|[0-9]))? (?P<half>am|pm)"),
    ("clock", f"(?P<hour>{HOUR_12})(?P<minute>{MINUTE}) (?P<half>am|pm)"),
    ("clock", f"(?P<hour>{CLOCK_HOUR}) (?:oclock|o'clock|o clock){HALF}"),
    ("clock", f"(?P<hour>[01][0-9]|2[1-3])(?P<minute>{MINUTE})(?: hours)?(?P<weak>)"),
    (
        "clock",
        f"(?P<hour>{CLOCK_HOUR})(?: (?:\\. )?(?P<minute>{MINUTE})| oh (?P<few>[1-9]))?(?P<weak>)",
    ),
    (
        "zone",
        f"(?:(?:in|on) )?(?:the )?(?P<place>{names_pattern(PLACES)})(?:'s)?"
        "(?: (?:standard|daylight|summer|mean))? time(?: zone)?",
    ),
    ("zone", "(?P<utc>gmt|utc|zulu)(?: (?P<sign>\\+|-|plus|minus) (?P<offset>1?[0-9]))?"),
    ("zone", "your time(?P<weak>)"),
    ("zone", f"(?P<sure>in) (?P<place>{names_pattern(CITIES)})(?P<weak>)"),
    ("zone", f"(?P<place>{names_pattern(PLACES, ABBREVIATIONS)})(?P<weak>)"),
    ("vague", "any ?time|whenever|some ?time|some ?day|any day|next month"),
)

PARTS: Final[Mapping[str, PartName]] = {
    "morning": "morning",
    "1th thing": "morning",
    "before lunch": "morning",
    "before noon": "morning",
    "before midday": "morning",
    "lunch": "lunch",
    "lunchtime": "lunch",
    "lunch time": "lunch",
    "after lunch": "afternoon",
    "afternoon": "afternoon",
    "after work": "evening",
    "evening": "evening",
    "night": "evening",
    "tonight": "evening",
}
VOCABULARY: Final = Vocabulary(
    language="en",
    cardinals={word: number for number, word in enumerate(UNITS)},
    tens={word: 10 * number for number, word in enumerate(TENS, start=2)},
    ordinals={word: number for number, word in enumerate(ORDINALS, start=1)} | {"thirtieth": 30},
    ten_joiners=frozenset({"-"}),
    respelled={"thurs": "thursday", "thur": "thursday", "tmrw": "tomorrow", "tmr": "tomorrow"},
    halves={"am": "am", "pm": "pm"},
    parts=PARTS,
    kinds=KINDS,
    connecting=listed(
        "at on in the of for around about approximately roughly say maybe like from after , - ( )"
        " @ exactly"
    ),
    at=leading_up("at|around|about|@|after|from|say|make (?:it|that)", within=0),
    followers=listed(
        ". , ; ? ! - ( ) on in at this today tomorrow next is are was works work would will could"
        " can if and but or so that then please thanks thank ok okay yes for with to i i'm i'd i'll"
        " we we'd you my your our it it's that's sounds suits should instead rather because since"
        " as not no sorry actually wait sharp ish just call book let's what does how exactly"
    ),
    pointing=listed("the that this which each any no th 1th 2th 3th am pm another other good"),
    counted=listed(
        "% $ € £ k percent dollars euros pounds bucks grand thousand hundred million people"
        " employees users customers staff seconds minutes hours days weeks months years hour day"
        " week month year times more other : /"
    ),
    context=CONTEXT,
    dialogue=DIALOGUE,
)
