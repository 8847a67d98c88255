"""Draws the README's pictures: `python -m docs.pictures` asks the bot itself, in a simulated Discord, and draws what it sent.

What is drawn is the very message (Components V2) that Discord would get, from the shipped models and index; only the look of Discord is
imitated. Needs the extras `dev` and `plot`, whose matplotlib brings Pillow and the DejaVu fonts.
"""

import asyncio
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import matplotlib as mpl
import simcord
from PIL import Image, ImageDraw, ImageFont

from qabot.settings import Settings
from qabot.wiring import open_bot
from tests.discord_bot.small import make_bot

ROOT = Path(__file__).parents[1]
SCALE, WIDTH, PADDING = 2, 620, 16
BACK, PANEL, TEXT, FAINT, LINK = "#313338", "#2b2d31", "#dbdee1", "#949ba4", "#00a8fc"
BUTTONS = {1: "#5865f2", 2: "#4e5058", 3: "#248046", 4: "#da373c", 5: "#4e5058"}
FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
Font = ImageFont.FreeTypeFont


def font(size: int, bold: bool = False) -> Font:
    """DejaVu Sans at `size` points of the picture."""
    return ImageFont.truetype(str(FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")), size * SCALE)


class Drawing:
    """One message, drawn from the top down."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, 1_200 * SCALE), BACK)
        self.draw = ImageDraw.Draw(self.image)
        self.y = PADDING

    def message(self, components: list[dict[str, Any]]) -> None:
        """A container with its texts and its rows of buttons."""
        for container in components:
            top = self.y
            self.y += 12
            for part in container["components"]:
                self.text(part["content"]) if part["type"] == 10 else self.row(part["components"])
                self.y += 6
            self.y += 8
            panel = self.image.crop((0, top * SCALE, WIDTH * SCALE, self.y * SCALE))
            accent = f"#{container.get('accent_color') or 0x4E5058:06x}"
            area = (PADDING * SCALE, top * SCALE, (WIDTH - PADDING) * SCALE, self.y * SCALE)
            self.draw.rounded_rectangle(area, 8 * SCALE, fill=PANEL)
            self.draw.rounded_rectangle((area[0], area[1], area[0] + 4 * SCALE, area[3]), 2 * SCALE, fill=accent)
            mask = panel.convert("L").point(lambda value: 255 if abs(value - 50) > 2 else 0)  # what was drawn on the background
            self.image.paste(panel, (0, top * SCALE), mask)

    def text(self, content: str) -> None:
        """Discord's Markdown as far as the bot uses it: headings, small lines, quotes, bold, escapes."""
        for line in content.split("\n"):
            size, colour, indent, bold = 14, TEXT, PADDING + 16, False
            if line.startswith("## "):
                line, size, bold = line[3:], 19, True
            elif line.startswith("-# "):
                line, size, colour = line[3:], 11, FAINT
            elif line.startswith("> "):
                line, indent = line[2:], indent + 12
                begin = self.y
            self.words(line, size, colour, indent, bold)
            if indent > PADDING + 16:
                x = (PADDING + 18) * SCALE
                self.draw.rectangle((x, begin * SCALE, x + 3 * SCALE, (self.y - 3) * SCALE), fill="#4e5058")

    def words(self, line: str, size: int, colour: str, indent: int, bold: bool) -> None:
        """Words, broken where the line is full."""
        x = indent
        line = re.sub(r"https://discord\.com/channels/[\d/]+", "@#general\u00a0\u203a\u00a0message", line)  # as Discord shows such a link
        for word, strong in styled(line):
            face = font(size, bold or strong)
            width = face.getlength(word) / SCALE
            if x + width > WIDTH - PADDING - 14 and word.strip():
                x, self.y = indent, self.y + round(size * 1.45)
            tint, word = (LINK, word[1:]) if word.startswith("@#") else (colour, word)
            self.draw.text((x * SCALE, self.y * SCALE), word, fill=tint, font=face)
            x += round(width)
        self.y += round(size * 1.5)

    def row(self, buttons: list[dict[str, Any]]) -> None:
        """Buttons side by side; a link has an arrow."""
        x, face = PADDING + 16, font(12, True)
        for button in buttons:
            label = button["label"] + (" \u2197" if button["style"] == 5 else "")
            width = round(face.getlength(label) / SCALE) + 24
            area = (x * SCALE, self.y * SCALE, (x + width) * SCALE, (self.y + 30) * SCALE)
            self.draw.rounded_rectangle(area, 6 * SCALE, fill=BUTTONS[button["style"]])
            self.draw.text(((x + 12) * SCALE, (self.y + 7) * SCALE), label, fill="#ffffff", font=face)
            x += width + 8
        self.y += 32

    def save(self, path: Path) -> None:
        """As a PNG of 64 colours, cut where the message ends."""
        cut = self.image.crop((0, 0, WIDTH * SCALE, (self.y + PADDING) * SCALE))
        cut.quantize(64).save(path, optimize=True)


def styled(line: str) -> Iterator[tuple[str, bool]]:
    """Words and the spaces between them, each with whether it is in bold; escapes and code marks are taken off."""
    strong = False
    for piece in re.findall(r"\*\*|(?:\\.|(?!\*\*)[^\\ ])+| +", line):
        if piece == "**":
            strong = not strong
        else:
            yield re.sub(r"\\(.)", r"\1", piece).replace("`", ""), strong


async def ask(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """What the bot sends: an answer, an abstention, and the gaps that a manager sees."""
    values = {**Settings().model_dump(), "index": ROOT / "index", "state": folder / "state", "cooldown_seconds": 0}
    bot = make_bot(Settings.model_construct(**values), open_bot)
    bot.answering.engine.load()
    async with simcord.run(bot, settle_timeout=60) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("general")
        ana = guild.add_member(env.create_user("ana"))
        mia = guild.add_member(env.create_user("mia"), roles=[guild.create_role("m", permissions=discord.Permissions(manage_guild=True))])

        async def sent(question: str) -> Any:
            return (await ana.slash(channel, "ask", question=question)).response

        answer = await sent("Who overthrew Torres?")
        silent = await sent("Who was the dentist of Torres?")
        for question in ("who was the dentist of torres", "What was his favourite football club?", "How tall was he?"):
            await sent(question)
        gaps = (await mia.slash(channel, "admin gaps")).response
        assert gaps is not None
        return {"answer": answer.components, "abstention": silent.components, "gaps": gaps.components}


def main() -> None:
    """Ask, draw, write beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        messages = asyncio.run(ask(Path(folder)))
    for name, components in messages.items():
        drawing = Drawing()
        drawing.message(components)
        drawing.save(Path(__file__).with_name(f"{name}.png"))


if __name__ == "__main__":
    main()
