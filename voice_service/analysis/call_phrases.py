"""What callers mean by more than one word: agreement, refusal, objection, complaint.

A lexicon weighs word by word; on the phone much is said in phrases whose words are harmless ("that
is not going to work for us", "in a heartbeat"). Each phrase found becomes one word of its family's
weight, so that emphasis and "but" around it still count. The rules are about ways of saying things,
never about one sentence; what is meant by tone alone (sarcasm) is left alone.

One regular expression a line, matched at the beginning of a word and ended at the end of one,
whatever the case; ``<we>`` and the like stand for the ``PARTS`` of that name.
"""

from collections.abc import Mapping
from typing import Final

PARTS: Final[Mapping[str, str]] = {
    "very": r"(?:(?:really|very|quite|pretty|so|that|too|all that|at all|particularly|super|exactly|terribly|overly|entirely|completely|just|actually|even|all|a bit|a little) )*",
    "not": r"(?:not|isn't|wasn't|aren't|weren't|ain't|don't feel|doesn't feel|don't seem|doesn't seem|never)",
    "dont": r"(?:don't|doesn't|didn't|won't|can't|couldn't|wouldn't|haven't|hasn't|hadn't|never)",
    "we": r"(?:i|we|you|they)",
    "elsewhere": r"(?:elsewhere|somewhere else|some(?:one|body) else|(?:another|a different|some other|a competing) (?:\w+ )?(?:firm|company|agency|vendor|provider|team|supplier|developer|shop|partner|option|offer|direction)|(?:a|your|one of your) competitors?)",
}

