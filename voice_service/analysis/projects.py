"""What shall be built, and what hurts today: the need, in the caller's own words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from voice_service.analysis.answers import Answer, corrects
from voice_service.analysis.expressions import Expression
from voice_service.analysis.model import Fact

LONG: Final = 100  # characters; a longer turn about the project says something of it
# What is asked for, most telling first: an online shop is also a web app.
KINDS: Final[tuple[tuple[str, str], ...]] = (
    (
        "modernization",
        r"moderni[sz]\w*|legacy|rewrit\w+|rebuil[dt]\w*|re ?architect\w*|re ?platform\w*"
        r"|refactor\w*"
        r"|(?:replac|upgrad|redo|redesign|revamp|overhaul|updat|migrat)\w*(?= (?:\w+ ){0,5}?"
        r"(?:system|software|app|application|platform|site|website|portal|tool|database|crm|erp"
        r"|board|program|store|access|excel|cobol|php|java|vb|mainframe)\b)"
        r"|(?:system|software|app|application|platform|site|website|portal|tool) (?:\w+ ){0,2}?"
        r"(?:moderni[sz]ed|upgraded|replaced|redone|redesigned|migrated|rewritten|rebuilt)",
    ),
    (
        "ecommerce",
        r"e ?commerce|online (?:\w+ )?(?:store|shop|ordering|sales|orders?|marketplace)|web ?shop"
        r"|web ?store|shopify|woocommerce|magento|(?:sell|order|buy|purchase"
        r"|book)\w* (?:\w+ ){0,3}?"
        r"online|online (?:\w+ )?(?:checkout|payments?|catalog(?:ue)?)|shopping cart|checkout|"
        r"marketplace|(?:order|pay) ahead",
    ),
    (
        "mobile_app",
        r"(?:mobile|phone|iphone|android|ios|ipad|tablet|native|flutter|react native) (?:\w+ )?"
        r"apps?(?:lications?)?|iphone|android|ios"
        r"|(?<!web )(?<!chat )apps?(?! (?:store|idea)?s? ?(?:is|are|pull))|smartphone",
    ),
    (
        "data_ai",
        r"machine learning|artificial intelligence|ai|a i|llm|chat ?bots?|chat ?gpt|gpt|data "
        r"(?:warehouse|pipeline|lake|platform|science|analysis|analytics)|analytics|dashboards?"
        r"|predict\w*|forecast\w*|recommendation engine|business intelligence|bi|reporting (?:tool"
        r"|system|dashboard)|computer vision|voice (?:agent|assistant|bot)|document extraction|ocr",
    ),
    (
        "integration_api",
        r"integrat\w+|apis?|(?:in|out of) sync|synchroni\w+|(?:connect|sync|link|hook up|tie"
        r"|interface)\w* (?:\w+ ){0,5}?(?:to|with"
        r"|and|together|into)|webhooks?|middleware|data exchange|import\w* from|automat(?:e|es"
        r"|ing|ion)|zapier"
        r"|single sign on|talk(?:s|ing)? to (?:each other|one another)|speak(?:ing)? to each other",
    ),
    (
        "devops_cloud",
        r"dev ?ops|cloud|aws|azure|google cloud|kubernetes|docker|ci cd|deployment|hosting|"
        r"infrastructure|terraform|serverless|(?:move|migrat)\w* (?:\w+ ){0,4}?servers?|monitoring",
    ),
    (
        "audit_consulting",
        r"audit(?!or)|consult(?:ing|ancy|ation on)|security (?:review|assessment|test)|penetration"
        r" test\w*|pen ?test\w*|code review|review\w* (?:\w+ ){0,2}?(?:code|architecture"
        r"|security|systems?|setup)|architecture review|technical (?:advice|review|due"
        r" diligence|strategy)|due diligence|second opinion|assessment|accessibility review"
        r"|roadmap|feasibility",
    ),
    (
        "web_app",
        r"web ?apps?|web ?sites?|web ?pages?|sites?(?! (?:visit|manager|crew))|portals?|platforms?"
        r"|software|saas|crm|erp|intranet|extranet|back ?ends?|front ?ends?|backoffice|"
        r"(?:booking|scheduling|management|tracking|ticketing|inventory|intake|ordering|dispatch"
        r"|reservation|payroll|billing|invoicing|planning|appointment|quoting|quote|claims|document"
        r"|membership|registration|rental|learning|warehouse|case|compliance|hr|onboarding|customer"
        r"|internal|online|digital|custom|new|better|proper|own|dispatching|voting|review|feedback)"
        r" (?:\w+ )?(?:systems?|tools?|things?|boards?|engines?|modules?|solutions?|databases?"
        r"|applications?|programs?|trackers?|managers?|calculators?|configurators?)|applications?"
        r"|systems? (?:that|to|for|which|where)|tools? (?:that|to|for|which|where)|online (?:forms?"
        r"|portal|booking|platform|system|tool|database|directory|community)|social network|"
        r"databases?|web based|landing pages?|calculators?|configurators?|catalog(?:ue)?s?"
        r"|wordpress|plug ?ins?|forum|trackers?"
        r"|something (?:that|where|which|so|to (?:track|manage|handle|book|plan|keep|organi[sz]e"
        r"|schedule|collect|replace|help|show|run))|(?:view|see|check|manage|track|fill|sign"
        r"|register|apply|book|reserve|pay|upload|share)\w* (?:\w+ ){0,6}?online"
        r"|(?:their|your|an?) own (?:log ?in|account)|(?:[^\W\d_]+s|people|staff|crew|they"
        r"|everyone|anyone|them|us) (?:should|can|could|to) (?:be able to )?(?:\w+ )?(?:order"
        r"|book|reserve|pay"
        r"|track|see|log|sign|fill|upload|schedule|register|apply|download|check|manage|request"
        r"|submit|enroll|rent|move|cancel|reschedule|find|search|report|vote|donate|view|scan|share|chat"
        r"|message|compare)",
    ),
)
KIND_OF: Final = tuple((name, Expression(rf"(?<!\S)(?:{words})(?!\S)")) for name, words in KINDS)
WANTING: Final = re.compile(
    r"(?<!not )\b(?:(?:want|need|require|looking (?:for|to|at|into)|interested in|would like"
    r"|would love|like to|hoping (?:for|to)|planning (?:to|on|for)|thinking (?:of|about)|trying to"
    r"|going to|have to|got to|must|idea for|help (?:us |me )?(?:with|to|build)|build\w*|creat\w+"
    r"|develop(?:ing|ed)?|mak(?:e|ing)|design\w*|implement\w*|replac\w+|moderni[sz]\w+|rebuil[dt]\w*"
    r"|migrat\w+|upgrad\w+|automat\w+|integrat\w+|redo\w*|redesign\w*|rewrit\w+|quotes? (?:for|on)"
    r"|project (?:is|would be|was|for)|it is (?:a|an|for)|after|set up|setting up"
    r"|someone (?:to|who)"
    r"|somebody (?:to|who)|a company (?:to|that|who)|(?:is|really|mostly|all|just) about"
    r"|calling about|could you|can you|do you do"
    r"|wondering|move|moving|should|connect\w*|offers? for|proposal for|get (?:a|an|our)|put (?:our"
    r"|the|it|everything)))\b"
)
NOT_WANTED: Final = re.compile(
    r"\b(?:(?:do|does|did|would) not (?:really |actually |even )?(?:need|want|like|have)"
    r"|nothing to (?:build|make)|not"
    r" (?:looking|interested|about|calling)|no need|without|already (?:have|got|use)|instead of"
    r"|rather than|never|no|anything but|not|(?:show|sell|offer|demo|present"
    r"|introduce) you)(?: (?:for|in|about|to|a|an|any|the|another|new|build"
    r"|\w+)){0,3} $"
)
OF_THE_PAST: Final = re.compile(  # right after it: there already, from us
    r" (?:that |which )?you (?:guys |people |folks |all |lot )?(?:have |had )?(?:built|made"
    r"|did|set up"
    r"|developed|created|delivered|designed|host|run)\b"
)
NOT_OURS: Final = re.compile(  # somebody else's, or one there is already
    r"\b(?:your|you (?:guys )?(?:built|made)|saw|found you|through (?:the|your)|on your"
    r"|from your|via"
    r"|we (?:already )?(?:use|have|sell|built|offer|make|run)|our|the (?:old|current|existing|last)"
    r"|current|existing|last|previous)(?: \w+){0,2} $"
)
PAIN: Final = Expression(
    r"\b(?:manual(?:ly)?|by hand|(?:on|with|use|using|still|in|of|through"
    r"|via) (?:\w+ ){0,2}?(?:paper"
    r"|spread ?sheets?|excel|whiteboards?|sticky notes|post its|email chains|clipboards?|google"
    r" sheets?|fax\w*|notebooks?)|paper (?:forms?|records|based|process\w*|tickets?|slips|logs?)"
    r"|(?:copy|copies|copying) (?:and )?(?:paste|pasting|from|data|everything|it|them|numbers)"
    r"|re ?typ"
    r"(?:e|es|ed|ing)|re ?enter\w*|type (?:it|them|everything|in)|double entry|(?:enter|key|typ)\w*"
    r" (?:\w+ ){0,4}?twice|(?:los(?:e|es|t|ing)|miss(?:es|ed|ing)?) (?:\w+ ){0,4}?(?:orders?|time"
    r"|money|customers?|clients?|sales|leads?|loads?|track|data|hours?|business|revenue|bookings?"
    r"|appointments?|deals?|patients?|calls?|requests?|tickets?|files?|shipments?|members?|inventory"
    r"|deliveries|invoices?|records?|messages?|deadlines?|paperwork|packages?|students?|guests?"
    r"|people|jobs?|staff|payments?|parts|thousands|\d+)"
    r"|los(?:e|es|ing) \S+ (?:every|a|per) (?:day|week|month)|tak(?:es?"
    r"|ing) (?:\w+ ){0,6}?(?:hours?"
    r"|days?|weeks?|forever|ages|too long|so long|all day|half (?:a|the) day|minutes)"
    r"|(?:spends?|spending|wast\w+|burn\w*) (?:\w+ ){0,6}?(?:hours?|days?|time|evenings?|mornings?"
    r"|weekends?|afternoons?|nights?|half)|cost(?:s|ing)? us|(?:lose|losing|wasting|lost) (?:\w+ )"
    r"{0,3}?\d{3,}"
    r"|wast(?:e|es|ed|ing)|time consuming|too slow|so slow|very slow|slow(?:s|ing)? (?:us"
    r"|down)|slowly"
    r"|error prone|errors?|mistakes?|bugs?|buggy|crash\w*|break(?:s|ing)(?: down)?|broken|broke|"
    r"(?:always|constantly|keeps?|kept|often|regularly) (?:\w+ )?(?:down|failing|fail|los\w+|going"
    r"|crash\w*|break\w*|freez\w+|going down|mess\w+)|fail(?:s|ed|ing|ure)?|(?:get|gets"
    r"|getting|got) (?:\w+ )?lost|double book\w*"
    r"|over ?book\w*|(?:does|do|did|is|are|has|was) not (?:\w+ )?(?:work\w*|scal\w+|keep up|sync\w*"
    r"|talk|supported|maintained|deliver\w*)|never (?:really )?(?:work|deliver|finish|launch"
    r"|happen)\w*|nothing (?:that )?work\w*"
    r"|no longer (?:supported|maintained|works?|updated|get)|not supported|unsupported|outdated"
    r"|obsolete|end of (?:life|support)|(?:no ?body|no one|nobody) (?:\w+ )?(?:maintains?|supports?"
    r"|understands?|knows?|can (?:fix|maintain|change|touch))|(?:developer|guy|person|programmer"
    r"|vendor|company|freelancer|contractor) (?:who |that )?(?:\w+ ){0,3}?(?:left|retired|quit"
    r"|disappeared|vanished|ghosted|died|went (?:bust|bankrupt|under)|is gone|stopped|shut down)"
    r"|burned us|burnt us|let us down|nightmare|chaos|chaotic|mess|painful|pain|struggl\w+|frustrat"
    r"\w+|complain\w*|headaches?|bottlenecks?|overwhelm\w*|drowning|can not (?:keep up|see|find"
    r"|track|scale|handle|grow|tell)|hard to|hack\w*|breach\w*|data loss|duplicate\w*|mix(?:ed"
    r"|ing)?"
    r" up|forget\w*|forgot\w*|fall(?:s|ing)? (?:through|between) the cracks|slip\w* through|no"
    r" overview|lack of|scatter\w+|churn\w*|no ?shows?|chas(?:e|ing)|delay\w*|late payments?"
    r"|backlog"
    r"|pull(?:s|ed|ing)? (?:it|us|the app|our app)|deadline|fin(?:e|ed|es) (?:of|us|by|if|for)|"
    r"(?:expir|discontinu|sunset|deprecat|decommission)\w*|runs? out|running out|shut(?:s|ting)? "
    r"(?:it |us )?(?:down|off)|switch(?:ed|ing)? (?:it )?off|phas\w+ out|(?:new "
    r"|the )?(?:law(?! firm| school| office| enforcement)|regulations?"
    r"|mandates?|legal requirement)|required by|audit (?:in|by|is|next)|must (?:be )?(?:\w+ )?"
    r"(?:by|before)|has to be (?:\w+ ){0,4}?(?:by|before)|have to be (?:\w+ ){0,4}?(?:by|before)|"
    r"(?:doubl|tripl|increas|grow|rais|boost|improv|reduc|cut|sav|decreas|lower|halv|shorten|speed)"
    r"\w* (?:\w+ ){0,5}?(?:by|to|from|in half|sales|orders|revenue|costs?|time|hours|conversions?"
    r"|bookings|calls|returns|churn|percent|%))(?!\S)"
)
NO_PAIN: Final = re.compile(
    r"\b(?:no|not|never|without|any|hardly any|do not|does not|has not|have not)(?: \w+){0,2} $"
)


@dataclass(frozen=True)
class Need:
    """A project named in one turn; ``wanted``: asked for, not only mentioned."""

    kind: str
    wanted: bool
    answer: Answer
    start: int
    end: int


def needs_in(answers: Sequence[Answer]) -> list[Need]:
    """Every project of a kind we do that the caller asks for, in the order said."""
    return [need for answer in answers for need in of_turn(answer)]


def of_turn(answer: Answer) -> Iterator[Need]:
    text = answer.text
    for kind, pattern in KIND_OF:
        for match in pattern.finditer(text):
            before = text[max(match.start() - 80, 0) : match.start()]
            sentence = re.split(r"[.?]", before)[-1]
            if NOT_WANTED.search(sentence[-40:]) or OF_THE_PAST.match(text, match.end()):
                continue
            wanted = WANTING.search(sentence) or WANTING.search(match.group())
            asked = answer.asks("project") and not NOT_OURS.search(sentence[-30:])
            if wanted or asked:
                yield Need(kind, bool(wanted), answer, match.start(), match.end())


def best(needs: Sequence[Need]) -> Need:
    """The most telling one of the turn that first asks for something."""
    wanted = [need for need in needs if need.wanted] or list(needs)
    first = [need for need in wanted if need.answer is wanted[0].answer]
    choice = first[0]  # in the order of KINDS
    for need in first[1:]:
        if need.start > choice.end and corrects(need.answer.text, choice.end, need.start):
            choice = need
    return choice


def longest(answers: Sequence[Answer], needs: Sequence[Need]) -> Answer:
    """The turn that tells most of the project: where it is asked for, or what hurts is told."""
    about = {need.answer.position for need in needs}
    told = [answer for answer in answers if answer.position in about or pain_in(answer)]
    return max(told, key=lambda answer: len(answer.spoken.said))


def pain_in(answer: Answer) -> re.Match[str] | None:
    for match in PAIN.finditer(answer.text):
        if not NO_PAIN.search(answer.text[max(match.start() - 30, 0) : match.start()]):
            return match
    return None


def project_facts(answers: Sequence[Answer]) -> dict[str, Fact]:
    """``project_type``, ``project_description`` and ``pain``, as far as the caller tells them."""
    needs = needs_in(answers)
    facts: dict[str, Fact] = {}
    if needs:
        first = best(needs)
        span = (first.start, first.end)
        confidence = 0.8 if first.wanted else 0.6
        facts["project_type"] = first.answer.fact("project_type", first.kind, span, confidence)
        told = longest(answers, needs)
        facts["project_description"] = told.fact(
            "project_description", told.spoken.said.strip(), (0, 0), 0.7
        )
    for answer in answers:
        if match := pain_in(answer):
            quote = answer.spoken.original(*match.span())
            facts["pain"] = answer.fact("pain", quote, match.span(), 0.8)
            break
    return facts
