"""English questions taken apart by word lists: wh-phrase, auxiliary, rest; and what kind of thing is asked for."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

CLASS = dict(
    pair.split(":")
    for pair in (
        "he:person him:person his:person she:person her:person hers:person it:thing its:thing they:group them:group their:group "
        "theirs:group there:place then:time"
    ).split()
)
WH = frozenset("who whom whose what which when where why how".split())
BE = frozenset("is are was were wasn't weren't isn't aren't".split())
DO = frozenset("do does did didn't doesn't don't".split())
AUX = BE | DO | frozenset("has have had can could will would should may might must".split())
PREP = frozenset("in on at by from to for with of since until during under into against near after before about through around".split())
DET = frozenset("the a an his her its their this that these those".split())
SMALL = (
    WH
    | AUX
    | PREP
    | DET
    | frozenset("and but so ok okay then also i i'm it he she they there tell name list give if not or ever really actually any".split())
)
PARTICLE = frozenset("de del la las los of the von van der da di du al bin y le".split())
MONTH = frozenset("january february march april may june july august september october november december".split())
MONTHS = "|".join(month.capitalize() for month in sorted(MONTH))  # for a regular expression
PAST = dict(
    pair.split(":")
    for pair in (
        "overthrew:overthrow won:win wrote:write led:lead made:make built:build took:take gave:give became:become began:begin ran:run "
        "met:meet left:leave held:hold found:find fought:fight sold:sell bought:buy sang:sing drew:draw flew:fly broke:break spoke:speak "
        "taught:teach thought:think told:tell said:say saw:see went:go came:come got:get lost:lose kept:keep stole:steal chose:choose "
        "shot:shoot sent:send paid:pay fell:fall grew:grow knew:know threw:throw wore:wear drove:drive rose:rise sank:sink swam:swim "
        "created:create defeated:defeat invented:invent discovered:discover directed:direct killed:kill designed:design composed:compose "
        "painted:paint named:name ordered:order played:play died:die joined:join signed:sign ruled:rule married:marry owned:own "
        "brought:bring caught:catch sought:seek spent:spend lent:lend meant:mean dealt:deal felt:feel fed:feed fled:flee heard:hear "
        "laid:lay rode:ride shook:shake stood:stand understood:understand struck:strike swore:swear tore:tear withdrew:withdraw "
        "undertook:undertake oversaw:oversee forbade:forbid forgot:forget froze:freeze hid:hide dug:dig ate:eat drank:drink beat:beat "
        "rebuilt:rebuild overcame:overcome arose:arise awoke:awake bore:bear blew:blow bound:bind clung:cling crept:creep swept:sweep "
        "sat:sit slept:sleep woke:wake hung:hang lit:light rang:ring shone:shine swung:swing wept:weep wove:weave bit:bite"
    ).split()
)
_BEHIND = re.compile(r" (?:of|in|from|for|at|on|to|with|by|who|that)\b")  # what follows a noun: "which leader" of a country
_SHORT = re.compile(r"^((?:(?:in|on|at|by|from|to) )?(?:who|what|where|when|why|how))['\u2019](s|re|d|ll|ve)\b", re.IGNORECASE)
_LONG = {"s": "is", "re": "are", "d": "did", "ll": "will", "ve": "have"}
_HAS_DONE = re.compile(  # "who's won", but "who's buried there"
    r"^(who)['\u2019]s(?= (?!(?:buried|called|named|nicknamed|married|supposed|involved|based|allowed|elected|appointed|considered)\b)"
    r"(?:[a-z]+ed|won|been|had|made|got|written|taken|held|given|led|lost|sold|bought|run|become)\b)",
    re.IGNORECASE,
)
LEAD = re.compile(r"^(?:(?:and|but|so|ok|okay|then|also|well)\b[\s,]+)+", re.IGNORECASE)
ROLE = re.compile(
    r"\b(?:leader|president|ambassador|general|minister|colonel|captain|author|writer|king|queen|player|actor|actress|director|singer"
    r"|politician|officer|commander|man|woman|person|painter|composer|poet|philosopher|inventor|founder|emperor|empress|pope|bishop|saint"
    r"|architect|engineer|professor|doctor|coach|manager|owner|wife|husband|son|daughter|father|mother|brother|sister|friend|successor"
    r"|predecessor|dictator|astronaut|explorer|chancellor|mayor|prince|princess|senator|governor|admiral|duke|duchess|earl|baron|knight"
    r"|sultan|shah|caliph|tsar|pharaoh|priest|monk|nun|cardinal|rabbi|imam|missionary|pirate|sailor|soldier|pilot|rebel|assassin|murderer"
    r"|goalkeeper|striker|defender|midfielder|athlete|rapper|drummer|producer|entrepreneur|executive|editor|reporter|critic|lawyer|judge"
    r"|teacher|student|nurse|surgeon|lord|lady|viceroy|diplomat|envoy|secretary|merchant|novelist|astronomer|biographer|chairman"
    r"|chairwoman|[a-z]{2,}(?:ist|ician|[^aiou]man|woman))$"
)
_RANK = re.compile(r"\branks?\b|\branked\b", re.IGNORECASE)  # "Where does Peru rank ...?" asks for a figure
PLACE = re.compile(r"\b(?:where|city|country|town|village|place|state|region|province|continent|island|capital)\b")
TIME = re.compile(r"\b(?:when|year|date|month|day|century|decade|time)\b")


def folded(text: str) -> str:
    """In small letters and without accents."""
    text = text.lower()
    if text.isascii():
        return text
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True)
class Parts:
    """ "In what year" "was" "Gulf Oil nationalized": `aux` is "" where the verb follows at once, `wh` where there is none."""

    wh: str
    aux: str
    rest: str


def spelled_out(text: str) -> str:
    """A wh-word's contraction at the beginning as two words: "who's" as "who is", or "who has" before a participle."""
    return _SHORT.sub(lambda found: f"{found[1]} {_LONG[found[2].lower()]}", _HAS_DONE.sub(r"\1 has", text))


