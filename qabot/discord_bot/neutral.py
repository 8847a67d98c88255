"""A source's or a user's text -> text that Discord shows as it stands, whatever it is: no formatting, mention, link, emoji or
timestamp of its own, nothing invisible. Lengths are counted in UTF-16 units, which is never less than Discord counts.

Discord takes a backslash before any character that is no letter, digit or space as "show it as it is"; every character that
begins a construct gets one. Not pinging anybody is `AllowedMentions.none()`'s work: the server reads mentions in any case.
"""

import re
import unicodedata

_SPECIAL = re.compile(r"([\\*_~`|<>\[\]#@:])")
_AT_START = re.compile(r"^([-+]|\d+(?=[.)]))")
_INVITE = re.compile(r"(discord(?:app)?)\.(?=gg|com)", re.IGNORECASE)
_MARKUP = re.compile(r"!?\[([^\]\n]+)\]\([^)\s]+\)|\*\*|__|`")
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5")  # letters, marks and symbols that show nothing
_JOINERS = "\u200c\u200d"
_MAX_MARKS = 4  # combining marks on one letter; more is "zalgo"


def neutral(text: str) -> str:
    """One line that shows exactly `visible(text)`, at a line's beginning or within one."""
    return _escaped(visible(text))


def visible(text: str) -> str:
    """One line without control, direction and other invisible characters, outer space, and piled-up accents."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept: list[str] = []
    marks = 0
    for place, letter in enumerate(text):
        category = unicodedata.category(letter)
        if letter in _JOINERS:
            kept.append(letter if _joins(text, place) else "")
        elif category in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif category == "Cs":
            kept.append("\ufffd")
        elif category not in ("Cf", "Co", "Cn") and letter not in _BLANKS:
            marks = marks + 1 if category in ("Mn", "Me") else 0
            kept.append(letter if marks <= _MAX_MARKS else "")
    return " ".join("".join(kept).split())


def fit(text: str, limit: int) -> str:
    """`neutral(text)`, cut at a word where it would be longer than `limit` units; "…" stands for what is left out."""
    return _fitted(visible(text), limit)


def marked(text: str, start: int, end: int, limit: int) -> str:
    """`text` neutral, with [start, end) in bold; what is far from it is left out where all would be longer than `limit` units."""
    text, start, end = without_markup(text, start, end)
    answer = text[start:end]
    start, end = end - len(answer.lstrip()), start + len(answer.rstrip())
    if not visible(text[start:end]):
        return fit(text, limit)
    bold = f"**{_fitted(visible(text[start:end]), limit // 2, at_start=False)}**"
    before, after = text[:start], text[end:]
    room = limit - units(bold)
    left, right = units(_escaped(visible(before))) + 1, units(_escaped(visible(after), at_start=False)) + 1
    if left + right > room:
        left, right = min(left, max(room // 2, room - right)), min(right, max(room // 2, room - left))
    return f"{_end_of(before, left)}{bold}{_beginning_of(after, right)}"


def without_markup(text: str, start: int = 0, end: int = 0) -> tuple[str, int, int]:
    """The text without Markdown's links, bold and code marks, and where [start, end) stands in it."""
    kept: list[str] = []
    moved = [0, 0]
    done = length = 0

    def take(begin: int, stop: int) -> None:
        nonlocal length
        for which, offset in enumerate((start, end)):
            if begin <= offset <= stop:
                moved[which] = length + offset - begin
        kept.append(text[begin:stop])
        length += stop - begin

    for found in _MARKUP.finditer(text):
        take(done, found.start())
        for which, offset in enumerate((start, end)):
            if found.start() < offset < found.end():  # inside what is dropped: at the nearer kept character
                moved[which] = length
        if found[1] is not None:
            take(*found.span(1))
            for which, offset in enumerate((start, end)):
                if found.end(1) < offset < found.end():
                    moved[which] = length
        done = found.end()
    take(done, len(text))
    return "".join(kept), moved[0], moved[1]


def units(text: str) -> int:
    """UTF-16 units."""
    return len(text) + sum(1 for letter in text if letter > "\uffff")


def _escaped(shown: str, at_start: bool = True) -> str:
    """A backslash before everything that means something to Discord; `at_start`: also what does so at a line's beginning."""
    escaped = _SPECIAL.sub(r"\\\1", shown)
    if at_start:
        escaped = _AT_START.sub(lambda found: f"\\{found[1]}" if found[1] in "-+" else f"{found[1]}\\", escaped)
    return _INVITE.sub(r"\1\\.", escaped)


def _fitted(shown: str, limit: int, at_start: bool = True) -> str:
    """What is visible, escaped, within `limit` units."""
    whole = _escaped(shown, at_start)
    if units(whole) <= limit:
        return whole
    low, high = 0, min(limit, len(shown))
    while low < high:  # the longest cut that fits once escaped
        middle = (low + high + 1) // 2
        low, high = (middle, high) if units(_escaped(shown[:middle], at_start)) < limit else (low, middle - 1)
    cut = shown[:low]
    if " " in cut[len(cut) // 2 :] and not shown[low : low + 1].isspace():
        cut = cut.rsplit(" ", 1)[0]
    while cut and (unicodedata.category(shown[len(cut)]) in ("Mn", "Me", "Mc") or cut[-1] in _JOINERS or shown[len(cut)] in _JOINERS):
        cut = cut[:-1]  # not between a letter and its accent
    return _escaped(cut.rstrip(), at_start) + "…"


def _end_of(text: str, limit: int) -> str:
    """The end of `text`, escaped, within `limit` units; the space before what follows is kept."""
    shown, gap = visible(text), " " if text[-1:].isspace() else ""
    if units(_escaped(shown)) + len(gap) <= limit:
        return _escaped(shown) + gap if shown else ""
    kept, length = [], 2 + len(gap)
    for word in reversed(shown.split(" ")):
        length += units(_escaped(word)) + 1
        if length > limit:
            break
        kept.append(word)
    return f"… {_escaped(' '.join(reversed(kept)))}{gap}" if kept else f"…{gap}"[: max(limit, 0)]


def _beginning_of(text: str, limit: int) -> str:
    """The beginning of `text`, escaped, within `limit` units, as it stands after something on the same line."""
    shown, gap = visible(text), " " if text[:1].isspace() else ""
    if not shown or limit < 1:
        return ""
    return gap + _fitted(shown, limit - len(gap), at_start=False) if limit > 1 + len(gap) or units(shown) <= limit else "…"


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands between two letters of a script that needs it, or two parts of one emoji."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return all(side and side > "\x7f" and unicodedata.category(side)[0] in "LMS" for side in (before, after))
