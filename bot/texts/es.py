"""Spanish; addresses the reader as Telegram itself does, with tú."""

TEXTS = {
    "greeting": (
        "Pregúntame sobre los artículos que conozco. Respondo solo con sus propias palabras y muestro el fragmento "
        "correspondiente."
    ),
    "help": (
        "Hazme una pregunta con tus propias palabras. Respondo solo con las palabras de los artículos que conozco y "
        "muestro el fragmento, para que puedas comprobarlo. Si los artículos no lo dicen, te aviso. Puedes seguir "
        "preguntando a partir de una respuesta, como en cualquier conversación; /new empieza de nuevo.\n\n"
        "En un grupo, escribe tu pregunta después de /ask, responde a uno de mis mensajes o mencióname.\n\n"
        "{commands}"
    ),
    "help_line": "/{command} – {text}",
    "ask_empty": ("Escribe tu pregunta después del comando, por ejemplo: /ask ¿Quién se reunió con el ministro?"),
    "not_found": "Los artículos no lo dicen.",
    "closest": "El fragmento más cercano, aunque no responde a la pregunta:",
    "another": "Otro fragmento dice: {words} [{number}]",
    "understood": "Lo he entendido así: {question}",
    "when": "Es decir: {date}",
    "speaker": "Lo dice {speaker}",
    "answer_yes": "Sí",
    "answer_no": "No",
    "from_facts": "Esto procede de los datos del propio artículo.",
    "no_date": "El artículo no indica su fecha.",
    "no_source": "El artículo no nombra su fuente.",
    "no_author": "El artículo no nombra a su autor.",
    "no_title": "El artículo no tiene título.",
    "no_place": "El artículo no dice dónde se escribió.",
    "which": "¿A cuál te refieres?",
    "which_none": "¿A qué te refieres? Por favor, haz la pregunta completa: ¿de quién o de qué se trata?",
    "foreign": "Solo leo inglés, y esto parece estar en otro idioma ({language}). Por favor, pregunta en inglés.",
    "no_words": "Por favor, pregunta con palabras.",
    "too_long": "La pregunta es demasiado larga; por favor, usa como máximo {limit} caracteres.",
    "send_text": "No puedo leer archivos, fotos ni mensajes de voz, solo una pregunta escrita como mensaje.",
    "slow_down": (
        "Vas demasiado rápido para mí: no he leído este mensaje. Por favor, envíalo otra vez dentro de {seconds} s."
    ),
    "too_fast": "Vas demasiado rápido. Inténtalo dentro de {seconds} s.",
    "busy": (
        "Tienes {count} preguntas pendientes aquí, así que no he leído este mensaje. Por favor, envíalo otra "
        "vez cuando estén respondidas."
    ),
    "refused": (
        "Este bot solo responde a las personas que conoce. Pide a quien lo administra que añada tu ID de Telegram: "
        "{user}"
    ),
    "too_old": "Esta respuesta ya es demasiado antigua. Por favor, pregunta de nuevo.",
    "took_too_long": "Eso ha llevado demasiado tiempo. Por favor, pregunta de nuevo, quizá con otras palabras.",
    "failed": "Algo ha fallado por mi parte (error {error}). Por favor, pregunta de nuevo.",
    "was_away": "No estaba disponible cuando escribiste. Si todavía quieres saberlo, pregunta de nuevo, por favor.",
    "no_command": "No conozco ese comando. /help muestra lo que puedo hacer.",
    "no_articles": "Todavía no tengo ningún artículo.",
    "sources": "Los artículos que conozco ({count}):",
    "unknown_article": "No tengo ese artículo (o ya no lo tengo).",
    "article_hint": "Pregúntame lo que quieras sobre él.",
    "forgot": "Listo. He olvidado lo que se dijo aquí.",
    "new_talk": (
        "La conversación empieza de nuevo: he olvidado las respuestas anteriores y sus botones ya no funcionan. Los "
        "ajustes se mantienen. ¿Qué te gustaría saber?"
    ),
    "privacy": (
        "Qué guardo: las últimas 20 preguntas y respuestas de este chat, cómo se entendió cada pregunta y quién la "
        "hizo, sus ajustes y los votos sobre las respuestas.\n"
        "Dónde: en el equipo de la persona que administra este bot.\n"
        "Cuánto tiempo: cada pregunta nueva desplaza a la más antigua; /forget lo borra todo al instante.\n"
        "No comparto nada con nadie más. Telegram transmite los mensajes según sus propias normas."
    ),
    "thanks_vote": "Gracias.",
    "talk_greeting": "Hola. ¿Qué te gustaría saber sobre los artículos?",
    "talk_thanks": "De nada.",
    "talk_goodbye": "Adiós.",
    "talk_who_are_you": (
        "Soy un programa que responde preguntas sobre los artículos que tiene, con las palabras de estos."
    ),
    "talk_what_can_you_do": (
        "Pregúntame qué dicen los artículos. Respondo con sus propias palabras y muestro el fragmento; si no lo "
        "dicen, te aviso. /sources muestra los artículos, y /help dice más."
    ),
    "talk_are_you_a_bot": "Sí, soy un programa. Mis respuestas son las palabras de los propios artículos.",
    "talk_how_are_you": "Por aquí todo bien. ¿Qué te gustaría saber sobre los artículos?",
    "talk_yes": "De acuerdo. ¿Qué te gustaría saber?",
    "talk_no": "De acuerdo. ¿Hay algo más que te gustaría saber?",
    "talk_acknowledgement": "De acuerdo.",
    "talk_insult": "Siento no haber sido de ayuda. Quizá vaya mejor con otras palabras.",
    "talk_repeat": "Todavía no hay nada que repetir. Por favor, haz una pregunta.",
    "talk_cannot": "Eso no lo hago: solo respondo preguntas sobre los artículos.",
    "settings": "Ajustes",
    "setting_language": "Idioma",
    "setting_passages": "Fragmentos como máximo",
    "setting_length": "Fragmentos completos",
    "yes": "sí",
    "no": "no",
    "automatic": "automático",
    "only_admins": "Solo los administradores de este grupo pueden cambiar eso.",
    "button_next": "Siguiente fragmento",
    "button_closest": "Lo más cercano que tengo",
    "button_good": "Buena",
    "button_bad": "Mala",
    "passage_of": "Fragmento {number} de {count}",
    "passage_besides": "Otro fragmento relacionado ({number} de {count}); puede que no contenga la respuesta:",
    "reloaded": "Recarga completada. Artículos: {articles}, usuarios: {users}, chats: {chats}.",
    "stats": (
        "Preguntas respondidas: {answered}\n"
        "Sin respuesta en los artículos: {refused}\n"
        "Votos positivos: {good}\n"
        "Votos negativos: {bad}\n"
        "Chats: {chats}\n"
        "En espera: {waiting}"
    ),
    "description": (
        "Pregúntame sobre los artículos que conozco. Respondo solo con sus propias palabras y muestro el fragmento, "
        "para que puedas comprobarlo. Si los artículos no lo dicen, te aviso.\n\n"
        "Las últimas preguntas y respuestas de cada chat se guardan en el equipo de la persona que administra este "
        "bot y no se comparten con nadie. /forget las borra; más detalles en /privacy."
    ),
    "short_description": (
        "Responde preguntas sobre artículos con las palabras de los propios artículos y muestra el fragmento."
    ),
    "command_ask": "Hacer una pregunta sobre los artículos",
    "command_sources": "Los artículos que conozco",
    "command_new": "Empezar de nuevo y mantener los ajustes",
    "command_settings": "Idioma, número y longitud de los fragmentos",
    "command_forget": "Borrar lo que se dijo aquí",
    "command_privacy": "Qué guardo, dónde y cuánto tiempo",
    "command_help": "Cómo preguntar y lista de comandos",
    "command_start": "Saludo",
    "command_stats": "Número de preguntas, votos y chats",
    "command_reload": "Volver a leer los artículos y los ajustes",
    "inline_none": "No está en los artículos",
    "inline_whole": "Haz la pregunta completa: ¿de quién o de qué se trata?",
    "inline_foreign": "Solo leo inglés. Por favor, pregunta en inglés.",
}