def take_apart(question: str) -> Parts:
    """The question taken apart at its wh-phrase and its auxiliary; "what's" is taken for "what is", "who'd" for "who did"."""
    text = question.strip().rstrip("?!. ")
    words = spelled_out(LEAD.sub("", text)).split()
    low = [word.lower() for word in words]
    start = 1 if len(low) > 1 and low[0] in PREP and low[1] in WH else 0
    if not words or low[start] not in WH:
        return Parts("", words[0], " ".join(words[1:])) if words and low[0] in AUX else Parts("", "", text)
    for at in range(start + 1, min(len(words), start + 9)):
        if low[at] in AUX:
            return Parts(" ".join(words[:at]), words[at], " ".join(words[at + 1 :]))
        if low[start] in ("who", "whom") or low[at] in PAST or (low[at].endswith("ed") and len(low[at]) > 3):
            return Parts(" ".join(words[:at]), "", " ".join(words[at:]))
    return Parts(" ".join(words), "", "")


@lru_cache(maxsize=256)  # asked of every span of a question
def kind_asked(question: str) -> str:
    """What the question asks for: person, place, time, number, group, thing or other."""
    taken = take_apart(question)
    wh = taken.wh.lower()
    words = wh.split()
    if not words or re.match(r"how (?:many|much|long|old|far|tall|big|high|deep|fast|heavy|wide)\b|(?:what|which) (?:percent|number)", wh):
        return "number" if words else "other"
    # "What is the capital of ..." asks for a capital, as "which capital" does.
    noun = re.match(r"the (\w+) of\b", taken.rest.lower()) if words == ["what"] and taken.aux.lower() in BE else None
    asked = noun.group(1) if noun else _BEHIND.split(wh, maxsplit=1)[0]
    if "who" in words or "whom" in words or ROLE.search(asked):
        return "person"
    if words[0] in ("why", "how"):
        return "other"
    if words == ["where"] and _RANK.search(taken.rest):
        return "number"
    if PLACE.search(asked) or TIME.search(asked):
        return "place" if PLACE.search(asked) else "time"
    return "group" if len(words) > 1 and re.search(r"[^s]s$", words[-1]) else "thing"


def base_form(verb: str) -> str:
    """The infinitive of a past form; "" where no simple rule gives it."""
    if verb in PAST:
        return PAST[verb]
    if re.search(r"[^aeiou]ied$", verb):
        return verb[:-3] + "y"
    if re.search(r"(?:iz|is|v|c|u|dg|rg|ang|[aeou]s|[bcdnlrt]at)ed$", verb):
        return verb[:-1]
    if re.search(r"([bdgmnprt])\1ed$", verb):
        return verb[:-3]
    if re.search(r"(?:er|en|our|(?:ea|ai|ee|oo|oa|oi)[a-z])ed$", verb):
        return verb[:-2]  # "entered", "opened", "toured", "appeared", "repaired"
    if re.search(r"[uia]red$", verb):
        return verb[:-1]  # "figured", "acquired", "shared"
    return verb[:-2] if re.search(r"(?:ss|sh|ch|ck|nt|ct|st|nd|gn|ld|lk|ll|rn|rm|rt|rd|pt|ft|w|y|x|mp|lp|nk|rk|sk|tain)ed$", verb) else ""
