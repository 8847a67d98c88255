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
    "Delete everything that is kept of you": "Borrar todo lo que se guarda de ti",
    "For those who manage this server": "Para quienes gestionan este servidor",
    "Where, how and when I answer in this server; without options, how it is now": "Dónde, cómo y cuándo respondo; sin opciones, cómo está",
    "Answer in this channel and in those added before, in no other": "Responder en este canal y en los añadidos antes, en ningún otro",
    "Take a channel out; with none left I answer in all": "Quitar un canal; si no queda ninguno, respondo en todos",
    "Whether /ask answers privately where nothing else is said": "Si /ask responde en privado cuando no se dice otra cosa",
    "Whether I answer questions that are not put to me, in the channels added": (
        "Si respondo preguntas que no son para mí, en los canales añadidos"
    ),
    "What was asked here and not answered, or answered wrong": "Lo que se preguntó aquí y no tuvo respuesta, o tuvo una incorrecta",
    "Show what building the index again would change, and do it": "Mostrar qué cambiaría al construir el índice, y hacerlo",
    "Go back to the index before the last /admin reindex": "Volver al índice anterior al último /admin reindex",
    "Check my permissions and settings here": "Revisar mis permisos y ajustes aquí",
}


class SpanishTranslator(app_commands.Translator):
    """Translates for Spain and Latin America; everything else stays English."""

    async def translate(self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes) -> str | None:
        """The text in `locale`, None where there is none."""
        if locale not in (discord.Locale.spain_spanish, discord.Locale.latin_american_spanish):
            return None
        return _SPANISH.get(string.message)
