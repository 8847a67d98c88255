"""The language of a text, and what differs by it: the stemmer, words that a question is made of, abbreviations.

Detection is by py3langid (Lui and Baldwin 2012), whose model is in its package, and is only believed where it is sure; what is not known
is taken for English. A language without a stemmer keeps its words as they are.
"""

import re
from functools import cache
from typing import Any

DEFAULT = "en"
_SURE = 0.65  # of 1,581 English paragraphs one is then taken for another language by its first 80 letters, and none whole
_SEEN = 4_000  # characters: more changes nothing
_LEAST = 60

STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "eu": "basque",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "nb": "norwegian", "nn": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip

# Forms that no stemmer brings together: "Who overthrew him?" must find "was overthrown". The first of each stands for all.
IRREGULAR = {
    "en": {
        form: forms[0]
        for forms in map(str.split, (
            "arise arose arisen, bear bore borne born, beat beaten, become became, begin began begun, bite bit bitten, blow blew "
            "blown, break broke broken, bring brought, build built, buy bought, catch caught, choose chose chosen, come came, deal "
            "dealt, dig dug, draw drew drawn, drink drank drunk, drive drove driven, eat ate eaten, fall fell fallen, feed fed, "
            "feel felt, fight fought, find found, flee fled, fly flew flown, forbid forbade forbidden, forget forgot forgotten, "
            "forgive forgave forgiven, freeze froze frozen, get got gotten, give gave given, go went gone, grow grew grown, hang "
            "hung, hear heard, hide hid hidden, hold held, keep kept, know knew known, lay laid, lead led, leave left, lend lent, "
            "lose lost, make made, mean meant, meet met, overcome overcame, overthrow overthrew overthrown, pay paid, ride rode "
            "ridden, ring rang rung, rise rose risen, run ran, say said, see saw seen, seek sought, sell sold, send sent, shake "
            "shook shaken, shoot shot, show shown, sing sang sung, sink sank sunk, sleep slept, speak spoke spoken, spend spent, "
            "stand stood, steal stole stolen, stick stuck, strike struck, swear swore sworn, swim swam swum, take took taken, teach "
            "taught, tear tore torn, tell told, think thought, throw threw thrown, undergo underwent undergone, understand "
            "understood, undertake undertook undertaken, wear wore worn, weave wove woven, win won, withdraw withdrew withdrawn, "
            "write wrote written, child children, foot feet, life lives, man men, mouse mice, person people, tooth teeth, woman "
            "women, wife wives "
        ).split(","))
        for form in forms[1:]
    }
}  # fmt: skip

# Words that a question is made of, not what it is about, without accents. In a small index some are rare, and BM25 would take them for
# important; they stay in the index, and count where a question has nothing else ("The Who").
QUESTION_WORDS = {
    code: frozenset(words.split())
    for code, words in {
        "en": "a an the of in on at by to for from with as and or but not is are was were be been do does did has have had can could "
        "will would should may might who whom whose what which when where why how that this these those there it its he they she him "
        "her his their many much",
        "es": "el la los las un una unos unas lo de del en a al por para con sin sobre como y e o u pero no se su sus le les que quien "
        "quienes cual cuales cuando donde adonde cuanto cuanta cuantos cuantas es son era eran fue fueron ser sido esta estan estaba "
        "ha han habia hay hubo este estas estos ese esa eso aquel aquella muy mas",
        "de": "der die das den dem des ein eine einen einem einer eines und oder aber nicht von vom zu zum zur in im an am auf aus bei "
        "mit nach fur uber unter als wie ist sind war waren sein gewesen wird wurde wurden werden hat haben hatte hatten kann konnte "
        "wer wen wem wessen was welche welcher welches wann wo wohin woher warum wieso es er sie ihn ihm ihr ihre seine sich viel viele",
        "fr": "le la les l un une des du de d en a au aux par pour avec sans sur dans et ou mais ne pas se s son sa ses leur leurs que "
        "qu qui quoi quel quelle quels quelles quand comment pourquoi combien est sont etait etaient fut furent etre ete ont avait ce "
        "cet cette ces il elle ils elles lui y t",
        "it": "il lo la i gli le l un uno una di del della dei delle in nel nella a al alla da dal dalla per con su sul e o ma non si "
        "che chi cosa quale quali quando dove come perche quanto quanti sono era erano fu furono essere stato ha hanno aveva questo "
        "questa suo",
        "pt": "o a os as um uma uns umas de do da dos das em no na nos nas ao aos por pelo pela para com sem sobre e ou mas nao se seu "
        "sua que quem qual quais quando onde como porque quanto quantos sao era eram foi foram ser sido esta estao ha havia este esse",
        "nl": "de het een en of maar niet van in op aan bij met naar voor over uit als is zijn was waren werd werden wordt heeft "
        "hebben had kan wie wat welke wanneer waar waarom hoe hoeveel dat die dit deze er hij zij ze hem haar",
    }.items()
}

# What ends in a full stop within a sentence, beside what `chunking` knows for every language.
ABBREVIATIONS = {
    code: re.compile(rf"(?:^|[\s(\"'\u201c\u201e\u00ab\u00bf\u00a1])(?:{words})\.$")
    for code, words in {
        "es": "Sr|Sra|Srta|Sres|Dra|Ud|Uds|Vd|Lic|Ing|Arq|Gral|Cnel|Cap|Tte|Sto|Sta|Mons|Pdte|Avda|Av|n\u00fam|N\u00fam|p\u00e1gs?"
        "|art|aprox|EE|UU|S\\.A",
        "de": "[a-z]|Hr|Fr|Frl|Nr|Str|bzw|ca|d\\.\\s?h|z\\.\\s?B|u\\.\\s?a|usw|vgl|Jh|Jhd|geb|gest|sog|inkl|evtl|Abs|Art|Bd|S|\\d{1,2}",
        "fr": "M|MM|Mme|Mlle|Me|Pr|St|Ste|av|apr|env|chap|art|p\\.\\s?ex",
        "it": "Sig|Sigg|Dott|Dr|Prof|Avv|Ing|On|art|pag|ecc|p\\.\\s?es",
        "pt": "Sr|Sra|Dra|Exmo|Eng|n\u00ba|p\u00e1g|art|av|aprox",
        "nl": "dhr|mevr|mw|drs|ir|mr|nr|blz|bijv|enz|o\\.a|d\\.w\\.z",
    }.items()
}  # fmt: skip


def detect(text: str) -> str:
    """The language's ISO 639-1 code, DEFAULT where the text is too short to tell or could be several."""
    if len(text.strip()) < _LEAST:
        return DEFAULT
    code, probability = _identifier().classify(text[:_SEEN])
    return str(code) if probability >= _SURE else DEFAULT


@cache
def _identifier() -> Any:
    """py3langid's identifier, loaded when a text is first looked at: half a second, once."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
