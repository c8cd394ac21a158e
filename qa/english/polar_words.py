"""Words that matter to whether a sentence answers yes or no, and what the forms of a word have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

_TOKEN = re.compile(r"\d[\d.,]*\d|[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


_IRREGULAR = _pairs(
    "met:meet said:say told:tell held:hold took:take taken:take gave:give given:give went:go gone:go left:leave "
    "won:win lost:lose beaten:beat led:lead fell:fall fallen:fall rose:rise risen:rise grew:grow grown:grow "
    "spoke:speak spoken:speak wrote:write written:write paid:pay built:build bought:buy sold:sell sent:send "
    "spent:spend began:begin begun:begin broke:break broken:break brought:bring came:come found:find kept:keep "
    "knew:know known:know made:make ran:run saw:see seen:see shot:shoot sank:sink sunk:sink stole:steal "
    "stolen:steal struck:strike fought:fight caught:catch drew:draw drawn:draw flew:fly flown:fly chose:choose "
    "laid:lay fled:flee sought:seek stood:stand threw:throw thrown:throw became:become drove:drive driven:drive "
    "heard:hear thought:think taught:teach withdrew:withdraw withdrawn:withdraw bit:bite bitten:bite "
    "shook:shake sang:sing chosen:choose note:note noted:note notes:note noting:note men:man women:woman "
    "children:child people:person agreed:agree shrank:shrink shrunk:shrink"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _roots(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in text.split())


def stem(word: str) -> str:
    """Return what the forms of a word have in common: "commit" of "committed", "polic" of "policies" and "police"."""
    word = _IRREGULAR.get(word.removesuffix("'s"), word.removesuffix("'s"))
    if word == "note":
        return word  # not "not"
    if len(word) == 4 and word.endswith("ed"):
        return word[:-1]  # "died", "sued"
    for ending in ("ies", "ied", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)]
            word = word[:-1] if ending in {"ing", "ed"} and word[-1] == word[-2] and word[-1] not in "lsdz" else word
            break
    return word[:-1] if len(word) > 3 and word[-1] in "ey" else word


BE = _words("is are was were be been being am get gets got")
MODALS = _words("can could will would shall should must may might")
NEGATIONS = _words("not never no nobody nothing none neither nor without hardly barely scarcely rarely few little")
SILENT = BE | _words(
    "a an the any some there that this these those his her its their ever really actually already also do does did "
    "have has had been 's"
)
PREPOSITIONS = _words(
    "of in on at for with from by against into onto over under about between to off upon through during among across "
    "behind near towards toward around like than versus"
)
BREAKS = _words(
    "who whom whose which that where when while if unless whether because after before since until as "
    "although though "
    'he she it they him them and or but so yet . , ; : ( ) " “ ” – — ? !'
)
NARROW = _words("until till only except because unless but if all always just alone simply nor either")
ALTERS = _words("deputy former ex vice assistant acting alleged fake mock shadow junior then-deputy almost half")
ROUGH = _words("than least most over nearly almost about around some up under roughly approximately fewer below")
UNITS = _words("million billion trillion thousand hundred percent per % dozen lakh crore point - –")
_DAYS = _words("monday tuesday wednesday thursday friday saturday sunday")
TIMES = _DAYS | _words("today yesterday tomorrow")
PEOPLE = re.compile(
    r"(?:people|persons?|m[ae]n|wom[ae]n|child(?:ren)?|boys?|girls?|staff|police|crew|members?|students?|victims?"
    r"|civilians?|\w{3,}(?:ers|ors|ists|ians|m[ae]n|wom[ae]n))\Z"
)
PRONOUNS = {"he": "he", "him": "he", "she": "she", "it": "it", "they": "they", "them": "they"}
SYMMETRIC = _roots("meet marry")
TALK = _roots("discuss mention talk speak comment debate")
SPEECH = TALK | _roots(
    "say tell stress highlight underscore underline note add warn announce explain touch delve outline express "
    "convey argue emphasise emphasize affirm praise criticise criticize urge raise promise condemn welcome"
)
# What says at least what another word asks: who was killed has died.
LIKE = {
    stem("hurt"): _roots("injure wound"),
    stem("injure"): _roots("hurt wound"),
    stem("wound"): _roots("hurt injure"),
    stem("die"): _roots("kill dead"),
    stem("begin"): _roots("start"),
    stem("start"): _roots("begin"),
    stem("end"): _roots("finish"),
    stem("detain"): _roots("arrest"),
}
# How else somebody comes to speak of something, and the word that must follow some of these.
TOPICS = TALK | _roots("delve touch dwell exchange raise review take")
REPORTS = (
    SPEECH
    | TOPICS
    | _roots(
        "lament reiterate caution reveal disclose insist point cite complain voice recall remark acknowledge hail "
        "reaffirm endorse appreciate assert declare stated call describe"
    )
)
FOLLOWED = _words(
    "touch-on touch-upon delv-into dwell-on dwell-upon exchang-views exchang-ideas exchang-opinions tak-up call-for "
    "point-to point-out"
)
MATTERS = _words(
    "issue issues matter matters question questions concern concerns point points topic topics subject case"
)
MEETS = _roots("meet marry fight play face merge talk agree clash collide split wed unite speak")
# What each of several does who do it: "A and B attended".
SHARED = _roots("attend visit join back support condemn praise oppose welcome boycott skip leave")
ROLES = _words(
    "minister president premier chancellor governor mayor senator secretary ambassador envoy judge justice king "
    "queen prince princess bishop pope coach captain manager striker goalkeeper chairman chairwoman chair director "
    "head chief executive officer ceo member registrar counsel prosecutor attorney general commissioner spokesman "
    "spokeswoman spokesperson leader speaker adviser advisor economist analyst professor dr doctor editor author "
    "founder inspector superintendent sheriff colonel major lieutenant sergeant admiral commander lawmaker "
    "councillor deputy mp treasurer consul actor actress singer champion referee mediator engineer"
)
RANKS = _words("prime additional joint under interim associate co would-be elect outgoing incoming retired late")
NATIONS = _pairs(
    "american:us british:uk britain:uk english:england scottish:scotland welsh:wales irish:ireland french:france "
    "german:germany italian:italy spanish:spain dutch:netherlands belgian:belgium swiss:switzerland "
    "swedish:sweden norwegian:norway danish:denmark finnish:finland polish:poland russian:russia "
    "ukrainian:ukraine turkish:turkey greek:greece israeli:israel iranian:iran iraqi:iraq saudi:saudi "
    "egyptian:egypt indian:india pakistani:pakistan bangladeshi:bangladesh chinese:china japanese:japan "
    "korean:korea australian:australia canadian:canada mexican:mexico brazilian:brazil kenyan:kenya "
    "nigerian:nigeria ghanaian:ghana afghan:afghanistan portuguese:portugal austrian:austria"
)
MONTHS = _words("january february march april month-of-may june july august september october november december")
# What happened, as a verb, where a question has a noun.
EVENTS = _pairs(
    "death:die murder:kill killing:kill wedding:marry election:elect resignation:resign agreement:agree game:play "
    "explosion:explode collision:collide invasion:invade talks:meet summit:meet"
)
CALLED_OFF = _roots("postpone cancel delay scrap reschedule abandon adjourn again")
HEDGES = _roots(
    "if unless whether expect plan like set due hope want wish intend aim propose consider threaten promise pledge "
    "vow urge ask demand accuse allege allegedly suspect claim rumour rumor reportedly possibly perhaps attempt try "
    "fail refuse declin deny fear doubt unclear nearly almost would-be seek pretend apparently suppose supposedly "
    "uncertain likely unlikely able avoid forget stop prevent partly partially half part think thought believe "
    "guess assume speculate imagine seem appear false falsely wrong wrongly "
    "myth dispute reject joke predict untrue hoax lie"
)
_AUX = BE | MODALS | _words("have has had do does did") - _words("get")
BESIDE = BE | MODALS | _words("to have has had both last first also then later never not did all held")
# What may follow those who met each other.
BEHIND = TIMES | _words("on in at here there over during again late early last about after before each one and , . ;")
STOPS = BREAKS - {",", "and"} | _words("except excluding unlike besides instead")
# A verb with one of these may be true of another time, or of some only.
ONCE = _words("had initially previously earlier originally first once again before until formerly later then second")
SOME = _words("a an another some many most several few half part other others")
OPENS = _words("the a an his her its their")
TELLING = _roots("say tell announce confirm add explain state declare reveal note report")
ENDS = _words(', ; . — – ( " ”')
GAMES = _words("match game final semi-final election vote race case appeal bout cup derby title")
COURTS, GUESTS = _words("court jury judge tribunal"), _words("those guests attendees spectators people")
TEAMS = _words("team squad side line-up lineup xi crew cast panel jury")
ELSEWHERE = _words("but ; while after before when who which because although whereas as")


class Token(NamedTuple):
    """A word in small letters, what its forms have in common, and whether it has a capital."""

    low: str
    root: str
    name: bool


def is_verb(token: Token) -> bool:
    """Say whether a word looks like a verb that says what happened."""
    irregular = token.low in _IRREGULAR and token.root not in {"man", "woman", "child", "person", "note"}
    return not token.name and (irregular or token.low in _AUX or bool(re.search(r"\w\wed\Z", token.low)))


def find_times(tokens: Sequence[Token]) -> list[int]:
    """Return the places of days, months and years, each with the "on" or "in" before it."""
    found: list[int] = []
    for i, token in enumerate(tokens):
        if kind_of_time(token):
            found += [i - 1] if i and tokens[i - 1].low in PREPOSITIONS | {"last"} else []
            found.append(i)
    return found


def kind_of_time(token: Token) -> str:
    """Return "day", "month" or "year" for a word that is one, nothing for another."""
    if token.low in TIMES | MONTHS:
        return "month" if token.low in MONTHS else "day" if token.low in _DAYS else "other"
    return "year" if re.fullmatch(r"(?:1[89]|20)\d\d", token.low) else ""


def is_stop(token: Token) -> bool:
    """Say whether a list ends at a word: at "it", not at "IT"."""
    return token.low in STOPS | NEGATIONS and not token.name


def read_subject(said: Sequence[Token], verb: int) -> tuple[list[range], list[str]]:
    """Return the parts of a verb's subject, and the small words between it and the verb."""
    place = verb - 1
    while place >= 0 and (said[place].low in BESIDE or said[place].low.endswith("ly")):
        place -= 1
    start = place
    while start >= 0 and not is_stop(said[start]) and not is_verb(said[start]):
        if said[start].root in SPEECH and not said[start].name:
            break
        start -= 1
    shared = place >= 0 and said[place].low == "and"  # "flew in and met"
    hangs = shared or (start >= 0 and said[start].low in {"after", "before", "since", "until", "as", "than"})
    return [] if hangs else split_list(said, start + 1, place + 1), [token.low for token in said[place + 1 : verb]]


