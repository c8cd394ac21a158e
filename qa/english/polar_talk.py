"""Whether a sentence has people do a thing together: talk about a topic, meet, attend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import qa.english.polar_words as en
from qa.english.polar_question import ADDED, GAP, Asked, fits, is_governed
from qa.english.polar_words import Token, find_times, is_verb, read_items, read_subject, split_list


def judge_meeting(asked: Asked, said: Sequence[Token]) -> bool | None:
    """Judge whether two did with each other what a question asks: both are the subject, and nobody else is met."""
    verb = next((w for w in asked.words if asked.tokens[w].root in en.MEETS), 0)
    times = find_times(asked.tokens)
    before = _split_parties(asked.tokens[:verb])
    after = _split_parties([t for i, t in enumerate(asked.tokens) if i > verb and i not in times])
    parties = before + after
    if not verb or len(parties) != 2 or len(before) == 0 or asked.aux in {*en.BE, "do", "does", "can", "could"}:
        return None
    verdicts = set()
    for place, token in enumerate(said):
        if token.root != asked.tokens[verb].root:
            continue
        subject, beside = read_subject(said, place)
        denied = bool({"not", "never"} & {*beside})
        future, behind = asked.aux == "will", said[place + 1 : place + 14]
        if (token.low == token.root and not denied and not future) or ("will" in beside) != future:
            continue
        if denied and ((behind[:1] and behind[0].low in en.BREAKS - {".", ","}) or (find_times(said) and not times)):
            continue  # "had never met before", "did not meet on Friday"
        mutual = _is_mutual(said, place) and are_both(parties, said, subject)
        if (mutual or _are_facing(parties, said, subject, place)) and _has_times(asked, behind, times):
            verdicts.add(not denied)
    return verdicts.pop() if len(verdicts) == 1 else None


def _are_facing(parties: Sequence[list[Token]], said: Sequence[Token], subject: Sequence[range], verb: int) -> bool:
    """Say whether one party is the subject of a verb and the other is next behind it."""
    behind = verb + 1 + (said[verb + 1 : verb + 2] != [] and said[verb + 1].low == "with")
    other = read_items(said, behind)[:1]
    here, there = ([any(find_party(p, said, i) for i in items) for p in parties] for items in (subject, other))
    return (here[0] and there[1]) or (here[1] and there[0])


def _is_mutual(said: Sequence[Token], verb: int) -> bool:
    """Say whether those who "met" met each other: no "met the president", "met with fans", "fought for Spain"."""
    if verb + 1 >= len(said):
        return True
    free = en.BEHIND | ({"to", "for"} if said[verb].root == "meet" else set())
    return said[verb + 1].low in free


def _has_times(asked: Asked, said: Sequence[Token], times: Sequence[int]) -> bool:
    """Say whether a part of a sentence has the days and years of a question, before its next clause."""
    clause = next((i for i, t in enumerate(said) if t.low in en.STOPS | {"and"}), len(said))
    lows = {token.low for token in said[:clause]}
    return all(asked.tokens[i].low in lows | en.PREPOSITIONS | en.SILENT for i in times)


def _split_parties(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return the one or two whom a part of a question names."""
    plain = [
        t for t in tokens if t.low[0].isalnum() and t.low not in {"both", "with", "each", "other", "together", "too"}
    ]
    return [[plain[i] for i in part] for part in split_list(plain, 0, len(plain))]


def find_party(party: Sequence[Token], said: Sequence[Token], item: range) -> bool:
    """Say whether one part of a list is whom a question names, by name or by office."""
    words = [t for t in party if t.low not in en.SILENT | en.PREPOSITIONS]
    own = {token.low for token in words}
    if not own - en.PRONOUNS.keys():
        return False
    for first in item:
        places = [first] if said[first].low == words[0].low else []
        for word in words[1:] if places else ():
            near = range(places[-1] + 1, min(item.stop, places[-1] + 4))
            places += [p for p in near if said[p].low == word.low][:1]
        if len(places) != len(words):
            continue
        rest = said[places[-1] + 1 : item.stop]
        behind = next((token for token in rest if not token.name or token.low in en.ROLES), None)
        lows = {said[p].low for p in range(item.start, places[-1])}
        if behind and behind.low not in en.PREPOSITIONS | en.TIMES:
            continue
        if not (own & en.ROLES and lows & (en.ALTERS | en.RANKS) - own) and not _is_anothers(said, item, first):
            return True
    return False


