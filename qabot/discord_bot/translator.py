"""Names and descriptions of the commands in Spanish; Discord gets them when the commands are registered."""

import discord
from discord import app_commands
from discord.app_commands import TranslationContextTypes, locale_str

_SPANISH = {
    "Ask a question; the answer comes in the source's own words": "Haz una pregunta; la respuesta viene con las palabras de la fuente",
    "What you want to know": "Lo que quieres saber",
    "Read only this article": "Leer solo este artículo",
    "Show the answer to you alone": "Mostrar la respuesta solo a ti",
    "What I am and how I answer": "Qué soy y cómo respondo",
    "The articles that I answer from": "Los artículos de los que respondo",
    "How I am doing": "Cómo estoy",
    "How to ask": "Cómo preguntar",
    "What is kept of you, and deleting it": "Lo que se guarda de ti, y cómo borrarlo",
    "Check my permissions and settings here": "Revisar mis permisos y ajustes aquí",
}


class SpanishTranslator(app_commands.Translator):
    """Translates for Spain and Latin America; everything else stays English."""

    async def translate(self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes) -> str | None:
        """The text in `locale`, None where there is none."""
        if locale not in (discord.Locale.spain_spanish, discord.Locale.latin_american_spanish):
            return None
        return _SPANISH.get(string.message)
