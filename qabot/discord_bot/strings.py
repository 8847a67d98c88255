"""Every text that a user of Discord reads, in English and Spanish. `{names}` are filled in with `str.format`.

A language is one `Strings`; a missing text is a type error, and a test holds that both fill in the same names.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Strings:
    """The texts of one language."""

    sure: str
    probably: str
    abstains_one: str
    abstains_many: str
    nothing: str
    nearest: str
    also_in: str
    contradicted: str
    asked: str
    read_as: str
    note_cut: str
    source: str
    more: str
    follow_up: str
    right: str
    wrong: str
    why: str
    delete: str
    previous: str
    next: str
    before: str
    after: str
    passage_of: str
    follow_up_title: str
    follow_up_label: str
    reason_title: str
    reason_label: str
    voted: str
    reason_kept: str
    deleted_not: str
    gone: str
    failed: str
    busy: str
    busy_guild: str
    cooldown: str
    unknown_source: str
    channel_closed: str
    not_ready: str
    empty: str
    long: str
    stopping: str
    managers_only: str
    guild_only: str
    home_only: str
    about: str
    sources: str
    status: str
    help: str
    privacy: str
    privacy_none: str
    privacy_deleted: str
    config: str
    config_all: str
    config_intent: str
    gaps: str
    gaps_none: str
    gap_votes: str
    why_text: str
    doctor: str
    yes: str
    no: str
    reindex_same: str
    reindex_plan: str
    reindex_start: str
    reindex_running: str
    reindex_progress: str
    reindex_done: str
    reindex_gate: str
    reindex_failed: str
    reindex_rolled_back: str
    reindex_nothing_to_roll_back: str


ENGLISH = Strings(
    sure="Sure",
    probably="Probably",
    abstains_one="**The article does not say.**",
    abstains_many="**The articles do not say.**",
    nothing="**There is nothing in the index.**",
    nearest="Nearest passages",
    also_in="The same in {place}",
    contradicted="⚠️ But another article says **{answer}** ({place}).",
    asked="Asked: {question}",
    read_as="read as: {question}",
    note_cut="only the first {limit} characters were read",
    source="Source: {title}",
    more="Passages",
    follow_up="Follow up",
    right="Right",
    wrong="Wrong",
    why="Why?",
    delete="Delete",
    previous="Previous",
    next="Next",
    before="What stands before",
    after="What stands after",
    passage_of="Passage {number} of {total}",
    follow_up_title="Follow up",
    follow_up_label="Your question",
    reason_title="What was wrong?",
    reason_label="In a few words (you may leave it empty)",
    voted="Thank you: it was noted.",
    reason_kept="Thank you: your reason was noted.",
    deleted_not="Only who asked, or someone who may manage messages, can delete this.",
    gone="That answer is no longer kept: please ask again.",
    failed="Something went wrong on my side. It was noted as `{reference}`; please try again.",
    busy="I am busy, {ahead} ahead of you. Please try again in a moment.",
    busy_guild="{count} questions of this server are being answered already. Please try again in a moment.",
    unknown_source="I have no article “{title}”. `/sources` lists those that I have.",
    cooldown="Please wait {seconds} s before your next question.",
    channel_closed="I do not answer in this channel. Try {channels}.",
    not_ready="I am still loading. Please try again in a moment.",
    empty="Ask something in words, as in: Who was Juan José Torres?",
    long="Your question has {length} characters; I read up to {limit}.",
    stopping="I am restarting. Please ask again in a minute.",
    managers_only="This needs the permission Manage Server.",
    home_only="The index is built from another server.",
    guild_only="This works in a server only.",
    about="I answer questions about {titles}, with the exact words of the text and the sentence that they stand in. "
    "Where the text does not say, I say so. I run on one machine, without a language model. Version {version}.",
    sources="What I answer from:\n{lines}",
    status="Index `{generation}`: {passages} passages of {articles}. Answered {answered}, abstained {abstained} in the last day. "
    "Waiting now: {waiting}. Up since {since}.",
    help="**Ask** with `/ask`, by mentioning me, in a direct message, or with *Apps → Ask about this message* on any message.\n"
    "**Go on** with *Follow up* under an answer, or by replying to it with the ping on; I remember what you asked in a channel for "
    "{minutes} minutes.\n**Tell me** with *Right* and *Wrong* whether it helped. `/sources`: what I know, `/privacy`: what is kept of you.",
    privacy="Of you I keep {answers} questions with their answers, and {votes} votes. Everything is deleted after {days} days; "
    "a conversation is forgotten after {minutes} minutes. `/privacy delete:True` deletes it now. The newest:\n{lines}",
    privacy_none="I keep nothing of you.",
    privacy_deleted="Deleted: {answers} questions with their answers, and {votes} votes.",
    config="Channels: {channels}. Answers are {private} by default. I answer unasked: {mode}.",
    config_all="all",
    config_intent="This mode needs the message content intent: set QABOT_DISCORD_MESSAGE_CONTENT=true, and allow it in the portal.",
    gaps="**Not answered, or answered wrong** (last {days} days)",
    gaps_none="Nothing: every question of this server was answered.",
    gap_votes="wrong: {reason}",
    why_text="**{tier}**, measured probability {confidence:.2f}\nretrieval {retrieve:.0f} ms, reading {read:.0f} ms, "
    "in all {total:.0f} ms\nindex `{generation}`, answer `{answer_id}`",
    doctor="**Check**",
    yes="private",
    no="public",
    reindex_same="Nothing has changed: the index is of these very files.",
    reindex_plan="Building again would change:\n{lines}",
    reindex_start="Build now",
    reindex_running="A build is running already.",
    reindex_progress="Building: {done} of {total} passages. The old index answers meanwhile.",
    reindex_done="Done: {passages} passages of {articles} article(s), index `{generation}`. Undo with `/admin rollback`.",
    reindex_gate="Not published, the new index answers worse:\n{lines}",
    reindex_failed="Not published: {reason}",
    reindex_rolled_back="The index before is back: `{generation}`.",
    reindex_nothing_to_roll_back="There is no index to go back to.",
)
SPANISH = Strings(
    sure="Seguro",
    probably="Probablemente",
    abstains_one="**El artículo no lo dice.**",
    abstains_many="**Los artículos no lo dicen.**",
    nothing="**No hay nada en el índice.**",
    nearest="Pasajes más cercanos",
    also_in="Lo mismo en {place}",
    contradicted="⚠️ Pero otro artículo dice **{answer}** ({place}).",
    asked="Pregunta: {question}",
    read_as="entendida como: {question}",
    note_cut="solo se leyeron los primeros {limit} caracteres",
    source="Fuente: {title}",
    more="Pasajes",
    follow_up="Seguir preguntando",
    right="Correcto",
    wrong="Incorrecto",
    why="¿Por qué?",
    delete="Borrar",
    previous="Anterior",
    next="Siguiente",
    before="Lo que va antes",
    after="Lo que va después",
    passage_of="Pasaje {number} de {total}",
    follow_up_title="Seguir preguntando",
    follow_up_label="Tu pregunta",
    reason_title="¿Qué estaba mal?",
    reason_label="En pocas palabras (puede quedar vacío)",
    voted="Gracias: queda anotado.",
    reason_kept="Gracias: tu motivo queda anotado.",
    deleted_not="Solo quien preguntó, o quien puede gestionar mensajes, puede borrar esto.",
    gone="Esa respuesta ya no se guarda: pregunta otra vez, por favor.",
    failed="Algo falló de mi lado. Quedó anotado como `{reference}`; inténtalo otra vez, por favor.",
    busy="Estoy ocupado, hay {ahead} antes que tú. Inténtalo otra vez en un momento.",
    busy_guild="Ya se están respondiendo {count} preguntas de este servidor. Inténtalo otra vez en un momento.",
    unknown_source="No tengo ningún artículo “{title}”. `/sources` dice cuáles tengo.",
    cooldown="Espera {seconds} s antes de tu próxima pregunta, por favor.",
    channel_closed="No respondo en este canal. Prueba en {channels}.",
    not_ready="Todavía me estoy cargando. Inténtalo otra vez en un momento.",
    empty="Pregunta algo con palabras, por ejemplo: ¿Quién fue Juan José Torres?",
    long="Tu pregunta tiene {length} caracteres; leo hasta {limit}.",
    stopping="Me estoy reiniciando. Pregunta otra vez en un minuto, por favor.",
    managers_only="Esto requiere el permiso Gestionar servidor.",
    home_only="El índice se construye desde otro servidor.",
    guild_only="Esto solo funciona en un servidor.",
    about="Respondo preguntas sobre {titles}, con las palabras exactas del texto y la frase en que están. "
    "Donde el texto no lo dice, lo digo. Funciono en una sola máquina, sin modelo de lenguaje. Versión {version}.",
    sources="De qué respondo:\n{lines}",
    status="Índice `{generation}`: {passages} pasajes de {articles}. Respondidas {answered}, sin respuesta {abstained} en el último día. "
    "En espera: {waiting}. En marcha desde {since}.",
    help="**Pregunta** con `/ask`, mencionándome, por mensaje directo, o con *Aplicaciones → Ask about this message* en un mensaje.\n"
    "**Sigue** con *Seguir preguntando* bajo una respuesta, o respondiéndola con la mención activada; recuerdo lo que preguntaste en un "
    "canal durante {minutes} minutos.\n**Dime** con *Correcto* e *Incorrecto* si te sirvió. `/sources` dice lo que sé, `/privacy` lo que "
    "guardo de ti. Los textos están en inglés: pregunta en inglés.",
    privacy="De ti guardo {answers} preguntas con sus respuestas, y {votes} votos. Todo se borra después de {days} días; "
    "una conversación se olvida después de {minutes} minutos. `/privacy delete:True` lo borra ahora. Lo más nuevo:\n{lines}",
    privacy_none="No guardo nada de ti.",
    privacy_deleted="Borrado: {answers} preguntas con sus respuestas, y {votes} votos.",
    config="Canales: {channels}. Las respuestas son {private} por defecto. Respondo sin que se me llame: {mode}.",
    config_all="todos",
    config_intent="Este modo necesita el permiso de leer mensajes: pon QABOT_DISCORD_MESSAGE_CONTENT=true y permítelo en el portal.",
    gaps="**Sin respuesta, o con respuesta incorrecta** (últimos {days} días)",
    gaps_none="Nada: toda pregunta de este servidor tuvo respuesta.",
    gap_votes="incorrecta: {reason}",
    why_text="**{tier}**, probabilidad medida {confidence:.2f}\nbúsqueda {retrieve:.0f} ms, lectura {read:.0f} ms, "
    "en total {total:.0f} ms\níndice `{generation}`, respuesta `{answer_id}`",
    doctor="**Revisión**",
    yes="privadas",
    no="públicas",
    reindex_same="Nada ha cambiado: el índice es de estos mismos archivos.",
    reindex_plan="Construirlo otra vez cambiaría:\n{lines}",
    reindex_start="Construir ahora",
    reindex_running="Ya hay una construcción en marcha.",
    reindex_progress="Construyendo: {done} de {total} pasajes. Mientras tanto responde el índice anterior.",
    reindex_done="Hecho: {passages} pasajes de {articles} artículo(s), índice `{generation}`. Deshazlo con `/admin rollback`.",
    reindex_gate="No publicado, el índice nuevo responde peor:\n{lines}",
    reindex_failed="No publicado: {reason}",
    reindex_rolled_back="Vuelve el índice anterior: `{generation}`.",
    reindex_nothing_to_roll_back="No hay un índice anterior.",
)


def strings_of(locale: str) -> Strings:
    """The language of a Discord locale ("es-ES", "es-419"), English where there is no other."""
    return SPANISH if locale.split("-")[0] == "es" else ENGLISH