def _is_anothers(said: Sequence[Token], item: range, first: int) -> bool:
    """Say whether a name hangs on a preposition: "aide of Jo Park", but not "Director of Sales Jo Park"."""
    place = first - 1
    while place >= item.start and (said[place].name or said[place].low in en.SILENT):
        place -= 1
    if place < item.start or said[place].low not in en.PREPOSITIONS:
        return False
    head = said[place - 1] if place > item.start else None
    return not (head and head.name and head.low in en.ROLES and place + 1 < first)


def are_both(parties: Sequence[Sequence[Token]], said: Sequence[Token], items: Sequence[range]) -> bool:
    """Say whether two parties are joined by "and": not "the mayor, Jo Park", who is one."""
    first, second = ([i for i, item in enumerate(items) if find_party(p, said, item)] for p in parties)
    pairs = (sorted((left, right)) for left in first for right in second)
    return any(_is_joint(said, items, i) for a, b in pairs for i in range(a, b))


def _is_joint(said: Sequence[Token], items: Sequence[range], number: int) -> bool:
    """Say whether the "and" behind a part of a list joins people: not "Minister for IT and Trade, Jo Park"."""
    left, right = items[number], items[number + 1]
    between = [token.low for token in said[left.stop : right.start]]
    last = all(token.low != "and" for token in said[right.start : items[-1].stop])
    if "and" not in between:
        return False
    opens = said[right.start].low in {"the", "a", "an", "his", "her", "its"}
    return last or "," in between or opens or any(said[i].low in en.ROLES for i in right)


def judge_talk(asked: Asked, verb: int, said: Sequence[Token]) -> bool | None:
    """Judge whether a topic came up: whoever says something about it talks about it."""
    subject, topic = [w for w in asked.words if w < verb], [w for w in asked.words if w > verb]
    passive = asked.aux in en.BE or not topic
    if passive:
        topic, subject = subject or topic, []
    about = passive or asked.tokens[verb].root not in {"talk", "speak"}
    if not topic or not (about or asked.tokens[verb + 1].low in {"about", "of", "on"}):
        return None
    verdicts = set()
    for place, token in enumerate(said):
        if token.root in (en.TOPICS if passive else en.REPORTS) and _is_speaking(said, place):
            verdicts.add(_judge_speech(asked, said, place, subject, topic, passive=passive))
    verdicts -= {None}
    return verdicts.pop() if len(verdicts) == 1 else None


def same_pronouns(asked: Asked, said: Sequence[Token]) -> bool:
    """Say whether whom a question calls "he" is "he" in the sentence; "they" may be two that are named."""
    there = {en.PRONOUNS[token.low] for token in said if token.low in en.PRONOUNS}
    two = any(token.low in {"and", "both"} for token in said)
    wanted = {en.PRONOUNS[token.low] for token in asked.tokens if token.low in en.PRONOUNS}
    return all(pronoun in there or (pronoun == "they" and two) for pronoun in wanted)


def _is_plural(before: Sequence[Token]) -> bool:
    """Say whether those before a verb are several: "A and B", "the leaders"."""
    items, beside = read_subject(before, len(before))
    last = before[items[-1].stop - 1] if items else None
    if not last or {"has", "was", "is"} & {*beside} or any(token.low in {"he", "she"} for token in before[-4:]):
        return False
    for left, right in pairwise(items):  # "Ann and Jo", not "Ministry of Trade and Industry"
        title = len(right) == 1 and any(before[i].low in en.PREPOSITIONS for i in left)
        if not title and any(token.low == "and" for token in before[left.stop : right.start]):
            return True
    return not last.name and bool(re.search(r"[^s']s\Z", last.low))


