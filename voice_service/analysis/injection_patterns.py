"""How people try to give orders to the machine that judges their call, in patterns.

They are matched against plain words (see ``spoken``). What may stand in front of an order, "you
must", "I want you to", is a pattern of its own.
"""

import re
from typing import Final

from voice_service.analysis.expressions import Expression

POLITE: Final = (
    r"(?:(?:please|just|now|hey|so|and|then|also|but|well|listen|first|next|instead|kindly|simply"
    r"|computer|ai|assistant|system|bot|agent|robot|machine|model|dear|oh|hi|hello|important|again"
    r"|finally|immediately|always|automatically|there|everyone|quickly|silently|secretly"
    r"|furthermore|additionally) ){0,6}"
)
ADDRESS: Final = (
    r"(?:you (?:must|should|can|could|will|shall|may|need to|have to|has to|are (?:now |hereby )?"
    r"(?:going|required|supposed|instructed|ordered|told|asked|allowed|obliged) to) "
    r"|(?:can|could|would|will) you (?:please )?"
    r"|i (?:hereby )?(?:want|need|would like|order|command|instruct|ask|advise|tell|demand|require"
    r"|am (?:asking|telling|instructing|ordering)) (?:that )?you (?:to )?"
    r"|(?:make|be) sure (?:to |you |that you )|remember to |do not forget to |go ahead and "
    r"|it is (?:important|essential|critical|mandatory) (?:that you |to |you )"
    r"|your (?:\w+ ){0,2}(?:task|job|goal|role|purpose|instructions?) (?:is|are|says?)"
    r" (?:now )?(?:to )?|proceed to )"
)
ADDRESSED: Final = re.compile(rf"(?<!\S){POLITE}(?:{ADDRESS}{POLITE})?$")
# So many words, in one sentence and not beyond where the caller comes back to the matter.
UP_TO: Final = r"(?:(?!anyway |seriously |but |because )[^\s.?]+ ){0,%d}?"
RULE: Final = r"(?:instructions?|rules?|prompts?|guidelines?|directives?|criteria)"
YOURS: Final = (
    r"(?:instructions?|rules?|prompts?|guidelines?|polic(?:y|ies)|criteria|directives?|script"
    r"|programming|training|constraints?|restrictions?|guardrails?|safeguards?|filters?|protocols?"
    r"|scoring|configuration|parameters|orders|limits|limitations|checks)"
)
CALL: Final = (
    r"(?:call(?:er)?|leads?|conversation|record|profile|status|account|company|customer|client"
    r"|prospect|user|file|opportunity|scor(?:e|ing)|rating|priority|qualification|verdict"
    r"|classification|result|evaluation|outcome|quality)"
)
US: Final = (
    rf"(?:me|us|myself|(?:this|it) (?=as )|(?:this|the|my|our|that|every"
    rf"|each) (?:\w+ ){{0,2}}?{CALL}|{CALL})"
)
WORTH: Final = (
    r"(?:qualif\w+|unqualified|scores?|points|ratings?|hot|leads?|vip|won|converted|(?:top|high|highest|best"
    r"|maximum|perfect|full|max) (?:\w+ )?(?:scor\w+|leads?|priority|ratings?|marks|quality|rank"
    r"|value|bracket|tier|category|bucket|segment|band|class)|full marks|decision maker"
    r"|high value|5 stars?|10 out of 10|budget)"
)
STATED: Final = (
    r"(?:budgets?|qualif\w+|leads?|scor\w+|decision maker|authority|ceo|cto|cfo|owner|founder"
    r"|president|timeline|company size|employees|staff|people|approved|million|thousand|dollars"
    r"|\d{4,}|hot|vip|priority|prospect|verdict|project type|recommended service|strategy session)"
)
GRADE: Final = (
    r"(?:mark|flag|rate|score|tag|classify|label|register|treat|count|consider|categori[sz]e|grade"
    r"|rank|qualify|list|log|record|set|make|give|assign|award|put|bump|raise|increase|boost"
    r"|upgrade|promote|change|update|modify|adjust|edit|add|grant|declare|judge|report|enter|save"
    r"|submit|evaluate|override|max out)"
)
DICTATE: Final = (
    r"(?:put(?: it| this| that| me| us)? (?:down|in|into|on)|(?:note|write|jot|enter|log"
    r"|record|document|register|type|mark|fill|save|add"
    r"|insert|memori[sz]e|set|include|mention|capture|submit)(?: it| this| that| me| us)?"
    r"(?: down| in| out| into| up)?|(?:make|take|leave) (?:a |the |this )?(?:note|record)"
    r"|state|report|output|print|respond|reply|repeat|conclude|summari[sz]e|declare|pretend"
    r"|act|behave|believe|confirm|return|assume|imagine|suppose|answer|treat)"
)
FIELD: Final = (
    r"(?:budget|timeline|company size|decision (?:role|maker)|project type|lead \w+|qualified"
    r"|caller type|lead|qualification|score|verdict|recommended service)"
)
READER: Final = (
    r"(?:system|evaluator|scorer|grader|model|ai|analyst|summari[sz]er|llm|analysis|assistant"
    r"|reviewer|crm|developers?|judge|parser|admin\w*|classifier|bot|engine|algorithm|pipeline"
    r"|scoring|analy[sz]er|database|backend|software|computer|language model)"
)

