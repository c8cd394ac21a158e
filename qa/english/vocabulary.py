"""Text -> words; and the small words, offices and verbs of reporting that tell people and speakers, lower-case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W_]+(?:[-’'.][^\W_]+)*")
_POSSESSIVE = re.compile(r"[’']s\Z")
_MARKS = ("'", "’")  # "Japan 's" of a text whose words are set apart has a mark before its "s"
# Who has one of these before an office does not hold that office.
LESSER = frozenset(
    "deputy vice former acting assistant ex late designate elect associate interim under junior then".split()  # noqa: SIM905
)
_PREFIXES = frozenset(["vice", "co", "ex", "under", "deputy", "then"])


def _split(words: str) -> frozenset[str]:
    return frozenset(words.split())


OFFICES = _split(
    """
    president premier minister ambassador envoy consul secretary chairman chairwoman chairperson director mayor
    governor senator congressman congresswoman general admiral colonel captain sergeant lieutenant king queen
    emperor empress prince princess duke duchess sultan pope bishop archbishop cardinal imam rabbi priest
    professor chancellor spokesman spokeswoman spokesperson commissioner judge justice attorney lawyer
    prosecutor founder cofounder co-founder executive ceo manager coach trainer head leader member officer
    commander inspector analyst economist historian scientist physicist chemist biologist mathematician
    astronomer geologist engineer architect author writer poet novelist playwright journalist reporter editor
    publisher producer composer conductor singer vocalist rapper guitarist drummer pianist musician actor
    actress filmmaker designer painter sculptor artist philosopher theologian explorer inventor businessman
    businesswoman entrepreneur investor owner principal dean rector curator player quarterback striker
    goalkeeper midfielder footballer cricketer champion activist politician lawmaker diplomat surgeon doctor
    psychologist sociologist anthropologist linguist critic scholar teacher chief wife husband son daughter
    brother sister father mother adviser advisor counsellor councillor representative deputy mediator colleague
    partner widow resident farmer student nurse midwife defender winger driver pilot fisherman speaker treasurer
    delegate negotiator candidate policeman policewoman superintendent detective constable sheriff organiser
    organizer researcher expert veteran refugee survivor witness victim neighbour neighbor shopkeeper
    """
)
TITLES = _split("mr mrs ms miss dr sir dame lord lady rev prof gen col capt sgt lt sen rep gov madam")
SHE = _split(
    """
    mrs ms miss dame lady madam queen princess duchess empress actress wife daughter sister mother widow
    chairwoman spokeswoman congresswoman businesswoman policewoman
    """
)
HE = _split(
    """
    mr sir lord king prince duke emperor sultan pope husband son brother father chairman spokesman congressman
    businessman policeman fisherman
    """
)
SAYING = _split(
    """
    said says told tells added adds stated warned warns announced announces argued argues insisted insists
    denied denies claimed claims explained explains noted notes confirmed confirms declared declares stressed
    stresses emphasised emphasized emphasises emphasizes underscored underscores underlined underlines
    highlighted highlights conveyed conveys expressed expresses reiterated reiterates pledged pledges promised
    promises vowed vows urged urges called calls asked asks praised praises welcomed welcomes voiced voices
    reported reports wrote writes agreed agrees hoped hopes believes believed thinks thought expects expected
    suggested suggests acknowledged acknowledges admitted admits alleged alleges asserted asserts assured
    assures blamed blames commented comments complained complains concluded concludes condemned condemns
    criticised criticized criticises criticizes demanded demands described describes disclosed discloses
    estimated estimates feared fears maintained maintains mentioned mentions observed observes predicted
    predicts proposed proposes recalled recalls recommended recommends remarked remarks replied replies
    responded responds revealed reveals testified testifies thanked thanks tweeted tweets joked jokes appealed
    appeals apologised apologized accused accuses affirmed affirms advised advises cautioned cautions contended
    contends dismissed dismisses hailed hails lauded lauds quipped rejected rejects remembers remembered spoke
    speaks
    """
)
DOING = _split("met attended resigned visited married died retired testified smiled studied lives lived")
DATES = _split(
    """
    january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday
    """
)
THINGS = _split(
    """
    league council university college school society company channel america africa europe asia state states
    house committee department ministry court party union association institute museum church cathedral club cup
    award awards prize city county street river island islands empire kingdom republic army navy force forces
    corps assembly parliament congress senate office bank group ltd inc corporation corp records press times
    news war act treaty games square park hall center centre hospital staff strike bridge airport station
    service services board united cross yard agency authority federation foundation organisation organization
    commission post daily herald guardian bureau brothers sons market academy plaza nations rights watch world
    north south east west northern southern eastern western today journal network airlines airways motors
    stadium sea ocean lake mount mountain valley road avenue village town district province region hotel
    international national global police royal week day year olympics championship tour open festival series
    agreement accord protocol fund exchange
    """
)
SMALL = _split(
    """
    a an the this that these those it its he she they we i you his her their our my your in on at by of to for
    from with without after before during since until while when where who which what why how if as and or but
    nor so yet both also then there here not no all some any many most more one two three is was are were be
    been has have had do does did will would can could may might should must into onto over under about against
    between among through per than because although though despite however meanwhile moreover furthermore
    additionally later earlier today yesterday tomorrow now only even still such other another each every
    according up down out off
    """
)
PARTICLES = _split("de da di du del della van von der den ter bin bint ibn al el la le y e dos das af zu")
PRONOUNS = _split("he i it she they we you")
ARTICLES = _split("a an her his its many my one our several some that the their these this those")
JOINTS = _split("and at for from in of to")
BEINGS = _split("am are be been being get getting got is was were")
# Between a subject and its verb.
ASIDES = _split("again already also further had has have later never not now once then today yesterday")
SAYING_ING = _split(
    """
    adding affirming announcing arguing calling claiming confirming emphasising emphasizing explaining
    expressing insisting noting promising saying stressing telling urging warning
    """
)
# Of many: "experts say".
SAYING_BASE = _split("argue believe claim expect fear hope insist say tell think warn")
# Nouns too: "police reports".
SAYING_NOUNS = _split(
    """
    answers calls claims comments complaints demands denies estimates fears hopes notes praises promises
    proposes remarks reports spoke thanks thought
    """
)
# "Measures announced on Friday" announce nothing: the subject of these has to be somebody.
SAYING_LOOSE = SAYING_NOUNS | _split(
    """
    accused agreed alleged announced asked believed called confirmed described disclosed dismissed estimated
    expected feared maintained mentioned observed proposed recommended rejected reported suggested
    """
)
# A clause behind these is told of something else.
WHOSE = _split("because if than that whether which whom")
# As they stand behind "did" and in questions, beside the forms above.
SAYING_ASKED = _split(
    """
    accuse acknowledge add admit advise affirm agree allege announce appeal ask assert assure blame call caution
    comment complain conclude condemn confirm convey criticise criticize declare demand deny describe disclose
    dismiss emphasise emphasize estimate explain express hail highlight maintain mention note observe pledge praise
    predict promise propose recall recommend reiterate reject remark remember reply report respond reveal speak
    spoken state stress suggest talk talked testify thank tweet underline underscore urge voice vow welcome write
    written
    """
)


class Word(NamedTuple):
    """A word of a text and its place, without the "’s" that `owns` tells of."""

    text: str
    start: int
    end: int
    owns: bool

    @property
    def low(self) -> str:
        """The word in lower case."""
        return self.text.lower()


def find_words(text: str, start: int, end: int) -> Iterator[Word]:
    """Yield the words of a stretch of a text."""
    for match in _TOKEN.finditer(text, start, end):
        owns = _POSSESSIVE.search(match[0])
        word = match[0][: owns.start()] if owns else match[0]
        if word and not (word == "s" and text[match.start() - 1 : match.start()] in _MARKS):
            yield Word(word, match.start(), match.start() + len(word), bool(owns))


def is_office(word: str) -> bool:
    """Say whether a word names an office or what somebody is to others, in whatever case and number."""
    first, _, rest = word.lower().rpartition("-")
    return word.lower() in OFFICES or (rest in OFFICES and first in _PREFIXES)


def is_acronym(word: str) -> bool:
    """Say whether a word is more capitals than not: "IT", "MoITT"."""
    return len(word) > 1 and sum(map(str.isupper, word)) * 2 > len(word)


def is_small(word: Word) -> bool:
    """Say whether a word is one of the small ones, which "IT" is not."""
    return word.low in SMALL and not (word.text.isupper() and len(word.text) > 1)