def _judge_speech(
    asked: Asked, said: Sequence[Token], verb: int, subject: Sequence[int], topic: Sequence[int], *, passive: bool
) -> bool | None:
    """Judge whether the speaking at one place is the subject's, and on the topic."""
    on = _find_close(asked, said[verb + 1 :], topic)
    turned = passive and on is None and _find_close(asked, said[:verb], topic) is not None
    before = said[max(0, verb - 4) : verb]
    if (on is None and not turned) or any(t.root in en.HEDGES or t.low in {"if", "would"} for t in before):
        return None
    if any(token.low in en.MODALS for token in before) and asked.aux not in en.MODALS:
        return None
    between = said[verb + 1 : verb + 1 + on[0]] if on else []
    lows = {token.low for token in between}
    if lows & (en.NEGATIONS | en.ELSEWHERE - ({"as"} if "well" in lows else set())):
        return None
    near = {"near", "outside", "by"} | ({"at", "during"} if said[verb].root in en.TOPICS else set())
    if near & lows or (not passive and {t.low for t in before[-2:]} & en.BE):
        return None  # "talked at a meeting on the budget", "was praised"
    if said[verb].root in {"tak", "rais"} and not en.MATTERS & lows:
        return None  # "took up golf"
    if on and _is_clause(said[verb + 1 :], on):
        return None
    if not passive and not _is_speaker(asked, said[:verb], subject):
        return None
    if any(token.low in en.NEGATIONS for token in before):
        denied = before[-1].low in {"not", "never"} or [t.low for t in before[-2:]] == ["not", "be"]
        denied = denied or (passive and before[-1].low in en.NEGATIONS)
        plain = said[verb].root in en.TALK and not {t.low for t in said[verb:]} & en.NARROW
        return False if denied and plain else None
    if before and before[-1].low == "to":
        return True if any(t.root in {"meet", "talk"} for t in said[max(0, verb - 8) : verb]) else None
    return True


def _is_speaking(said: Sequence[Token], place: int) -> bool:
    """Say whether a word is a verb of talking, with the small word that makes it one: "touched on"."""
    token, behind = said[place], {f"{said[place].root}-{t.low}" for t in said[place + 1 : place + 3]}
    bare = not any(phrase.startswith(f"{token.root}-") for phrase in en.FOLLOWED)
    return not (token.name and place) and (bare or bool(behind & en.FOLLOWED))


def _is_clause(said: Sequence[Token], places: Sequence[int]) -> bool:
    """Say whether a topic has a verb of its own behind a comma: "discussed safety, and wages rose"."""
    start = max((p for p in range(places[0]) if said[p].low == ","), default=-1)
    behind = next((t for t in said[places[-1] + 1 :] if t.low in en.BREAKS or is_verb(t)), None)
    return start >= 0 and behind is not None and is_verb(behind)


def _find_close(asked: Asked, said: Sequence[Token], topic: Sequence[int]) -> list[int] | None:
    """Return where the topic's words stand close together in a part of a sentence."""
    for first, token in enumerate(said):
        if not fits(asked.tokens[topic[0]], token):
            continue
        places = [first]
        for word in topic[1:]:
            near = range(places[-1] + 1, min(len(said), places[-1] + GAP))
            places += [p for p in near if fits(asked.tokens[word], said[p])][:1]
        if len(places) == len(topic):
            return places
    return None


def _is_speaker(asked: Asked, before: Sequence[Token], subject: Sequence[int]) -> bool:
    """Say whether those words before a verb that are next to it are its subject, the question's."""
    if subject:
        parties = _split_parties(asked.tokens[: subject[-1] + 1])
        items, beside = read_subject(before, len(before))
        they = [token.low for token in before[: len(before) - len(beside)][-1:]] == ["they"]
        if (they and len(parties) == 2) or all(any(find_party(p, before, i) for i in items) for p in parties):
            return True
    if not subject:
        wanted = {en.PRONOUNS[token.low] for token in asked.tokens if token.low in en.PRONOUNS}
        near = {en.PRONOUNS.get(token.low, "") for token in before[-5:]}
        return bool(wanted) and (wanted <= near or (wanted == {"they"} and _is_plural(before)))
    places = _find_close(asked, before, subject)
    if places is None or is_governed(asked, before, places):
        return False
    gap = before[places[-1] + 1 :]
    name = all(token.name or token.low == "," for token in gap)
    plain = len(gap) <= ADDED + 1 and not any(t.low in en.BREAKS | en.PREPOSITIONS or t.name for t in gap)
    return name or plain


def finds_object(wanted: Sequence[Token], said: Sequence[Token]) -> bool:
    """Say whether words stand in the next noun of a sentence, in order."""
    tokens = [t if not t.low.endswith("'s") else t._replace(root=t.low) for t in said]
    places = [next((i for i, t in enumerate(tokens) if fits(word, t)), -1) for word in wanted]
    end = next((i for i, t in enumerate(said) if t.low in en.BREAKS | en.PREPOSITIONS), len(said))
    named = said[places[-1] + 1 : places[-1] + 2]  # "visited Poland Street"
    return -1 not in places and places == sorted(places) and places[0] < end and not (named and named[0].name)
