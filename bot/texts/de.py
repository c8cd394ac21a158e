"""German; addresses the reader as Telegram itself does, with du."""

TEXTS = {
    "greeting": (
        "Frag mich etwas zu den Artikeln, die ich kenne. Ich antworte nur mit deren eigenen Worten und zeige die "
        "Textstelle dazu."
    ),
    "help": (
        "Stell mir eine Frage in deinen eigenen Worten. Ich antworte nur mit den Worten der Artikel, die ich kenne, "
        "und zeige die Textstelle dazu, damit du die Antwort prüfen kannst. Steht es nicht in den Artikeln, sage ich "
        "das. Du kannst an eine Antwort anknüpfen wie in jedem Gespräch; /new beginnt von vorn.\n\n"
        "In einer Gruppe schreibst du deine Frage hinter /ask, antwortest auf eine meiner Nachrichten oder erwähnst "
        "mich.\n\n"
        "{commands}"
    ),
    "help_line": "/{command} – {text}",
    "ask_empty": "Schreib deine Frage hinter den Befehl, zum Beispiel: /ask Wer hat den Minister getroffen?",
    "not_found": "Das steht nicht in den Artikeln.",
    "closest": "Die ähnlichste Textstelle, die aber keine Antwort gibt:",
    "another": "An anderer Stelle heißt es: {words} [{number}]",
    "understood": "So habe ich das gelesen: {question}",
    "when": "Das ist: {date}",
    "speaker": "Das sagt {speaker}",
    "answer_yes": "Ja",
    "answer_no": "Nein",
    "from_facts": "Das stammt aus den Angaben zum Artikel selbst.",
    "no_date": "Der Artikel nennt sein Datum nicht.",
    "no_source": "Der Artikel nennt seine Quelle nicht.",
    "no_author": "Der Artikel nennt nicht, wer ihn geschrieben hat.",
    "no_title": "Der Artikel hat keine Überschrift.",
    "no_place": "Der Artikel sagt nicht, wo er geschrieben wurde.",
    "which": "Was davon meinst du?",
    "which_none": "Was meinst du? Bitte frag in einem ganzen Satz: Um wen oder was geht es?",
    "foreign": (
        "Ich lese nur Englisch, und das scheint eine andere Sprache zu sein ({language}). Bitte frag auf Englisch."
    ),
    "no_words": "Bitte stell deine Frage in Worten.",
    "too_long": "Diese Frage ist zu lang; bitte frag mit höchstens {limit} Zeichen.",
    "send_text": (
        "Mit Dateien, Fotos und Sprachnachrichten kann ich nichts anfangen, nur mit einer Frage, die du als "
        "Nachricht schreibst."
    ),
    "slow_down": (
        "Das ging mir zu schnell: Diese Nachricht habe ich nicht gelesen. Bitte schick sie in {seconds} s "
        "noch einmal."
    ),
    "too_fast": "Das ging mir zu schnell. Bitte versuch es in {seconds} s noch einmal.",
    "busy": (
        "Hier warten noch {count} Fragen von dir, deshalb habe ich diese Nachricht nicht gelesen. Bitte "
        "schick sie noch einmal, sobald die anderen beantwortet sind."
    ),
    "refused": (
        "Dieser Bot antwortet nur Personen, die er kennt. Wende dich an die Person, die ihn betreibt, damit sie "
        "deine Telegram-ID einträgt: {user}"
    ),
    "too_old": "Diese Antwort ist zu alt. Bitte frag noch einmal.",
    "took_too_long": "Das hat zu lange gedauert. Bitte frag noch einmal, vielleicht mit anderen Worten.",
    "failed": "Bei mir ist etwas schiefgegangen (Fehler {error}). Bitte frag noch einmal.",
    "was_away": (
        "Ich war nicht da, als du geschrieben hast. Wenn du es immer noch wissen möchtest, frag bitte noch einmal."
    ),
    "no_command": "Diesen Befehl kenne ich nicht. /help zeigt, was ich kann.",
    "no_articles": "Ich habe noch keine Artikel.",
    "sources": "Die Artikel, die ich kenne ({count}):",
    "unknown_article": "Diesen Artikel habe ich nicht (mehr).",
    "article_hint": "Frag mich dazu, was du willst.",
    "forgot": "Erledigt. Was hier gesagt wurde, habe ich vergessen.",
    "new_talk": (
        "Das Gespräch beginnt von vorn: Die bisherigen Antworten sind vergessen, ihre Knöpfe gelten nicht mehr. Die "
        "Einstellungen bleiben. Was möchtest du wissen?"
    ),
    "privacy": (
        "Was ich speichere: die letzten 20 Fragen und Antworten dieses Chats, wie jede verstanden wurde und von wem "
        "sie kam, seine Einstellungen und die Bewertungen der Antworten.\n"
        "Wo: auf dem Rechner der Person, die diesen Bot betreibt.\n"
        "Wie lange: Jede neue Frage verdrängt die älteste; /forget löscht alles sofort.\n"
        "Ich gebe nichts an andere weiter. Die Nachrichten überträgt Telegram nach seinen eigenen Regeln."
    ),
    "thanks_vote": "Danke.",
    "talk_greeting": "Hallo. Was möchtest du über die Artikel wissen?",
    "talk_thanks": "Gern geschehen.",
    "talk_goodbye": "Auf Wiedersehen.",
    "talk_who_are_you": (
        "Ich bin ein Programm, das Fragen zu seinen Artikeln beantwortet, und zwar mit deren eigenen Worten."
    ),
    "talk_what_can_you_do": (
        "Frag mich, was in den Artikeln steht. Ich antworte mit deren eigenen Worten und zeige die Textstelle; steht "
        "es nicht darin, sage ich das. /sources nennt die Artikel, /help sagt mehr."
    ),
    "talk_are_you_a_bot": "Ja, ich bin ein Programm. Meine Antworten sind die eigenen Worte der Artikel.",
    "talk_how_are_you": "Hier ist alles in Ordnung. Was möchtest du über die Artikel wissen?",
    "talk_yes": "Gut. Was möchtest du wissen?",
    "talk_no": "Gut. Möchtest du sonst noch etwas wissen?",
    "talk_acknowledgement": "Gut.",
    "talk_insult": "Es tut mir leid, dass ich nicht helfen konnte. Vielleicht klappt es mit anderen Worten.",
    "talk_repeat": "Es gibt noch nichts, was ich wiederholen könnte. Bitte stell eine Frage.",
    "talk_cannot": "Das kann ich nicht: Ich beantworte nur Fragen zu den Artikeln.",
    "settings": "Einstellungen",
    "setting_language": "Sprache",
    "setting_passages": "Textstellen höchstens",
    "setting_length": "Textstellen in voller Länge",
    "yes": "ja",
    "no": "nein",
    "automatic": "automatisch",
    "only_admins": "Das können nur Administratoren dieser Gruppe ändern.",
    "button_next": "Nächste Textstelle",
    "button_closest": "Das Ähnlichste, was ich habe",
    "button_good": "Gut",
    "button_bad": "Schlecht",
    "passage_of": "Textstelle {number} von {count}",
    "passage_besides": (
        "Eine weitere passende Textstelle ({number} von {count}); die Antwort muss nicht darin stehen:"
    ),
    "reloaded": "Neu geladen. Artikel: {articles}, Benutzer: {users}, Chats: {chats}.",
    "stats": (
        "Beantwortet: {answered}\n"
        "Nicht in den Artikeln: {refused}\n"
        "Als gut bewertet: {good}\n"
        "Als schlecht bewertet: {bad}\n"
        "Chats: {chats}\n"
        "Wartend: {waiting}"
    ),
    "description": (
        "Frag mich etwas zu den Artikeln, die ich kenne. Ich antworte nur mit deren eigenen Worten und zeige die "
        "Textstelle dazu, damit du die Antwort prüfen kannst. Steht es nicht in den Artikeln, sage ich das.\n\n"
        "Die letzten Fragen und Antworten eines Chats bleiben auf dem Rechner der Person, die diesen Bot betreibt, "
        "und gehen an niemanden sonst. /forget löscht sie; mehr dazu unter /privacy."
    ),
    "short_description": "Beantwortet Fragen zu Artikeln mit deren eigenen Worten und zeigt die Textstelle dazu.",
    "command_ask": "Eine Frage zu den Artikeln stellen",
    "command_sources": "Die Artikel, die ich kenne",
    "command_new": "Von vorn beginnen, Einstellungen behalten",
    "command_settings": "Sprache, Anzahl und Länge der Textstellen",
    "command_forget": "Löschen, was hier gesagt wurde",
    "command_privacy": "Was ich speichere, wo und wie lange",
    "command_help": "Wie man fragt, und die Befehle",
    "command_start": "Begrüßung",
    "command_stats": "Zahl der Fragen, Bewertungen und Chats",
    "command_reload": "Artikel und Einstellungen neu einlesen",
    "inline_none": "Nicht in den Artikeln",
    "inline_whole": "Bitte in einem ganzen Satz: Um wen oder was geht es?",
    "inline_foreign": "Ich lese nur Englisch. Bitte frag auf Englisch.",
}
