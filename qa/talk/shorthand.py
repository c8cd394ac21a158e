"""What people type in chats -> the words that they mean: "wat", "abt", "pls"."""

from __future__ import annotations

import re

_WORDS = {
    "wat": "what",
    "wht": "what",
    "wot": "what",
    "waht": "what",
    "whta": "what",
    "wats": "what is",
    "whats": "what is",
    "whos": "who is",
    "wheres": "where is",
    "whens": "when is",
    "hows": "how is",
    "wen": "when",
    "wehn": "when",
    "whn": "when",
    "wher": "where",
    "whr": "where",
    "wich": "which",
    "wh": "who",
    "hoo": "who",
    "hw": "how",
    "teh": "the",
    "hte": "the",
    "abt": "about",
    "abot": "about",
    "thier": "their",
    "pls": "please",
    "plz": "please",
    "u": "you",
    "ur": "your",
    "r": "are",
    "cuz": "because",
    "didnt": "didn't",
    "doesnt": "doesn't",
    "isnt": "isn't",
    "wasnt": "wasn't",
    "werent": "weren't",
    "hasnt": "hasn't",
}
# In lower case alone: "R", "UR" and "WH" are names.
_SHORT = re.compile(rf"(?<![\w'’.@/&\u0300-\u036f-])(?:{'|'.join(_WORDS)})(?![\w'’@/&\u0300-\u036f-]|\.\w)")


def write_out(question: str) -> str:
    """Return a question with the shorthand of chats written out; everything else stays."""
    return _SHORT.sub(lambda found: _WORDS[found.group()], question)
