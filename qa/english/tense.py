"""A place in a sentence -> whether what is told there is past or to come, read off the verbs near it."""

from __future__ import annotations

import re

_PAST = {"past": True, "future": False}

# The tense of a clause, read off its verbs: there is no parser here. "may" and "must" look ahead, "would" may not.
_GAP = r"(?:(?:not|also|still|now|then|soon|again|first|be|been|get|have|[a-z]+ly)\s+){0,3}"
_TO = rf"to\s+{_GAP}[a-z]+"
_AIMED = "due|set|scheduled|slated|expected|planned|likely|going|poised|supposed"
IRREGULAR = (
    "said|told|met|took|held|went|came|left|began|won|lost|became|found|gave|got|made|ran|saw|sent|spoke|stood|rose"
    "|fell|led|brought|bought|built|broke|caught|chose|drew|drove|flew|fought|grew|heard|hit|kept|knew|paid|shot|sold"
    "|spent|struck|swore|taught|thought|threw|wore|wrote|withdrew|sat|sank|sought|swept|felt|dealt|fled|bore|beat|quit"
    "|underwent|undertook|overtook|arose|hid|stole|rang|sang|swam|shook|froze|slid|spread"
)
_PRESENT = "meet|open|begin|start|end|arrive|return|close|face|host|vote|travel|launch|expire|resume|head|convene|air"
_PRESENTS = (
    "appear|await|visit|play|take|leave|come|goe|run|decide|celebrate|publishe|deliver|join|welcome|addresse|retire"
    "|make|give|hold|speak|become|get|need|remain|want|hope|expect|say"
)
_CUE = re.compile(
    rf"""\b(?:
    (?P<future>(?<!the\ )(?<!his\ )(?<!her\ )(?<!a\ )(?:will|shall|must|may|won['’]t)\s+{_GAP}[a-z]+|ll\s+{_GAP}[a-z]+
        |(?:is|are|am|re)\s+{_GAP}(?:(?:{_AIMED})\b(?:\s+{_TO})?|{_TO}|being\s+\w+
            |(?!missing|nothing|something|living)[a-z]{{2,}}ing\b)
        |(?:intends|expects|wants|hopes
            |(?<!ed\ )(?<!the\ )(?<!is\ )(?<!er\ )(?<!eir\ )(?<!its\ )(?<!had\ )plans)\s+{_TO})
    |(?P<unknown>(?:would|could|should|might|can|cannot|d)\s+{_GAP}[a-z]+
        |(?:was|were|(?:had|has|have)\s+been)\s+{_GAP}(?:(?:{_AIMED})\b(?:\s+{_TO})?|{_TO})
        |(?:{_AIMED}|postponed|delayed|rescheduled|adjourned)\s+(?:{_TO}|for|until|on|in|till|to)\b
        |(?:is|are|s)\s+{_GAP}(?:[a-z]+ed|held|made|{IRREGULAR})\b|(?:has|have|had)\s+(?:to|until)\b
        |(?<!the\ )(?<!a\ )(?<!an\ )(?<!its\ )(?<!his\ )(?<!heir\ )(?:(?:{_PRESENT})(?:s|es)?|(?:{_PRESENTS})s)\b)
    |(?P<past>(?:declined|failed|refused|managed|continued|began|started|forced|voted)\s+{_TO}
        |(?:was|were|had|did|wasn['’]t|weren['’]t|didn['’]t)\b(?:\s+{_GAP}[a-z]+)?
        |(?:has|have|ve)\s+{_GAP}(?:been\s+)?(?:[a-z]+(?:ed|en|one|wn|rn|gun)|come|become|run|{IRREGULAR})\b
        |(?!need|hundred|indeed|speed|proceed|exceed|succeed|breed)[a-z]{{2,}}ed\b|(?:{IRREGULAR})\b)
    |(?P<bare>(?<!went\ )(?<!came\ )(?<!rned\ )(?<!lled\ )(?<!moved\ )(?<!flew\ )(?<!sent\ )(?<!taken\ )
        to\s+(?!the\b|a\b|an\b|his\b|her\b|its\b|their\b|this\b|death|prison|jail|court|hospital|power|\w+ers\b)[a-z]+)
    |(?P<present>(?:is|are|has|have)\b)
    )""",
    re.VERBOSE,
)
_CLAUSE = re.compile(
    r"[,;:]|\b(?:that|who|whom|whose|which|where|when|while|because|and|but|as|after|following|amid|he|she|it|they|we)\b"
)
_RELATIVE = re.compile(r"\b(?:who|whom|whose|which|that|where|when|after|before|as|because|if)\b")
_PREPOSITIONS = re.compile(r"\W*(?:(?:on|in|at|late|early|earlier|later|over|by|until|since|from)\b\W*)*\Z")
_AHEAD = re.compile(
    r"\b(?:ahead of|upcoming|forthcoming|planned|scheduled|proposed)\b"
    r"|\b(?:for|until|till|by|from|to|before|starting)\s+$"
)
# "announced a strike on Friday" may be of the Friday to come.
_POINTS_AHEAD = re.compile(
    r"(?:call|urg|demand|propos|announc|promis|agre|invit|postpon|reschedul|vow|pledg|threaten|offer|confirm|delay|expect"
    r"|prepar|await|plann|schedul|order|book|request)ed\b"
)
_EVENT = re.compile(
    r"\b(?:attack|fire|crash|blast|explosion|shooting|accident|incident|earthquake|storm|killing|death|murder|raid|riot"
    r"|flood|bombing|collapse|robbery|ruling|verdict)s?\W+(?:on|in)?\W*\Z"
)
_REPORTS = {"announced", "warned", "claimed", "confirmed", "added", "stated", "revealed", "reported", "insisted"}
_OPENS = re.compile(r"“|``|(?:^|(?<=[\s(\[—–-]))\"")
_CLOSES = re.compile(r"”|''|(?<=[^\s(\[—–-])\"")


