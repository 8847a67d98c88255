"""What a message is made of, before Discord's types: texts, then rows of buttons. A card that Discord would refuse cannot be made."""

from dataclasses import dataclass

from qabot.discord_bot.links import MAX_URL
from qabot.discord_bot.neutral import units

MAX_TEXT = 4_000  # units over all texts of a message
MAX_COMPONENTS = 40
MAX_ROW = 5
MAX_LABEL = 80
MAX_CUSTOM_ID = 100

GREEN, AMBER, GREY, RED = 0x2E9E5B, 0xD9A21B, 0x7A7F87, 0xC0392B


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button that does `action` to the answer `answer_id`. `page` is (place among the hits, passages away from it)."""

    action: str
    label: str
    answer_id: str
    page: tuple[int, int] | None = None
    style: str = "secondary"
    disabled: bool = False

    @property
    def custom_id(self) -> str:
        """`qa:<action>:<answer id>[:<place>:<away>]`, what comes back when it is pressed, also after a restart."""
        return ":".join(["qa", self.action, self.answer_id, *map(str, self.page or ())])


@dataclass(frozen=True, slots=True)
class Card:
    """A message. `texts` are Discord Markdown in which everything foreign is neutral already."""

    texts: tuple[str, ...]
    rows: tuple[tuple[Link | Button, ...], ...] = ()
    accent: int | None = None

    def __post_init__(self) -> None:
        total = sum(map(units, self.texts))
        if not self.texts or not all(text.strip() for text in self.texts) or total > MAX_TEXT:
            raise ValueError(f"a card has 1 to {MAX_TEXT} units of text and no empty text: {len(self.texts)} texts, {total} units")
        components = 1 + len(self.texts) + sum(1 + len(row) for row in self.rows)
        if components > MAX_COMPONENTS or any(not 1 <= len(row) <= MAX_ROW for row in self.rows):
            raise ValueError(f"a card has up to {MAX_COMPONENTS} components and 1 to {MAX_ROW} buttons a row, not {components}")
        for button in (button for row in self.rows for button in row):
            long = len(button.url) > MAX_URL if isinstance(button, Link) else len(button.custom_id) > MAX_CUSTOM_ID
            if long or not 1 <= units(button.label) <= MAX_LABEL:
                raise ValueError(f"a button's label has 1 to {MAX_LABEL} units, its id {MAX_CUSTOM_ID}, its address {MAX_URL}: {button}")
