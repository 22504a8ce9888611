"""How Spanish speaks of days and times."""

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
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro"
    " veinticinco veintiséis veintisiete veintiocho veintinueve"
)
TENS: Final = in_order("treinta cuarenta cincuenta sesenta setenta ochenta noventa")

WEEKDAY: Final = "(?:lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo)"
MONTH: Final = (
    "(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre)"
)
COMING: Final = "(?:que viene|que entra)"
IN: Final = "(?:en|dentro de)(?: (?:unas|unos|como))?"
HALF: Final = "(?: (?P<half>am|pm))?"
THE: Final = "(?P<sure>(?:a|sobre|hacia|para|desde) )?las? "
ONE_CLOCK: Final = f"(?:las? )?(?P<hour>{CLOCK_HOUR})(?: : (?P<minute>{MINUTE}))?{HALF}"
END_CLOCK: Final = (
    f"(?:las? )?(?P<end_hour>{CLOCK_HOUR})(?: : (?P<end_minute>{MINUTE}))?(?: (?P<end_half>am|pm))?"
)

KINDS: Final = (
    ("greeting", "(?:muy )?buen(?:os|as|a)? (?:días|dias|tardes|noches|día)"),
    ("off", "ayer|anteayer|anoche|la semana pasada|el (?:mes|año) pasado"),
    (
        "off",
        "hace (?:[0-9]{1,3}|un|unos|unas) (?:minutos?|horas?|d[íi]as?|semanas?|mes|meses|años?)",
    ),
    ("off", f"(?:todos los|cada|los) (?:d[íi]as?|{WEEKDAY}s?)|cada (?:semana|mañana|tarde|noche)"),
    ("elapsed", f"{IN} (?P<hours>[0-9]{{1,2}}) horas?(?: y (?P<half>media))?"),
    ("elapsed", f"{IN} (?P<minutes>[0-9]{{1,3}}) minutos"),
    ("elapsed", f"{IN} (?P<half>media hora)"),
    *(("date", pattern) for pattern in NUMERIC_DATES),
    (
        "date",
        f"(?:el )?(?:d[íi]a )?(?P<dom>{DAY_OF_MONTH})(?:th)? (?:de )?(?P<month_name>{MONTH})"
        f"(?:(?: del?| ,)? (?P<year>{YEAR}))?",
    ),
    ("relative", "(?P<name>pasado ma[ñn]ana|hoy|ma[ñn]ana)"),
    ("relative", "(?P<same_day>esta) (?P<part>mañana|manana|tarde|noche)"),
    ("relative", f"{IN} (?P<days>[0-9]{{1,3}}) d[íi]as?"),
    ("loose_weeks", f"{IN} (?P<weeks>[0-9]{{1,2}}) semanas?"),
    (
        "weekday",
        f"(?:el )?(?:(?P<next>pr[óo]ximo)|(?P<this>este)) (?P<weekday>{WEEKDAY})",
    ),
    (
        "weekday",
        f"(?:el )?(?P<weekday>{WEEKDAY})"
        f"(?:(?P<off> pasado(?! mañana))|(?P<next> pr[óo]ximo)|(?P<this> {COMING}))?",
    ),
    ("week", f"(?:la )?(?P<first>pr[óo]xima semana|semana (?:{COMING}|pr[óo]xima))|esta semana"),
    ("dom", f"(?P<sure>(?:para )?el(?: d[íi]a)?) (?P<dom>{DAY_OF_MONTH})(?P<weak>)"),
    ("part", "(?:por|de|en|a) la (?P<part>ma[ñn]ana|tarde|noche)"),
    (
        "part",
        "a (?:(?P<early>1th hora|primera hora)|(?P<late>última hora)) de la (?P<part>mañana|tarde)",
    ),
    ("part", "(?P<part>(?:despu[ée]s|antes) (?:de (?:comer|almorzar|la comida)|del almuerzo))"),
    ("part", "a (?P<part>primera hora|la hora de comer)"),
    ("clock", "(?:al? )?(?:(?P<noon>mediod[íi]a)|(?P<midnight>medianoche))"),
    (
        "clock",
        f"{THE}(?P<hour>{HOUR_12}) (?P<past>y) "
        f"(?:(?P<quarter>cuarto)|(?P<thirty>media)|(?P<count>[0-5]?[0-9])){HALF}",
    ),
    (
        "clock",
        f"{THE}(?P<hour>{HOUR_12}) menos (?:(?P<quarter>cuarto)|(?P<count>[0-5]?[0-9])){HALF}",
    ),
    ("clock", f"(?P<span>entre|de) {ONE_CLOCK} (?:y|a) {END_CLOCK}"),
    (
        "clock",
        f"{THE}(?P<hour>{CLOCK_HOUR})"
        f"(?: (?:: )?(?P<minute>{MINUTE}))?(?: horas| h)?{HALF}(?P<weak>)",
    ),
    ("clock", f"(?P<hour>{CLOCK_HOUR}) : (?P<minute>{MINUTE})(?: h| horas)?{HALF}"),
    ("clock", f"(?P<hour>{HOUR_12}) (?P<half>am|pm)"),
    ("clock", f"(?P<hour>{CLOCK_HOUR})(?P<weak>)"),
    ("zone", f"hora (?:de |del )?(?P<place>{names_pattern(PLACES)})"),
    ("zone", "(?P<utc>gmt|utc)(?: (?P<sign>\\+|-|menos|m[áa]s) (?P<offset>1?[0-9]))?"),
    ("zone", f"(?P<sure>en) (?P<place>{names_pattern(CITIES)})(?P<weak>)"),
    ("zone", f"(?P<place>{names_pattern(PLACES, ABBREVIATIONS)})(?P<weak>)"),
    ("vague", "cuando sea|cualquier (?:d[íi]a|momento|hora)|en algún momento|el próximo mes"),
)
AFTER: Final = ("después", "despues")
MEALS: Final = ("de comer", "de almorzar", "del almuerzo", "de la comida")
PARTS: Final[Mapping[str, PartName]] = {
    **dict.fromkeys(("mañana", "manana", "primera hora"), "morning"),
    **dict.fromkeys((f"antes {meal}" for meal in MEALS), "morning"),
    **dict.fromkeys((f"{after} {meal}" for after in AFTER for meal in MEALS), "afternoon"),
    "la hora de comer": "lunch",
    "tarde": "afternoon",
    "noche": "evening",
}
CONTEXT: Final = Context(
    either=words("o", "u", "o bien"),
    adding=re.compile("(?:, )?(?:y|o|ni)(?: (?:el|a|las))*"),
    or_so=words("o así", "o algo así"),
    correcting=words(
        "no|perdón|perdone|perdona|disculpe|digo|mejor|quiero decir|más bien|en realidad|espera",
        "espere",
    ),
    correcting_after=words("(?:sería|es|me viene) mejor|mejor"),
    turning=words(
        "[.;?!,]|pero|sino|entonces|así que|si|tal vez|quizás?|podríamos|podría|podemos|puede",
        "llam\\w+|habl\\w+|cita|reunión|agend\\w+|reserv\\w+|qué tal|qué le parece|por qué no",
        "mejor",
    ),
    refused_before=leading_up(
        "no (?:puedo|podemos|me|nos|tengo|estoy|va|es|sea|quiero)|ni|excepto|salvo|imposible",
        within=5,
    ),
    refused_after=words(
        "no (?:puedo|podemos|me|nos|va|funciona|es|está|tengo)",
        "es (?:imposible|difícil)|imposible|estoy (?:ocupad[oa]|fuera)",
    ),
    deadline_before=re.compile(
        "(?<!\\S)(?:antes del?|hasta|desde|a más tardar)"
        "(?: (?:el|la|las|los|a|finales|principios|mediados|de|del))*$"
    ),
    aim_before=leading_up(
        "lanzar|lanzamos|lanzamiento|en línea|listo|lista|entregar|entrega|vence|plazo|abre",
        "abrimos",
        within=5,
    ),
    elsewhere_before=leading_up(
        "fue|fueron|era|eran|estaba|tuve|tuvimos|pasó|llamé|hablé|empezar|empezamos|comenzar",
        within=6,
    ),
    elsewhere_after=words("fue|fueron|era|estaba|pasó"),
    wish=words(
        "bien|bueno|perfecto|mejor|prefiero|preferiría|gustaría|puedo|podemos|podría|podríamos",
        "quiero",
        "quisiera|sería|disponible|libre|por favor|funciona|conviene|viene|vale",
    ),
    booking=words(
        "cita|llamad\\w*|llam(?:e|en|ar|arme|eme|enme|a)|llámeme|llámenme|hablar|hablamos",
        "reunión|agend\\w+",
        "reserv\\w+|sesión|reunirnos|vernos|qué tal|me (?:viene|va|queda)|nos (?:viene|va|queda)",
        "apúnt\\w+|pong\\w+",
    ),
)
DIALOGUE: Final = Dialogue(
    yes=words(
        "sí|si|claro|correcto|exacto|perfecto|vale|de acuerdo|está bien|muy bien|bien",
        "por supuesto|okay",
        "ok|me (?:viene|va|parece|queda) (?:muy )?bien",
    ),
    no=words("no|pero|tampoco|mejor"),
    choices=(words("la primera|el primero|el 1th"), words("la segunda|el segundo|la 2th")),
    asks_for_time=words(
        "qué (?:día|hora|fecha)|cuándo (?:le|te|les|puede|podemos|podríamos|quiere que)|a qué hora",
        "mañana o (?:por la )?tarde",
    ),
    asks_about_project=words(
        "necesita|necesitan|empezar|comenzar|lanzar|proyecto|presupuesto|plazo|listo|empleados",
        "construir",
    ),
    asks_for_zone=words("zona horaria|huso horario"),
    offers=words(r"\?|tengo|tenemos|ofrecer|ofrezco|disponible|libre|agend\w+|reserv\w+|podría"),
    lives_in=leading_up("estoy|estamos|vivo|vivimos|soy|somos", within=2),
)
VOCABULARY: Final = Vocabulary(
    language="es",
    cardinals={word: number for number, word in enumerate(UNITS)}
    | {"una": 1, "dieciseis": 16, "veintidos": 22, "veintitres": 23, "veintiseis": 26},
    tens={word: 10 * number for number, word in enumerate(TENS, start=3)},
    ordinals={},
    ten_joiners=frozenset({"y"}),
    respelled={"pasado mañana": "en 2 días", "pasado manana": "en 2 días"},
    halves={"am": "am", "pm": "pm"},
    parts=PARTS,
    kinds=KINDS,
    connecting=listed("el a al las la los de del en para por sobre hacia como , - ( )"),
    at=leading_up("sobre|hacia", within=0),
    followers=listed(
        ". , ; ? ! - ( ) de del en el hoy mañana y o está es sería si por favor gracias me nos le"
        " para que pero con sí no perdón mejor puede podría podemos bien perfecto vale"
    ),
    pointing=listed("la el esa ese esta cualquier ningún"),
    counted=listed(
        "% $ € por mil millones euros dólares pesos personas empleados clientes usuarios horas hora"
        " días día semanas semana meses mes años año minutos veces : /"
    ),
    context=CONTEXT,
    dialogue=DIALOGUE,
)