def find_tense(text: str, start: int, end: int) -> bool | None:
    """Say whether what is told of a place in a sentence is past; None if its verbs do not say."""
    cues = list(_CUE.finditer(text))
    left = next((cue for cue in reversed(cues) if cue.start() < start), None)
    after = [
        c for c in cues if c.start() >= end and c.lastgroup != "bare" and not _RELATIVE.search(text, end, c.start())
    ]
    right = after[0] if after else None
    if re.search(r"\bsince (?:last |early |late )?$", text[max(0, start - 15) : start], re.IGNORECASE):
        return True
    governs = _PAST.get(right.lastgroup or "") if right else None
    if left is None:
        loose = right and right[0].endswith("ed") and right[0] not in _REPORTS
        further = after[1] if loose and len(after) > 1 else None
        if (
            right
            and further
            and further.lastgroup != "past"
            and not _CLAUSE.search(text, right.end(), further.start())
        ):
            return None  # "On Friday the newly elected council will meet"
        return governs
    gap, told = text[left.end() : start], _PAST.get(left.lastgroup or "")
    if told and _AHEAD.search(text, min(left.end(), start - 10), start):
        return None
    if _PREPOSITIONS.match(gap):
        return told
    if right and not _CLAUSE.search(text, end, right.start()) and governs != told:
        return governs if "," in gap and not _RELATIVE.search(gap) else None
    if "," in gap and re.search(r"\b[a-z]+[^\Wsiu]s\b", gap.rpartition(",")[2]):
        return None  # for all that is known a verb: "the court, founded in 1990, rules on Friday"
    points_elsewhere = _POINTS_AHEAD.search(left[0]) if told else _EVENT.search(gap)
    return None if points_elsewhere else told


def is_quoted(before: str, behind: str) -> bool:
    """Say whether a place is in somebody's speech: when it was said is not known."""
    opened, closed = _OPENS.findall(before), _CLOSES.findall(before)
    if len(opened) > len(closed):
        return True
    opens, closes = _OPENS.search(behind), _CLOSES.search(behind)
    return closes is not None and (opens is None or closes.start() < opens.start())
