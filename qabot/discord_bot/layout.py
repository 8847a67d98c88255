"""A card -> Discord's components."""

from discord import ui

from qabot.discord_bot.buttons import AnswerButton
from qabot.discord_bot.card import Card, Link


def layout(card: Card) -> ui.LayoutView:
    """The card as a Components V2 view. Its buttons are found again by their ids, so nothing of it has to be kept in memory."""
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=card.accent)
    for text in card.texts:
        container.add_item(ui.TextDisplay(text))
    for row in card.rows:
        line: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
        for button in row:
            line.add_item(ui.Button(label=button.label, url=button.url) if isinstance(button, Link) else AnswerButton.of(button))
        container.add_item(line)
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    view.stop()  # so that discord.py does not hold each message's view for ever
    return view
