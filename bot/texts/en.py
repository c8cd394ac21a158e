"""English, the language of last resort."""

TEXTS = {
    "greeting": "Ask me about the articles I know. I answer only in their own words, and show the passage.",
    "help": (
        "Ask me a question in your own words. I answer only in the words of the articles I know, and show the "
        "passage, so that you can check it. If the articles do not say it, I tell you so. You can ask on from an "
        "answer, as in any conversation; /new begins anew.\n\n"
        "In a group, write your question after /ask, reply to one of my messages, or mention me.\n\n"
        "{commands}"
    ),
    "help_line": "/{command} – {text}",
    "ask_empty": "Write your question after the command, for example: /ask Who met the minister?",
    "not_found": "The articles do not say that.",
    "closest": "The closest passage, which does not answer it:",
    "another": "Another passage says: {words} [{number}]",
    "understood": "I read this as: {question}",
    "when": "That is: {date}",
    "speaker": "Said by {speaker}",
    "answer_yes": "Yes",
    "answer_no": "No",
    "from_facts": "This is from the article’s own details.",
    "no_date": "The article does not give its date.",
    "no_source": "The article does not name its source.",
    "no_author": "The article does not name its author.",
    "no_title": "The article has no title.",
    "no_place": "The article does not say where it was written.",
    "which": "Which do you mean?",
    "which_none": "What do you mean? Please ask it in full: whom or what is it about?",
    "foreign": "I read English only, and this seems to be another language ({language}). Please ask in English.",
    "no_words": "Please ask in words.",
    "too_long": "That question is too long; please ask in at most {limit} characters.",
    "send_text": "I cannot take files, photos or voice messages, only a question typed as a message.",
    "slow_down": "Too fast for me: I have not read this message. Please send it again in {seconds} s.",
    "too_fast": "Too fast for me. Please try again in {seconds} s.",
    "busy": (
        "You have {count} questions waiting here, so I have not read this message. Please send it again once "
        "those are answered."
    ),
    "refused": "This bot answers only people it knows. Ask the one who runs it to add your number: {user}",
    "too_old": "This answer is too old. Please ask again.",
    "took_too_long": "That took too long. Please ask again, perhaps in other words.",
    "failed": "Something went wrong on my side (error {error}). Please ask again.",
    "was_away": "I was away when you wrote. If you still want to know, please ask again.",
    "no_command": "I do not know that command. /help lists what I can do.",
    "no_articles": "I have no articles yet.",
    "sources": "The articles I know ({count}):",
    "unknown_article": "I do not have that article (any more).",
    "article_hint": "Ask me anything about it.",
    "forgot": "Done. I have forgotten what was said here.",
    "new_talk": (
        "The conversation begins anew: the earlier answers are forgotten, and their buttons no longer work. The "
        "settings stay. What would you like to know?"
    ),
    "privacy": (
        "What I keep: the last 20 questions and answers of this chat, how each was understood and who asked, its "
        "settings, and the votes on answers.\n"
        "Where: on the machine of the person who runs this bot.\n"
        "How long: a new question pushes out the oldest one; /forget deletes everything at once.\n"
        "I pass nothing on to anyone else. Telegram carries the messages under its own rules."
    ),
    "thanks_vote": "Thank you.",
    "talk_greeting": "Hello. What would you like to know about the articles?",
    "talk_thanks": "You are welcome.",
    "talk_goodbye": "Goodbye.",
    "talk_who_are_you": "I am a program that answers questions about the articles it has, in their own words.",
    "talk_what_can_you_do": (
        "Ask me what the articles say. I answer in their own words and show the passage; if they do not say it, I "
        "tell you so. /sources lists the articles, /help says more."
    ),
    "talk_are_you_a_bot": "Yes, I am a program. My answers are the articles’ own words.",
    "talk_how_are_you": "All is well here. What would you like to know about the articles?",
    "talk_yes": "All right. What would you like to know?",
    "talk_no": "All right. Is there anything else that you would like to know?",
    "talk_acknowledgement": "All right.",
    "talk_insult": "I am sorry to have been of no help. Perhaps it goes better in other words.",
    "talk_repeat": "There is nothing yet that I could say again. Please ask a question.",
    "talk_cannot": "That is not for me: I only answer questions about the articles.",
    "settings": "Settings",
    "setting_language": "Language",
    "setting_passages": "Passages at most",
    "setting_length": "Passages in full",
    "yes": "yes",
    "no": "no",
    "automatic": "automatic",
    "only_admins": "Only administrators of this group can change that.",
    "button_next": "Next passage",
    "button_closest": "The closest I have",
    "button_good": "Good",
    "button_bad": "Bad",
    "passage_of": "Passage {number} of {count}",
    "passage_besides": "Another passage that fits ({number} of {count}); the answer need not be in it:",
    "reloaded": "Reloaded. Articles: {articles}, users: {users}, chats: {chats}.",
    "stats": (
        "Answered: {answered}\n"
        "Not in the articles: {refused}\n"
        "Voted good: {good}\n"
        "Voted bad: {bad}\n"
        "Chats: {chats}\n"
        "Waiting: {waiting}"
    ),
    "description": (
        "Ask me about the articles I know. I answer only in their own words and show the passage, so that you can "
        "check it. If the articles do not say it, I tell you so.\n\n"
        "The last questions and answers of a chat are kept on the machine of the person who runs this bot, and "
        "passed on to nobody. /forget deletes them; /privacy says more."
    ),
    "short_description": "Answers questions about articles in the articles' own words, and shows the passage.",
    "command_ask": "Ask a question about the articles",
    "command_sources": "The articles I know",
    "command_new": "Begin anew, keep the settings",
    "command_settings": "Language, number and length of passages",
    "command_forget": "Delete what was said here",
    "command_privacy": "What I keep, where and how long",
    "command_help": "How to ask, and the commands",
    "command_start": "Greeting",
    "command_stats": "Counts of questions, votes and chats",
    "command_reload": "Read articles and settings again",
    "inline_none": "Not in the articles",
    "inline_whole": "Please ask in full: whom or what is it about?",
    "inline_foreign": "I read English only. Please ask in English.",
}