def read_items(said: Sequence[Token], start: int) -> list[range]:
    """Return the parts of the list that begins at a place: what has a verb of its own is none of them."""
    end = start
    while end < len(said) and not is_stop(said[end]) and not is_verb(said[end]):
        end += 1
    if end < len(said) and is_verb(said[end]):
        end = max((i for i in range(start, end) if said[i].low in {",", "and"}), default=start)
    return split_list(said, start, end)


def split_list(said: Sequence[Token], start: int, end: int) -> list[range]:
    """Cut a stretch of a sentence at its commas and at each "and"."""
    cuts = [start - 1, *(i for i in range(start, end) if said[i].low in {",", "and"}), end]
    return [range(a + 1, b) for a, b in pairwise(cuts) if b > a + 1]


def find_nation(word: str) -> str:
    """Return the land that "Dutch", "Netherlands" or "US" names, nothing for another word."""
    return NATIONS.get(word, word if word in {"us", *NATIONS.values()} else "")


def read_words(text: str) -> Iterator[Token]:
    """Yield the words and marks of a text."""
    text = re.sub(r"(?i)\bno[ -]one\b", "nobody", text.replace("’", "'").replace("cannot", "can not"))
    text = re.sub(r"(?i)\b(?:no longer|not yet)\b", "not", text)
    text = re.sub(r"n't\b", " not", re.sub(r"(?i)\bca(?=n't)", "can", re.sub(r"(?i)\bwon't", "will not", text)))
    for found in _TOKEN.finditer(text):
        low = "month-of-may" if found.group() == "May" and found.start() else found.group().lower()
        low = _DIGITS.get(low, low.replace(",", "") if low[0].isdigit() else low)
        yield Token(low, stem(low), found.group()[0].isupper())


_DIGITS = _pairs("zero:0 one:1 two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 eleven:11 twelve:12")