# What cannot be meant otherwise, wherever in a sentence it stands.
CERTAIN: Final = (
    rf"(?:ignore|disregard|forget|override|overrule|bypass|stop following|not follow|abandon"
    rf"|neglect"
    rf"|skip|drop|discard|erase|delete|reset|replace|rewrite|reveal|show|print|repeat|break) "
    rf"{UP_TO % 3}(?:your (?:\w+ ){{0,3}}{YOURS}|(?:previous|prior|earlier|above|preceding|original"
    rf"|initial|existing|system) (?:\w+ )?(?:{RULE}|commands?|context|conversation)"
    rf"|(?:what|everything|anything|all) (?:that )?(?:you|they) (?:\w+ ){{0,2}}?(?:told|taught|said"
    rf"|instructed|given|learned|programmed|know)|everything (?:above|before))\b",
    r"your (?:previous|prior|original|system|initial|current|hidden) (?:\w+ )?(?:instructions?"
    r"|prompts?|rules|guidelines|programming|directives?)\b",
    r"(?:developer|admin|debug|god|root|jailbreak|sudo) mode\b",
    rf"(?:mark|flag|classify|tag|label|register|qualify|count|treat|consider|rate) (?:me|us|myself"
    rf"|this (?:call|lead|caller|conversation)) {UP_TO % 2}(?:as |like |a |an )+{UP_TO % 2}"
    rf"(?:qualified|hot|vip|decision maker|high (?:value|priority)|top)\b",
    r"(?:give|assign|award|grant) (?:me|us|this (?:call|lead|caller)|the (?:lead|caller)) "
    r"(?:\w+ ){0,4}?(?:scores?|points|rating|marks|grade)\b",
)
IGNORING: Final = (
    rf"(?:ignore|disregard|forget|override|overrule|bypass|stop following|not follow|abandon"
    rf"|circumvent) {UP_TO % 4}{RULE}\b"
)
# Orders that concern the clause they stand in: what follows may be the caller's own again.
ORDERS: Final = (
    r"(?:mark|flag|tag|label|rate|class|classify|rank|score|file|log|list|put) (?:it|this|that"
    r"|me|us|the call"
    r"|this (?:call|one|lead)|my (?:call|name|file)|our (?:call|file)) (?:down |up )?(?:as "
    r"|in as )?(?:a |an |the )?"
    r"(?:\w+ )?(?:hot|qualified|vip|top priority|high priority|priority lead|a hundred|100)\b",
    rf"(?:your|the) (?:developers?|boss|admin\w*|manager|creators?|engineers?|programmers?"
    rf"|vendor|supervisor|owner"
    rf"|it (?:guy|team|people)) (?:\w+ ){{0,2}}?(?:said|told|asked|wants|wanted|instructed"
    rf"|agreed) (?:me |you |us )?"
    rf"(?:that you |to |you ){UP_TO % 2}{GRADE}\b",
    rf"{GRADE} {UP_TO % 3}{US} {UP_TO % 6}{WORTH}\b",
    rf"(?:score|rate|grade|rank|qualify|approve) {UP_TO % 1}(?:me|us|this (?:call|caller"
    rf"|lead))\b",
    rf"(?:give|grant|award|assign|get) (?:me|us|this \w+|the \w+|my \w+) {UP_TO % 5}"
    rf"(?:scores?|points|rating|marks|grade|stars)\b",
    rf"{GRADE} {UP_TO % 2}(?:lead|caller|call|qualification|my|the|our) (?:\w+ )?(?:scores?"
    rf"|status|rating|quality|priority) {UP_TO % 2}(?:to|at|as|of|equals?|is|be|up|0|\d{{2,3}})\b",
)
# Orders whose object is a statement: the whole sentence is dictated, facts and all.
DICTATIONS: Final = (
    rf"{DICTATE} {UP_TO % 4}(?:that|as|like|with|in (?:your|the)|my|our|this|i|we|:|am) "
    rf"{UP_TO % 12}{STATED}\b",
    rf"{DICTATE} (?:the|a|is|for|budget) {UP_TO % 12}{STATED}\b",
    rf"say (?:that |in (?:your|the) |my |our |the |i |we |this ){UP_TO % 10}{STATED}\b",
    r"(?:update|change|edit|amend|correct|fill in|adjust) (?:the|your|my|our|this"
    r"|that) (?:\w+ )?(?:form|records?|notes?"
    r"|file|fields?|sheet|crm|entry|summary|report|profile) (?:so that it |so it )?(?:to|so"
    r"|and|with|that|says?|shows?|reads?)\b",
    rf"(?:tell|inform|instruct) (?:your|the) {UP_TO % 2}{READER}\b",
    rf"(?:set|fill|populate|update|change|put|enter|add|assign|replace) {UP_TO % 3}"
    rf"{FIELD} (?:\w+ )?(?:to|as|with|equals?|at|is|equal|=)(?!\S)",
    rf"(?:my |our |the )?{FIELD} (?:max |min |status |field )?(?:equals?|equal to|is equal to"
    rf"|set to"
    rf"|is true|true|= ?)(?!\S)",
    rf"(?:update|change|edit|make|have) {UP_TO % 2}{READER} {UP_TO % 8}(?:qualif\w+|leads?"
    rf"|scor\w+|budget|decision maker)\b",
    r"(?:let )?(?:the |my |your )?records? (?:should |must |will )?(?:show|state|reflect)s? that\b",
    r"(?:the |this )?(?:correct|right|true|actual|final|expected|proper) (?:value|answer|score"
    r"|verdict|output|result|classification|label)s? (?:for|of|is|are|should|must)\b",
    r"(?:the |this |my |our |that |every |each |any )?(?:lead|caller|prospect|user|qualification)"
    r"(?: 's)? (?:\w+ )?(?:(?:score|status|quality|rating|verdict|result) )?(?:of (?:this"
    r"|the) \w+ )?"
    r"(?:is|must be|should be|has been|will be|shall be|needs to be|counts as|qualifies) "
    r"(?:\w+ ){0,4}?(?:qualified|unqualified|hot|scored?|vip|verified|decision maker|top|100"
    r"|high priority|approved|(?:the )?(?:ceo|owner|founder))\b",
    r"(?:the |my |our )?(?:lead (?:quality|score|status)|qualification (?:status|score|result)"
    r"|recommended service) (?:of \w+ \w+ )?(?:is|should|must|will|to|be|equals)\b",
    r"(?:i|we|this) (?:am|are|is|should|must|deserve|need to|have to|has to|want to)(?: to)? "
    r"(?:(?:be|get|receive|count|as|a|an|the|highly|fully|automatically) )*(?:qualified lead"
    r"|hot lead|scored|rated|(?:top|highest|perfect|maximum|full) (?:\w+ )?scor\w+|score of)\b",
    r"(?:your|the) (?:\w+ ){0,2}?(?:summary|notes?|report|output|evaluation|analysis|record|crm) "
    r"(?:should|must|has to|needs to|will) (?:say|state|read|show|contain|include|note)\b",
)
# Words that pose as the system itself: nothing after them in the turn is the caller's.
POSING: Final = (
    rf"(?:just )?(?:a|one) (?:quick |little |small |short )?(?:note|message|word|hint"
    rf"|reminder) (?:to|for) "
    rf"(?:whoever|whatever|whichever|anyone|any|the|your) (?:\w+ )?(?:{READER}|scores?|grades?"
    rf"|rates?"
    rf"|reads?|reviews?|evaluates?|analy[sz]es?)\b",
    r"system (?:message|prompt|override|note|instructions?|update|command|alert|notice"
    r"|directive)\b",
    r"(?:new|updated|revised|further|special|secret|hidden|additional) (?:system )?"
    r"(?:instructions?|directives?|rules?)(?: for you| are| is| :| from| follow| as follows)"
    r"(?!\S)",
    rf"(?:attention|notice|message|notes?|instructions?|memo|reminder|hint|command) "
    rf"(?:to|for|from) (?:the |your |our |whoever |any )?(?:\w+ )?{READER}\b",
    rf"(?:attention|dear) (?:\w+ )?{READER}\b",
    r"(?:whoever|anyone|the (?:person|system|model|ai|one)) (?:who |that )?(?:is |are )?"
    r"(?:reads?|reading|goes (?:over|through)|listens? to|listening to|hears|checks?"
    r"|process\w+|looks? at|scor\w+|marks?|marking|rates?|rating|review\w*|evaluat\w+|grad\w+"
    r"|analy[sz]\w+|summari[sz]\w+)"
    r"(?: this| the| my| our)?(?: \w+)? (?:calls?|transcript|recording|conversation|lead"
    r"|notes?|record|this|it)\b",
    r"(?:your|the) (?:\w+ )?(?:assistant|colleague|system|team|agent|manager|supervisor|boss"
    r"|developers?|bot|ai) "
    r"(?:has |have |had )?(?:already |just )?(?:verified|validated|authenticated|vetted"
    r"|pre ?approved|pre ?qualified"
    r"|certified) (?:that )?(?:i|we|me|us|my|our)\b",
    r"(?:let us|we are|let me) play(?:ing)? (?:a|the|this) (?:little )?game\b",
    r"(?:role ?play|in this (?:role ?play|game|scenario)|you (?:are|play|act as) (?:a|an"
    r"|the) (?:\w+ ){0,2}"
    r"(?:robot|bot|ai|assistant|machine|model|computer|evaluator|judge) (?:who|that|which|with"
    r"|without))\b",
    r"(?:you are|you will be|consider yourself) (?:now|from now on|henceforth|no longer) "
    r"(?:a|an|in|the|my|bound|required|to)\b",
    r"(?:from now on|henceforth|from this point(?: on)?) (?:you|always|every|all|treat|mark"
    r"|consider|respond|answer)\b",
    r"(?:as|i am|this is|speaking as) (?:an? |the |your )?(?:system |scoring |\w+ )?"
    r"(?:administrators?|creator|programmer|superuser|developer) (?:and|of (?:you|this)|you"
    r"|authori[sz]e|speaking|here)\b",
    r"(?:as|i am|this is|speaking as) (?:your|openai|elevenlabs) ?(?:administrator"
    r"|creator|programmer|developer|speaking|support|staff|team|$)",
    r"(?:authori[sz]ed|authori[sz]ation|emergency|admin|security|manager|master|supervisor) "
    r"(?:override|bypass|command)\b",
    r"(?:end|start|beginning|begin) of (?:the )?(?:new )?(?:system|transcript|prompt|instructions?"
    r"|user input|context)\b",
    r"(?:json|tool call|function call|variable) (?:\w+ )?(?:value|result|field|output|equals"
    r"|response|true|:)(?!\S)",
)
FOREIGN: Final = (
    r"(?:ignor[aeá]\w*|olvid[aáe]\w*|omit[ae]|descart[ae])(?: \w+){0,4} (?:instrucciones|reglas"
    r"|indicaciones|[oó]rdenes|anteriores)\b",
    r"(?:m[aá]rc\w+|clasif\w+|cal[ií]fic\w+|p[oó]n\w*|dame|deme|an[oó]t\w+|reg[ií]str\w+"
    r"|consid[eé]r\w+)(?: \w+){0,6} (?:cualificad[oa]|calificad[oa]|puntuaci[oó]n|puntaje|puntos"
    r"|presupuesto|lead|prioridad)\b",
    r"mensaje (?:del|de) sistema\b",
    r"(?:ignorier\w*|vergiss|vergessen sie|missacht\w+)(?: \w+){0,5} "
    r"(?:anweisung\w*|regeln|instruktionen|vorgaben|prompt)\b",
    r"(?:markier\w*|bewert\w*|setz\w*|gib|geben sie|notier\w*|stuf\w*|trag\w*|vermerk\w*)"
    r"(?: \w+){0,6} (?:qualifiziert\w*|punktzahl|punkte|bewertung|budget|lead|score)\b",
    r"system ?(?:nachricht|meldung|anweisung)\b",
    r"(?:ignorez?|oubliez?)(?: \w+){0,2} (?:les|mes|vos|tes|ces)(?: \w+){0,3} "
    r"(?:instructions|consignes|r[eè]gles)\b",
    r"(?:ignor[ae]|dimentica|esque[cç]a|negeer)(?: \w+){0,4} (?:istruzioni|regole|instru[cç][oõ]es"
    r"|regras|instructies)\b",
)


def any_of(patterns: tuple[str, ...]) -> Expression:
    return Expression("|".join(rf"(?<!\S)(?:{pattern})" for pattern in patterns))
