"""How German speaks of days and times."""

import re
from collections.abc import Mapping
from typing import Final

from voice_service.analysis.times_vocabulary import (
    CLOCK_HOUR,
    DAY_OF_MONTH,
    HOUR_12,
    MINUTE,
    NUMERIC_DATES,
    YEAR,
    Context,
    Dialogue,
    PartName,
    Vocabulary,
    in_order,
    leading_up,
    listed,
    words,
)
from voice_service.analysis.times_zones import ABBREVIATIONS, CITIES, PLACES, names_pattern

UNITS: Final = in_order(
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn"
    " sechzehn siebzehn achtzehn neunzehn"
)
TENS: Final = in_order("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
JOINED_UNITS: Final = ("ein", *UNITS[2:10])  # "einundzwanzig"
CARDINALS: Final = {
    **{word: number for number, word in enumerate(UNITS)},
    **{word: 10 * number for number, word in enumerate(TENS, start=2)},
    **{
        f"{unit}und{ten}": 10 * tens + units
        for tens, ten in enumerate(TENS, start=2)
        for units, unit in enumerate(JOINED_UNITS, start=1)
    },
    "ein": 1,
    "zwo": 2,
    "dreissig": 30,
}
ORDINAL_STEMS: Final = {
    **{f"{word}t": number for word, number in CARDINALS.items() if 1 < number < 20},
    **{f"{word}st": number for word, number in CARDINALS.items() if 20 <= number <= 31},
    "erst": 1,
    "dritt": 3,
    "siebt": 7,
    "acht": 8,
}
ORDINALS: Final = {
    f"{stem}{ending}": number
    for stem, number in ORDINAL_STEMS.items()
    for ending in ("e", "en", "er")
}

WEEKDAY: Final = "(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)"
MONTH: Final = (
    "(?:januar|jänner|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)"
)
ENDING: Final = "(?:e[nrms]?)"
DAYTIME: Final = "früh|morgen|vormittag|mittag|nachmittag|abend"
ABOUT: Final = "(?:(?:etwa|ungefähr|circa|ca|so) )?"
ONE_CLOCK: Final = f"(?P<hour>{CLOCK_HOUR})(?: : (?P<minute>{MINUTE}))?(?: uhr)?"
END_CLOCK: Final = f"(?P<end_hour>{CLOCK_HOUR})(?: : (?P<end_minute>{MINUTE}))?(?: uhr)?"

KINDS: Final = (
    ("greeting", "(?:guten|schönen|schöner) (?:morgen|tag|abend)"),
    ("off", f"(?:vor)?gestern(?: (?:{DAYTIME}))?|letzte[nrs]? (?:nacht|woche|monat|jahr)"),
    (
        "off",
        "vor (?:[0-9]{1,3}|einem|einer|1 paar) "
        "(?:minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?|jahr(?:en)?)",
    ),
    ("off", f"jede[nrms]? (?:tag|woche|{DAYTIME}|{WEEKDAY})|{WEEKDAY}s"),
    (
        "elapsed",
        f"in {ABOUT}(?P<hours>einer|[0-9]{{1,2}}) stunden?"
        f"(?: und (?P<minutes>[0-9]{{1,2}}) minuten)?",
    ),
    ("elapsed", f"in {ABOUT}(?P<minutes>[0-9]{{1,3}}) minuten"),
    ("elapsed", f"in {ABOUT}(?P<half>einer halben stunde)"),
    *(("date", pattern) for pattern in NUMERIC_DATES),
    (
        "date",
        f"(?:(?:am|den|dem|der) )?(?P<dom>{DAY_OF_MONTH})(?:th| \\.)? (?P<month_name>{MONTH})"
        f"(?: (?P<year>{YEAR}))?",
    ),
    (
        "date",
        f"(?:(?:am|den) )?(?P<dom>{DAY_OF_MONTH}) \\. (?P<month>[01]?[0-9]) \\."
        f"(?: (?P<year>{YEAR}))?",
    ),
    ("relative", f"(?P<name>übermorgen|heute|morgen)(?: (?P<part>{DAYTIME}))?"),
    ("relative", f"in {ABOUT}(?P<days>einem|[0-9]{{1,3}}) tag(?:en)?"),
    ("loose_weeks", f"in {ABOUT}(?P<weeks>einer|[0-9]{{1,2}}) wochen?"),
    (
        "weekday",
        f"(?:(?:am|den|dem|der) )?(?:(?P<next>nächst{ENDING})|(?P<this>(?:dies|kommend){ENDING})"
        f"|(?P<off>(?:letzt|vorig|vergangen){ENDING})) (?P<weekday>{WEEKDAY})"
        f"(?: ?(?P<part>{DAYTIME}))?",
    ),
    (
        "weekday",
        f"(?:(?:am|den|dem|der) )?(?P<weekday>{WEEKDAY})(?: ?(?P<part>{DAYTIME}))?"
        "(?P<week> in einer woche)?",
    ),
    ("week", "(?P<second>übernächste woche)|(?P<first>(?:nächste|kommende) woche)|diese woche"),
    (
        "dom",
        f"(?P<sure>am|den|zum) (?P<dom>{DAY_OF_MONTH})(?:th| \\.)(?! {MONTH})(?P<weak>)",
    ),
    ("part", "(?P<part>(?:nach|vor) (?:dem (?:mittagessen|essen)|der mittagspause))"),
    (
        "part",
        "am (?:(?:(?P<early>frühen)|(?P<late>späten)) )?"
        "(?P<part>morgen|vormittag|nachmittag|abend)",
    ),
    ("part", "(?P<part>morgens|vormittags?|nachmittags?|abends?|(?:über )?mittags?|früh)"),
    ("clock", "(?:um )?(?P<midnight>mitternacht)"),
    ("clock", f"halb (?P<half_to>{HOUR_12})"),
    (
        "clock",
        f"(?P<quarter>viertel) (?:(?P<past>nach)|vor) (?P<hour>{HOUR_12})",
    ),
    (
        "clock",
        f"(?P<quarter>dreiviertel) (?P<hour>{HOUR_12})",
    ),
    (
        "clock",
        f"(?P<count>5|10|20|[0-9]{{1,2}}(?= minuten))(?: minuten)? (?:(?P<past>nach)|vor) "
        f"(?P<hour>{HOUR_12})(?: uhr)?(?P<weak>)",
    ),
    ("clock", f"(?P<span>zwischen|von) {ONE_CLOCK} (?:und|bis|-) {END_CLOCK}"),
    ("clock", f"(?P<hour>{CLOCK_HOUR}) (?:[:.] )(?P<minute>{MINUTE}) uhr"),
    ("clock", f"(?P<hour>{CLOCK_HOUR}) : (?P<minute>{MINUTE})"),
    ("clock", f"(?P<hour>{CLOCK_HOUR}) uhr(?: (?P<minute>{MINUTE}))?"),
    ("clock", f"(?P<hour>{CLOCK_HOUR})(?P<weak>)"),
    ("zone", f"(?P<place>{names_pattern(PLACES)})(?:er)? zeit"),
    ("zone", "(?P<utc>gmt|utc)(?: (?P<sign>\\+|-|plus|minus) (?P<offset>1?[0-9]))?"),
    ("zone", "(?:ihrer|eurer) zeit(?P<weak>)"),
    ("zone", f"(?P<sure>in) (?P<place>{names_pattern(CITIES)})(?P<weak>)"),
    ("zone", f"(?P<place>{names_pattern(PLACES, ABBREVIATIONS)})(?P<weak>)"),
    ("vague", "irgendwann|jederzeit|egal wann|nächsten monat|an jedem tag"),
)
PARTS: Final[Mapping[str, PartName]] = {
    **dict.fromkeys(("früh", "morgen", "morgens", "vormittag", "vormittags"), "morning"),
    **dict.fromkeys(("vor dem mittagessen", "vor dem essen", "vor der mittagspause"), "morning"),
    **dict.fromkeys(("mittag", "mittags", "über mittag", "über mittags"), "lunch"),
    **dict.fromkeys(("nachmittag", "nachmittags"), "afternoon"),
    **dict.fromkeys(
        ("nach dem mittagessen", "nach dem essen", "nach der mittagspause"), "afternoon"
    ),
    **dict.fromkeys(("abend", "abends"), "evening"),
}
CONTEXT: Final = Context(
    either=words("oder", "entweder", "beziehungsweise"),
    adding=re.compile("(?:, )?(?:und|oder|noch)(?: (?:am|um|den))*"),
    or_so=words("oder so", "oder ähnlich"),
    correcting=words(
        "nein|nee|ne|entschuldigung|sorry|vielmehr|lieber|moment|quatsch|stattdessen|doch|besser",
        "ich (?:meine|meinte)",
    ),
    correcting_after=words("(?:wäre|ist|passt) (?:mir )?(?:doch )?(?:besser|lieber)"),
    turning=words(
        "[.;?!,]|aber|sondern|also|dann|wenn|vielleicht|könnten|können|könnte|kein problem",
        "rufen|anrufen|sprechen|treffen|buchen|termin|wie wäre|lieber|warum nicht|machen wir",
    ),
    refused_before=leading_up("nicht|kein|keine|keinen|außer|weder", within=4),
    refused_after=words(
        "(?:geht|passt|klappt|ist|bin|kann|können|habe|haben) (?:(?:ich|wir|es|mir|uns|leider|da) )"
        "{0,3}(?:nicht|schlecht|keine|weg|unterwegs|belegt|unmöglich)",
    ),
    deadline_before=re.compile(
        "(?<!\\S)(?:bis|vor|seit|spätestens|bevor)"
        "(?: (?:zum|zu|etwa|ungefähr|am|dem|den|der|ende|anfang|mitte|um))*$"
    ),
    aim_before=leading_up(
        "live|launch|launchen|starten wir|online|fertig|frist|abgabe|fällig|liefern|liefert|öffnet",
        within=5,
    ),
    elsewhere_before=leading_up(
        "war|waren|hatte|hatten|wurde|wurden|kam|rief|gab|starten|beginnen|begann", within=6
    ),
    elsewhere_after=words("war|waren|hatte|hatten|wurde"),
    wish=words(
        "passt|passen|geht|ginge|gern|gerne|gut|könnte|könnten|können|möchte|möchten|wäre|hätte",
        "lieber|vielleicht|bitte|perfekt|am besten|würde",
    ),
    booking=words(
        "termin|termine|anrufen|anruf|rufen|rufe|ruf|gespräch|treffen|besprechung|sprechen|buchen",
        "buche|reservieren|telefonieren|melden|wie wäre|passt (?:mir|uns|es)|sagen wir|machen wir",
    ),
)
DIALOGUE: Final = Dialogue(
    yes=words(
        "ja|jawohl|genau|gern|gerne|passt|klar|okay|ok|in ordnung|einverstanden|perfekt|super",
        "richtig",
        "stimmt|das (?:passt|geht|klappt)|sehr gut|gut",
    ),
    no=words("nein|nicht|kein|keine|leider|aber"),
    choices=(words("1th|früher|frühere"), words("2th|später|spätere")),
    asks_for_time=words(
        "wann (?:passt|hätten|wäre|können|könnten|sollen|dürfen|dürfte)|um wie viel uhr",
        "wie viel uhr",
        "welche uhrzeit|welcher tag|welchem tag|welche zeit|vormittags? oder|morgens oder",
    ),
    asks_about_project=words(
        "brauchen|projekt|starten|beginnen|fertig|budget|mitarbeiter|live|frist|bauen|passiert",
    ),
    asks_for_zone=words("zeitzone"),
    offers=words(
        r"\?|wäre|passt|hätte|hätten|habe|biete|frei|verfügbar|gebucht|eingetragen|ginge|geht",
    ),
    lives_in=leading_up("ich bin|wir sind|wohne|wohnen|sitze|sitzen|bin", within=2),
)
VOCABULARY: Final = Vocabulary(
    language="de",
    cardinals=CARDINALS,
    tens={},
    ordinals=ORDINALS,
    ten_joiners=frozenset(),
    respelled={"sonnabend": "samstag"},
    halves={},
    parts=PARTS,
    kinds=KINDS,
    connecting=listed("am an um im in der den dem gegen ab so etwa circa ca , - ( ) uhr"),
    at=leading_up("um|gegen|ab|so", within=0),
    followers=listed(
        ". , ; ? ! - ( ) am an in heute morgen übermorgen und oder wäre ist ginge geht passt würde"
        " bitte danke ja gern gerne dann wenn ich wir mir uns für nicht sondern lieber nein okay ok"
        " perfekt gut mit per telefonisch anrufen sprechen"
    ),
    pointing=listed("der die das diese dieser welche kein"),
    counted=listed(
        "% $ € £ prozent euro dollar tausend hundert millionen leute personen mitarbeiter kunden"
        " nutzer stunden stunde tage tagen tag wochen woche monate monat jahre jahr minuten mal : /"
    ),
    context=CONTEXT,
    dialogue=DIALOGUE,
)