NOTHING_FELT: Final = r"""
(?:would|i'd|we'd) like (?:to|a|an|the|some|you|it)
like (?:i|you|we) said
looks? like
something like
(?:feels?|sounds?|seems?) like(?! (?:a (?:plan|deal|good)))
what(?:'s| is| was| would be)? (?:\w+ )?(?:like|the best|good)(?= *$|\?| (?:for|way|email|number|time))
kind of
sort of
i mean
as well
feel free
free (?:of charge|call|trial|tier|session|consultation|plan|version|one|slot|time|on|at|next|after|between)
(?:are|is|i'm|we're|be) free
all due respect
no (?:idea|rush|hurry|pressure|preference|need|particular|specific|exact|fixed|firm|set|doubt about)
not (?:yet|right now|at the moment|exactly|necessarily|urgent|sure (?:when|what|which|how|who|where|yet|if|whether)|really(?= *$))
(?:couldn't|can't|hard to) (?:tell you|say|remember|recall|think of)
off the top of my head
to be honest
to tell you the truth
as (?:good|soon|well|far|long) as
best (?:email|number|way|time|person|practices?)
good (?:morning|afternoon|evening|day|question|time|number|email)
my english (?:is|isn't) (?:\w+ ){0,2}?(?:good|bad|perfect|great)
my best
at best
more like
i don't know
i dunno
you know
basically
well known
thanks for (?:calling|taking|picking|getting back)
help (?:me|us|you|desk|with|center)
(?:one|two|three|a|the|this|first|second|last) (?:problem|issue|thing) (?:is|was|we|that)
care (?:of|about|home|centers?|provider|plan|team)
(?:take|taking|taken) care
health ?care
day ?care
child ?care
best (?:buy|western)
super ?market
customer (?:success|support|care|satisfaction|complaints?)
complaints? (?:form|system|portal|process|department|box|log)
(?:sick|paid|parental) leave
trade fairs?
gift (?:cards?|shop|vouchers?)
trust (?:fund|company|bank)
share ?point
play store
pain (?:points?|clinic|management|medicine)
stress tests?
disaster recovery
kill (?:switch|the process|a process)
dead ?lines?
(?:due|end|start) date
credit (?:cards?|unions?|score|check|notes?)
insurance claims?
risk (?:assessments?|management|analysis)
security (?:guards?|company|audits?|cameras?)
emergency (?:room|services?|contacts?|alert\w*|department|plumb\w*)
"""
PLEASED: Final = r"""
(?:better|faster|quicker|cheaper|easier|smoother|simpler|sooner|nicer|less \w+|lower) than (?:what )?<we>(?:'d| had| was| were|'ve| have)?(?: \w+)? ?(?:thought|expected|hoped|imagined|feared|planned|budgeted|paid|used to|quoted|been quoted|expecting|hoping)
more than <we>(?:'d| had| could have| was| were)? ?(?:hoped|hoping|dreamed|asked)
exceed\w* (?:\w+ ){0,2}?expectations?
beyond (?:my|our|all) expectations
above and beyond
the extra mile
(?<!not )(?<!n't )worth (?:it|every \w+|the (?:wait|money|price|cost)|my while)
(?:blew|blown|blow|knock\w*) (?:\w+ ){0,3}?(?:away|socks off|out of the park)
(?:\w+'s|is|be|was|are|been|such) (?:\w+ )?(?:a|an|the) (?:\w+ )?(?:steal|bargain|no ?brainer|life ?savers?|game ?changer|godsend|dream|home run|breath of fresh air|pleasure|delight|good (?:sign|deal|fit|match|start|call|point|idea)|perfect (?:fit|match)|great (?:fit|help|idea|deal|start)|(?:big|huge|massive) help|no ?brainer)
life ?savers?
game ?changer
godsend
no ?brainer
hats off
kudos
top ?notch
first class
world class
second to none
a cut above
(?:weight|load) (?:is )?(?:lifted )?off
off my (?:mind|chest|shoulders|plate)
in a heartbeat
music to my ears
(?:won|winning) (?:me|us|\w+ \w+) over
made (?:my|our) (?:day|week|month|year)
(?:couldn't|can't) (?:\w+ )?(?:be (?:happier|better|easier|more)|have (?:been|asked|gone|hoped|picked|done)|ask for|fault|agree more|complain|thank \w+ enough|praise|beat that|go wrong|say enough|recommend \w+ enough|stop (?:talking|raving|smiling|using)|wait to)
(?:sales|orders|revenue|bookings|conversions?|traffic|sign ?ups|business|numbers|productivity) (?:\w+ ){0,2}?(?:doubled|tripled|soared|jumped|went up|gone up|shot up|grown|are up|is up|picked up)
(?:errors?|complaints?|costs?|no ?shows?|mistakes|calls|returns|crash\w*|bugs?|problems?|issues?|lag|delays?|headaches?) (?:\w+ ){0,2}?(?:dropped|fell|gone|vanished|disappeared|halved|down by|went down|a thing of the past)
(?:running|runs|works|working|went|going|goes) (?:\w+ )?(?:smoothly|perfectly|flawlessly|beautifully|like (?:a charm|clockwork|a dream)|great|really well|very well|fine (?:now|since|again))
onto a winner
that's (?:such |quite )?a (?:huge |big |real )?relief
what a relief
(?:well )?(?:within|inside|under|below) (?:our |my |the |what )(?:budget|range|limit|we|i)(?: \w+)?
turn(?:ed|s|ing) out (?:\w+ )?(?:well|great|better|fine|nicely|good|perfect)
(?:don't|no|any) (?:\w+ ){0,2}?(?:need|reason) to (?:keep )?(?:look|shop|search)\w* (?:around|further|elsewhere|any)
(?:saved?|saving) (?:us|me) (?:\w+ ){1,4}?(?:work|time|money|weeks?|days?|hours?|months?|trouble|hassle)
like a (?:charm|dream)
(?:a|one|any|no) (?:single )?(?:hiccup|hitch|glitch)s?
no (?:complaints?|regrets?|doubts?|hesitation|downsides?|fuss|hassle|second thoughts|reservations)
<dont> (?:have|see|find) (?:a|any|a single|one|the slightest|even one) (?:\w+ )?(?:complaints?|doubts?|bad word|worry|worries|downsides?|regrets?|reservations?)
nothing (?:but (?:good|praise|great)|bad to say|to complain|to fault|short of)
not a bad word
never (?:\w+ ){1,3}?(?:such|so|better|easier|happier|more|as|this|anything (?:so|this|like this|as|better))\b
(?:not|isn't|wasn't|ain't) (?:too |half |so |that )?(?:bad|shabby)(?: at all)?
not a bad (?:\w+)
the only (?:ones?|company|agency|people|team|firm|place) (?:that|who|to) (?:\w+ )?(?:deliver\w*|listen\w*|underst\w+|gets?|got|showed|answer\w*|care\w*|did|do|explained|bothered)
(?:saved|saving|saves) (?:us|me|my|our) (?:\w+ )?(?:lots?|so|tons?|hours|time|life|bacon|day|week|money|weeks|days|thousands)
(?:ahead of schedule|on time and|under budget|ahead of time|straight away and)
(?:finally|at last) (?:\w+ )?(?:some(?:one|body)|a company|people|an? \w+) (?:who|that)
thank (?:god|goodness|heavens)
(?:put|set|puts) (?:my|our) minds? (?:at|to) (?:ease|rest)
sleep (?:\w+ )?(?:better|easier)
(?:spot|bang|dead|right) on\b(?! (?:time|the|our|my|your|a))
nailed it
hit the nail
(?:hit|checks?|ticks?) all the (?:right )?(?:boxes|notes)
(?:what|just what|exactly what|precisely what|all) (?:i|we) (?:\w+ )?(?:wanted|needed|hoped|hoping|want|need) to hear
(?:exactly|just|precisely) (?:what|the (?:kind|sort|type) of \w+|how) <we>(?:'ve|'re| were| was| are)? ?(?:been )?(?:want\w*|need\w*|looking|hop\w+|after|had in mind|imagin\w+|pictur\w+)
(?:hire|use|work with|book|choose|pick|come back to|call) you(?: guys)? again
(?:recommend\w*|telling|told|tell|refer\w*|mention\w*|rav\w+) (?:\w+ ){0,5}?about you(?: guys)?
recommend\w* you(?: guys)? to
spread\w* the word
^(?:(?:oh|wow|dude|man|that's|that is|this is|okay|yeah|hell yeah|nice) )*(?:sick|wicked|killer|epic|dope|lit|ace|mint|insane|unreal)\b(?! (?:leave|pay|day|days|people|note|of|and|that|amount|price))
hell yeah
heck yeah
hell yes
woo ?hoo
yay
cheers for
good on you
(?:big|huge) fan
right up (?:our|my) (?:alley|street)
(?:all|everything) (?:\w+ )?(?:we|i) (?:ever )?(?:hoped|wished|dreamed|asked) for
(?:like|love) (?:where|how) (?:this|that|you)
(?:fixed|sorted|solved|resolved|handled|dealt with|done) (?:\w+ ){0,3}?(?:quickly|fast|right away|in no time|in minutes|within (?:the|an|minutes)|straight away|overnight)
(?:hasn't|haven't|never|not once|didn't) (?:\w+ )?(?:let (?:us|me) down|crash\w*|miss\w* a (?:beat|deadline)|disappoint\w*|failed us|gone down)(?: once)?
(?:night and day|worlds? (?:apart|of difference)|(?:made|makes) (?:all the|a (?:big|huge|real|world of)) difference|(?:turned|turns) (?:\w+ )?around)
(?:finally|already|now) (?:\w+ )?(?:feel|feels|feeling) (?:\w+ )?(?:good|better|confident|heard|understood|comfortable)
(?:you|they) (?:guys )?(?:really |actually |clearly |totally )?(?:get|got|listened|understand|care|delivered)(?= (?:it|us|me|what (?:i|we)|our)(?![\w']))
"""
COMPLAINING: Final = r"""
<not> <very>(?:happy|satisfied|pleased|impressed|thrilled|amused|acceptable|good enough|helpful|professional|okay with|fair|listening|a fan|enough|comfortable|convinced|interested|keen|confident|sold on|excited|ideal|great|good|useful|clear|easy|reliable|what (?:i|we|you)|how (?:i|we|you|this|it))\b
(?:isn't|wasn't|aren't|weren't|not|nothing like|far from|nowhere near|hardly|doesn't match) (?:\w+ )?(?:what|as|anything like what) <we>(?:'d|'ve|'re| were| was| are| had| have)? ?(?:\w+ )?(?:promis\w*|expect\w*|hop\w+|ask\w*|order\w*|agree\w*|want\w*|need\w*|paid|pay\w*|advertis\w*|discuss\w*|sign\w*|sold|told|said|after)
(?:already|just) (?:\w+ )?(?:told you|told them|told him|told her|said (?:that|so|it|this|no)|explained|answered (?:that|this)|gave you|given you|asked (?:you|that|for)|sent (?:you|it|that))
(?:how many|so many|a (?:hundred|thousand|million)) times
(?:twice|three times|four times|five times|several times|multiple times) (?:already|now|this|today)
(?:second|third|fourth|fifth|umpteenth) (?:time|outage|call|attempt|week|month|email)
again and again
over and over
(?:yet|once) again(?= *$|[.,!])
keeps? (?:\w+ )?(?:cutting|dropping|crashing|breaking|asking|saying|changing|going down|going wrong|repeating|freezing|failing|disconnecting|putting|pushing|charging|interrupting|missing|losing|getting worse|happening|bouncing|ignoring)
(?:nobody|no one|not (?:a single person|one person|one of you)) (?:\w+ ){0,3}?(?:answer\w*|call\w*|pick\w*|repl\w+|respond\w*|help\w*|knows|told|tells|tell|came|shows?|showed|gets? back|got back|cares?|listens?|fix\w*|bother\w*|there|ever|seems|wants|can|could|would|did)(?! (?:with our|to us yet about))
(?:never|didn't|hasn't|haven't|doesn't|don't|won't|not) (?:\w+ ){0,2}?(?:arrived?|came|come (?:back|through)|show(?:ed|s)? up|call(?:ed|s)? (?:me |us )?back|got (?:back|a (?:reply|response|call|confirmation))|gotten|hear(?:d)? (?:back|anything)|receiv\w+|answer(?:ed|ing)?|repl(?:y|ied)|respond(?:ed)?|deliver(?:ed)?|fix(?:ed)?|listen(?:ed|ing)?|warned|informed|agreed|return(?:ed|s)?|keep (?:your|their)|kept|follow(?:ed)? (?:up|through)|understand(?:ing)? (?:me|us|what i)|care|respect)(?! (?:payments?|orders?|any of the|yet (?:on|about)))
(?:been|still|kept|was|were) (?:\w+ )?(?:waiting|on hold|broken|down|offline|left hanging|ignored)(?! (?:to|on the (?:board|investor|bank)))
(?:down|offline|broken|out) (?:since|again|all (?:day|morning|week|night)|for (?:\w+ )?(?:hours|days|weeks))
waiting (?:\w+ ){0,3}?(?:weeks?|days?|months?|hours?|ages|forever|minutes)
on hold (?:for|again|forever)
wast(?:e|ing|ed) (?:of )?(?:\w+ )?(?:time|money|breath|hour|day|my|our)
(?:ripped|ripping) (?:me|us )?off
(?:burn(?:ed|t)|screwed|cheated|scammed|misled|lied to|fobbed|stiffed|shafted|overcharged|double charged)(?! calories)
let (?:us|me) down
left (?:us|me) (?:hanging|high|in the lurch|stranded|with nothing)
ghost(?:ed|ing)
stood (?:me|us) up
hung up on
cut(?:ting)? (?:me|us) off
cutting out
talk(?:ing)? over
(?:run|running|given|giving|get|getting) (?:me |us |the )?(?:run ?around|around in circles|the cold shoulder)
going (?:around |round )?in circles
(?:going|getting) nowhere
pass(?:ed|ing) (?:me |us )?around
transferred (?:\w+ )?(?:again|four|three|twice|around|from)
start(?:ing)? (?:all )?over(?: again)?
square one
same (?:old )?(?:thing|questions?|story|problem|issue|excuse|mistake)s? (?:again|over|every|as last|all over)
(?:want|need|demand|let me|get me|insist on|rather|prefer|like) (?:to )?(?:speak|speaking|talk|talking|deal|dealing)(?: to| with) (?:a |an )?(?:real|actual|human|manager|supervisor|your (?:boss|manager)|someone (?:else|real|higher|in charge|who))
(?:real|actual) (?:person|human) (?:please|now|instead)
(?:not|hate|tired of|don't (?:like|want)) (?:to )?(?:talk|talking|speak|speaking) (?:to|with) (?:a )?(?:bots?|robots?|machines?|computers?|recordings?)
another (?:robot|bot|machine|recording)
down the (?:drain|toilet|tubes)
never (?:\w+ ){0,4}?again
would never (?:use|hire|work|recommend|go|call|buy|trust)
(?:got|heard|gotten|received) nothing(?: back)?
(?:ran|run|walked|took|taken) off with
(?:that's|it's) incorrect
(?:that|this|it) isn't (?:right|correct|my|true|what|how|it)
every (?:single )?time (?:i|we|some\w+|any\w+|you|they|it)
(?:just )?answer (?:the|my) question
for once
hang(?:ing)? up
(?:third|fourth|fifth|sixth) (?:person|agent|rep|guy)
(?:you|they|you've|they've) (?:got|had|have|keep getting) (?:it|that|this|my \w+|our \w+|everything) (?:all )?wrong
(?:haven't|hasn't|didn't|never) (?:\w+ )?(?:seen?|had|get|got|heard|receive\w*) (?:one|a single|anything|any) \w+
(?:last|final) straw
had enough
had it (?:with|up)
fed up
sick (?:of|and tired)
tired of
los(?:ing|t) (?:my |our |all )?(?:patience|faith|trust|confidence)
(?:out of|no) patience
wits'? end
end of (?:my|our) rope
up to here
beyond a joke
bad (?:joke|experience|service)
driv(?:es?|ing) (?:me|us) (?:crazy|mad|nuts|insane|up the wall)
getting on my nerves
pain in the
gives? me a headache
how (?:hard|difficult) (?:can|could|is) (?:it|this|that)
what (?:kind|sort) of (?:a )?(?:company|service|people|outfit|operation|answer|joke)
who (?:gave|told) you
where did you get (?:my|this|our)
(?:why|how) (?:on earth|the hell|in the world|come nobody|is it so|does (?:it|this|everything) always|do i have to|am i (?:still|paying))
seriously\?
what a (?:joke|mess|waste|shame|disaster|nightmare)
come on\b(?! (?:over|in|board|site))
enough is enough
for (?:god's|heaven's|crying out) (?:sake|loud)
good luck with that
yeah right
big deal
oh great
oh wonderful
oh joy
(?:you|they) (?:people |guys |lot )?(?:never|don't|can't|won't|didn't|aren't|haven't|obviously don't|clearly don't|still don't) (?:\w+ to |\w+ )?(?:listen\w*|understand|get it|care|call|answer\w*|deliver\w*|help\w*|read|know what|keep|get back|respond\w*|bother\w*|do anything|do what)
(?:they'd|you'd|you|they|had) better (?:\w+ ){0,4}?(?:or|fix|call|sort|refund|have)?
or (?:else|we're (?:cancel\w*|leaving|gone|out|done)|i'm (?:cancel\w*|leaving|gone|out|done)|i'll (?:cancel|leave|go))
(?:see|hear from|talk to|call) (?:you in court|my lawyer|our lawyers?)
(?:get|getting|going to|go to|call\w*|talk\w* to|hear from) (?:my|our|a) (?:lawyers?|attorneys?)
legal action
(?:my|our) (?:lawyers?|attorneys?) (?:will|is|are|has)
(?:not|won't be|n't) (?:\w+ )?paying (?:for|you|that|another)
(?:doesn't|don't|didn't|won't) even \w+
(?:leave|leaving|write|post) (?:\w+ )?(?:bad|one star|negative) review
i(?:'m| am) done(?= *$| with| here|[.,!])
want (?:my|our) money back
demand a refund
(?:lost|losing|loses?|cost(?:s|ing)?(?: us| me)?) (?:us |me )?(?:\w+ ){0,2}?(?:thousands|a fortune|customers|business|clients|a (?:lot|ton) of (?:money|time|business)|sleep|money every|our (?:best|biggest))
fall(?:s|ing|en)? apart
(?:behind|off) schedule
(?:weeks?|months?|days?|hours?) (?:late|behind|overdue)
long overdue
(?:missed|blew|missing|slipped) (?:\w+ ){0,2}?(?:deadlines?|date|milestone)
doesn't (?:even )?(?:work|load|open)
won't (?:even )?(?:load|open|start)
(?:nothing|none of it|hardly anything) (?:\w+ )?works
(?:something|everything) (?:always )?(?:breaks|goes wrong)
gone (?:wrong|downhill|south)
went (?:wrong|downhill|south)
(?:i'm|we're|i was|we were|was|been) (?:\w+ )?(?:disappoint\w*|underwhelm\w*|let down|shocked|appalled|disgusted|frustrated|annoyed|upset|angry|furious|insulted|offended|unhappy|livid|fuming)
(?:left|leaves) a (?:bad|sour) taste
beyond (?:me|frustrat\w+|annoy\w+)
i (?:never|didn't) (?:agree\w*|sign\w*|ask\w*|order\w*|authori\w*|approv\w*|said|say|want\w*) (?:to |up |for |that |any |this |it )?
"""
OBJECTING: Final = r"""
(?<!isn't )(?<!not )(?:too|way too|far too|bit too|awfully) (?:much|steep|pricey|expensive|high|rich|costly|long|late|slow|small|complicated|big|far|vague|many|risky|early|little|hard|difficult|soon|confusing|technical|pushy|good to be true|short)(?! (?:for|to (?:fit|upload|print|read|enter|send)) (?:the|a|an|our)\b)
a (?:bit|little|tad|touch|lot) (?:much|steep|high|pricey|over|more|too|rich|on the (?:high|expensive|pricey|steep) side)
on the (?:high|expensive|pricey|steep) side
(?:steep|pricey|overpriced|exorbitant|extortionate|outrageous)
(?:won't|will never|would never|never (?:going to|gonna)|not (?:going to|gonna)) (?:\w+ )?(?:go for|accept|approve|agree to|like|sign off|buy) (?:it|that|this)
don't see how (?:\w+'?\w* ){0,4}?(?:better|help\w*|work\w*|worth|different|possible)
(?:would|in their right mind would) (?:ever )?pay that
in (?:their|his|her|your) right mind
(?:isn't|not) (?:really |exactly )?(?:something|anything|a priority|what) (?:that )?(?:we|i) (?:need|want|do|are looking|were looking)
(?:didn't|never|hadn't|had no idea) (?:\w+ )?(?:reali[sz]e|know|think|expect)\w* (?:\w+ ){0,6}?(?:that (?:kind|sort|much)|so (?:much|expensive|high|long)|this (?:much|long|expensive)|cost that)
(?:it's|that's|this is) (?:just |all |such |becoming )?a joke
(?:more|higher|longer|later|slower|worse|pricier|harder|less|dearer) than (?:what )?<we>(?:'d| had|'ve|'re| were| was| are)? ?(?:\w+ )?(?:want\w*|can\b|thought|expect\w*|plan\w*|budget\w*|need\w*|afford|allow\w*|pay\b|paid|bargain\w*|said|agreed|quoted|told|had in mind|comfortable|spend|paying)
(?:out of|beyond|over|above|outside|exceeds?|blows?|past|way over|stretch\w*) (?:of )?(?:our|my|the|their|what) (?:\w+ )?(?:budget|range|reach|means|league|limit|we can|i can|comfort)
out of (?:budget|reach|range|pocket)
over budget
(?:can't|couldn't|won't|not able to|unable to|never|no way to|hard to) (?:\w+ )?(?:afford|justify|stretch|swing|spend that|pay that|go that high|do that (?:much|price)|sell that to|get (?:that|this|it) (?:approved|past|signed))
<dont> have (?:that|this|those) (?:kind|sort|much|type)
(?:double|twice|triple|three times|four times) (?:what|our|my|the (?:price|budget|cost)|as much)(?! to)
(?:an arm and a leg|daylight robbery|highway robbery|rip ?off|a fortune)
(?:you've got to be|you must be|are you|you're|gotta be|you have to be|is this (?:a|some kind of)) (?:joking|kidding|serious|joke|for real)
deal ?breaker
no way (?:that|i|we|am|are|in|on)
not (?:worth|even close)
isn't worth
just (?:to talk|to chat|for (?:a|one) (?:call|chat|talk|meeting|hour))
for what you get
money for nothing
just to (?:get|have|hear)
can't wait (?:that|so|any|until|till|this|for (?:weeks|months|ever))
(?:that|this)(?:'s| is) (?:not|never) (?:what|how|good|acceptable|okay|ok|right|fair|on|an? (?:answer|option|excuse|solution)|enough|really|true|for|something)
(?:not|never|won't|isn't|doesn't|don't|wouldn't|didn't) (?:going to|gonna|really|be going to|quite|exactly|even|actually)? ?(?:work|fly|help|cut it|do(?: it)?|suffice|happen|be enough|fit|add up|make (?:any )?sense|make a difference|solve|convince)(?= *$|[.,!]| (?:for|with|us|me|at all|here|anymore|either|any|much|to|because|since|my|our|the|like|when|on)\b)
mak(?:es?|ing) no sense
(?:doesn't|don't|didn't) (?:\w+ )?(?:make (?:any |much )?sense|add up|sit right|feel right|inspire)
(?:there's|what's|sounds like) (?:a|the|always a) catch
"""
DECLINING: Final = r"""
(?:going to|gonna|have to|gotta|i'll|we'll|i'd|we'd|think i'll|must|better|should|let's) (?:\w+ )?(?:pass(?! (?:it|this|that|the|on|you|along))|decline|skip (?:it|this|that)|walk away|hold off|leave it|hang up)
leave it (?:there|at that|for now)
rain ?check
<we>(?:'d| would)? (?:\w+ )?(?:rather|prefer)(?: to)? not
rather (?:you|they) (?:didn't|not)
rather not
prefer not
decided (?:to (?:keep|stay|stick|do it|go (?:another|a different))|against|not)
(?:keep|do|doing|keeping|build|building) (?:it|this|that|things) (?:in ?house|ourselves)
(?:go|going|gone|went|look|looking|take|taking|took|find|found|choose|chose|chosen|pick|picked|switch\w*|move|moving|moved|decided|shop|try|trying|signed|sign) (?:\w+ ){0,4}?<elsewhere>
(?:don't|do not|please don't) (?:\w+ )?(?:bother|call|contact|email|ring|phone|waste|send|come back|follow up|text)(?! (?:me|us)? ?(?:before|after|until|on|at|between|during|in the))
(?:stop|quit) (?:calling|emailing|phoning|texting|contacting|wasting|pushing|asking|sending|saying|trying|reading)
take (?:me|us|my|our) (?:\w+ )?(?:off|out of)
remove (?:me|us|my|our)
unsubscribe
lose my number
close (?:my|our|the) (?:file|account|ticket)
(?:cancel|cancelling|canceling|terminate|terminating|pull|pulling) (?:the|our|my|this) (?:whole )?(?:contract|project|account|deal|agreement|subscription|plug)
never ?mind
forget (?:it|that|about it|the whole)
<dont> (?:\w+ )?(?:see|get|understand) (?:the|any|much|what|why) (?:\w+ )?(?:point|value|benefit|difference|reason|need|sense)
no (?:point|use|chance|way)(?! (?:to|of (?:knowing|telling)|we can|for (?:users|people)))
(?:what's|what is) the point
<dont> (?:really |actually |quite |honestly )*(?:think (?:so|it's (?:worth|for|going|right|a)|this is|that's (?:going|worth|for|a good|fair|right|acceptable)|we(?:'re| are) (?:a|going|ready|interested))|believe (?:that|it|you|this)|trust|buy (?:it|that|into))
no (?:thanks|thank you)(?= *$|[.,!]| (?:i|we|not|it|this|but|you))
not (?:today|this time|for me|for us|our thing|at this (?:point|time|price)|happening)(?= *$|[.,!]| (?:i|we|thanks|thank))
(?:maybe|perhaps) (?:another|some other|next) time
(?:hard|firm) (?:no|pass)
count (?:me|us) out
(?:out of the question|off the table)
thanks but no
second thoughts
cold feet
put (?:it|this|that|things|everything) on hold
think twice
back out
"""
WORRIED: Final = r"""
(?:not|isn't|wasn't|don't) (?:really |so |too |entirely |totally |quite |100 percent )?(?:sure|certain|convinced|clear|confident) (?:about (?:this|that|it|you|all|the|any)|this|it's (?:right|for|worth|what)|you|that's|we (?:can|should|need|want)|i (?:trust|like|want|need|see))
(?:kind of |a bit |a little |rather |pretty |very |really |somewhat )?(?:worried|worries me|concerned|concerning|nervous|anxious|uneasy|wary|hesitant|skeptical|sceptical|uncomfortable|on the fence|iffy|torn|doubtful|leery|reluctant|suspicious|intimidat\w+|overwhelm\w+)
(?:have|had|got|having|has) (?:my|our|some|a few|serious|second|real|big) (?:doubts|concerns|reservations|thoughts|worries|misgivings)
(?:been|got|were|was) burn(?:ed|t)(?: before)?
hard to (?:believe|trust|swallow|justify)
too good to be true
leap of faith
gets cold feet
"""
RESIGNED: Final = r"""
i (?:guess|suppose) (?:so|whatever|that'll have|it'll have|we'll have|i'll have|there's no|we don't|i don't|it can't|that's that|that's it then|if)
if (?:i|we) (?:must|really have to|have no)
(?:don't|doesn't|haven't) (?:\w+ )?have (?:much (?:of a )?|a |any |much )(?:choice|option|alternative)
no (?:other |real )?(?:choice|option|alternative)(?! (?:but to (?:call|ask)))
it is what it is
it's what it is
so be it
if you say so
(?:i'll|we'll|have to|just) (?:\w+ )?(?:make do|live with it|put up with|settle for)
whatever(?= *$|[.,!]| (?:just|fine|then|you (?:say|want|think)|works))
oh well
what(?:ever)? can you do
same old
"""
WILLING: Final = r"""
(?:let's|let us) (?:do (?:it|that|this)|go(?: for| ahead| with)?|book|get (?:it|this|that|started|going)|move|make it|set|lock|sign|talk|start|schedule|roll)
(?:i'm|we're|count (?:me|us)|we are|i am) (?:all |totally |definitely |both )?in(?= *$| and| for|[.,!])
count (?:me|us) in
sign (?:me|us) up
where do i sign
(?:i'm|we're|consider me) (?:\w+ )?sold\b
go ahead(?! (?:of|with (?:someone|another)))
(?:by all means|why not|absolutely|definitely|of course|for sure|deal|gladly|with pleasure|you got it)(?= *$|[.,!]| (?:let|i|we|book|that|please|yes|go|and))
(?<!doesn't )(?<!not )(?<!n't )(?:that|this|it|which|either|both|monday|tuesday|wednesday|thursday|friday|morning|afternoon|\w+ one)(?:'ll| will| would|'d)? (?:\w+ )?(?:works?|suits?|fits?)(?= *$|[.,!]| (?:for|well|perfectly|great|fine|us|me|nicely|out|our|just|i|we|let)\b)
(?<!n't )(?<!not )(?<!going to )(?<!gonna )works? (?:\w+ )?(?:for (?:me|us)|well|great|perfectly|fine)
sounds? (?:\w+ )?(?:good|great|perfect|fine|reasonable|fair|like a (?:plan|deal|good)|wonderful|right|promising|lovely|ideal|amazing|interesting|doable|exciting|decent|nice|sensible|fantastic|excellent|awesome|brilliant)
(?:<we> can|can) (?:\w+ )?live with (?:that|it|this)
fair enough
fair point
<we>(?:'d| would) (?:\w+ )?(?:love|be (?:happy|glad|delighted|thrilled|keen|more than))
(?:ready|happy|keen|eager|excited|glad) to (?:go|start|sign|move|get (?:going|started)|proceed|work with|begin)
(?:good|great|glad|nice|lovely) to (?:hear|know)(?! (?:how|what|when|where|if))
all set
good to go
(?<!n't )look(?:ing)? forward
can't wait (?:to|for)
when (?:can|could|do) (?:we|you|i) (?:\w+ )?(?:start|begin|get started|sign)
how soon (?:can|could) (?:we|you) (?:start|begin|get)
(?<!n't )(?<!no )make(?:s)? (?:\w+ )?(?:sense|perfect sense)(?! (?:of|to me that))
(?<!not )(?<!n't )(?:that|this|it)(?:'s| would be| will be| was| has been)? (?:\w+ )?(?:very |really |super |so |most )?(?:helpful|useful|clear|reassuring|reasonable|ideal|doable|manageable|handy)
(?:that|this|it) (?:\w+ )?(?:helps|answers (?:all |most of )?(?:my|our)|clears (?:it|that) up|clarifies)
(?:all|everything) (?:\w+ )?(?:makes sense|clear now|sorted)
(?:that|this|it)'s (?:all )?(?:sorted|fixed|settled|solved)
(?:i|we) (?:really |actually |quite |do )*like (?:it|that|this|the|how|what|your|where|you)(?! (?:to|but))
(?:price|cost|budget|rate|quote|number|timing|timeline) (?:is|seems|looks|sounds) (?:\w+ )?(?:fine|fair|right|ok|okay|good|reasonable|doable|great)
(?:no|not a|isn't a|won't be a) (?:problem|issue|worry|worries)(?: at all)?(?= *$|[.,!]| (?:for|with|i|we|that|take|let|go|at))
(?:start|begin|go|ready|sign|pay|proceed) (?:immediately|right away|straight away|today|as soon as possible)
(?:budget|money|funds|funding) (?:is )?(?:set aside|approved|ready|in place|available)
^(?:(?:oh|yeah|yes|okay|ok|well|alright) )*(?:perfect|great|brilliant|lovely|excellent|awesome|wonderful|fantastic|amazing|super|fab|sweet|cool|nice)(?= *$|[.,!]| (?:thanks|thank|let|that|i|we|see|talk|then|so you|book|speak|tuesday|monday|wednesday|thursday|friday))
"""
FINE: Final = r"""
(?:that|this|it)'s (?:totally |absolutely |perfectly |quite )?(?:fine|alright|all right|okay|ok|cool|no problem)
(?:fine|okay|good) (?:by|with) (?:me|us)
"""
# In the order they are looked for. The names are words of the lexicon, so nobody must say them.
FAMILIES: Final[tuple[tuple[str, float, str], ...]] = (
    ("saidnothing", 0.0, NOTHING_FELT),
    ("saidpleased", 2.6, PLEASED),
    ("saidcomplaint", -2.4, COMPLAINING),
    ("saidobjection", -2.0, OBJECTING),
    ("saidno", -2.0, DECLINING),
    ("saidworry", -1.6, WORRIED),
    ("saidresigned", -1.2, RESIGNED),
    ("saidyes", 2.0, WILLING),
    ("saidfine", 0.5, FINE),
)
