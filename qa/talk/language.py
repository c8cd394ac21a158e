"""A question -> the language it is in, if not English; an embedding model -> whether it understands a language.

The default model and the shipped reader read English only.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from qa.types import Rows

_SCRIPTS = {  # a script as Unicode names its letters, and the language that is most often written in it
    "ARABIC": "ar", "ARMENIAN": "hy", "BENGALI": "bn", "BOPOMOFO": "zh", "CJK": "zh", "CYRILLIC": "ru",
    "DEVANAGARI": "hi", "ETHIOPIC": "am", "GEORGIAN": "ka", "GREEK": "el", "GUJARATI": "gu", "GURMUKHI": "pa",
    "HANGUL": "ko", "HEBREW": "he", "HIRAGANA": "ja", "KANNADA": "kn", "KATAKANA": "ja", "KHMER": "km", "LAO": "lo",
    "MALAYALAM": "ml", "MYANMAR": "my", "ORIYA": "or", "SINHALA": "si", "TAMIL": "ta", "TELUGU": "te", "THAI": "th",
    "TIBETAN": "bo",
}  # fmt: skip
# Letters that tell the other languages of a script from it; the first language that has one is taken.
_LETTERS = {
    "ar": {"ps": "ټډړښځڅې", "ur": "ٹڈڑںےہھ", "fa": "گچپژیک"},
    "ru": {"kk": "әғқңұһ", "be": "ў", "uk": "іїєґ", "sr": "ђјљњћџ"},
}


class _Words(NamedTuple):
    """Function words of a language, and letters of its own.

    `asking` are question words that are nothing else, neither names nor English; `telling` are other words of it,
    `weak` those that stand in names and in English texts too, `shared` English function words that are its own too.
    """

    asking: frozenset[str]
    telling: frozenset[str]
    weak: frozenset[str]
    shared: frozenset[str]
    letters: frozenset[str]


def _words(asking: str, telling: str, weak: str, shared: str = "", letters: str = "") -> _Words:
    return _Words(*map(frozenset, (asking.split(), telling.split(), weak.split(), shared.split(), letters)))


_LATIN = {
    "es": _words(
        "quién quiénes qué cuál cuáles cuándo cuánto cuánta cuántos cuántas dónde adónde cómo porqué",
        "quien quienes que cual cuales cuando cuanto cuantos cuantas donde como es está están fue fueron ha han hay "
        "dijo tiene una unos por para según su sus se lo pero más sobre ¿ ¡",
        "el la los las de del en y al con un era",
        "me no has he",
        "ñ",
    ),
    "de": _words(
        "wer wem wessen wann warum wieso weshalb wieviel wieviele welche welcher welches welchen welchem woher "
        "wohin woran worüber wovon womit",
        "wen wo wie ist sind waren hat haben wurde wurden wird werden ein eine einen einem einer nicht auf für mit "
        "bei über sich auch gibt sagte kann viele es",
        "der die das den dem des und von zu zum zur im am aus war",
        "in an was so will her am also at",
        "äöüß",
    ),
    "fr": _words(
        "pourquoi combien quelle quels quelles",
        "quel qui que quoi quand où est sont était étaient ont été une dans avec pour sur il elle ils elles ce cette "
        "ces qu pas lors fait dit leur",
        "le la les l d de du des et au aux en un par comment",
        "on me a as",
        "çèêâîôûœ",
    ),
    "it": _words(
        "perché perchè quanti quante cos",
        "chi che cosa quando dove perche quale qual quali quanto è sono erano stato stata ha hanno una uno gli nel "
        "nella alla dal dalla con su sul sulla questo questa più detto ci si",
        "il lo la i le di del dell della dei delle e da al un come era per",
        "in me no a",
        "àèìòù",
    ),
    "pt": _words(
        "quem quantas quantos quais",
        "que quando onde como porque qual quanto quanta é são foi foram está estão tem têm há uma um com para pelo "
        "pela na no não mais disse houve sobre se",
        "o os as a de do da dos das e em ao por",
        "do as no me",
        "ãõçêâ",
    ),
    "nl": _words(
        "wanneer waarom waaraan waarover waarmee hoeveel welke welk",
        "wie wat waar zijn waren heeft hebben werd werden wordt een niet voor naar bij ook er deze dit aan zei heet",
        "de het van den en te op der ter met hoe",
        "is was in of we over had me her",
    ),
    "tr": _words(
        "nasıl nerede nereye neden niçin niye nedir kimdir kimler kiminle hangi kaç kaçta",
        "kim kimin ne kadar bir bu ile için ve olan oldu olarak mı mi mu mü var yok değil dedi tarafından zaman",
        "da de",
        "her on",
        "ğışçöü",
    ),
    "id": _words(
        "siapa siapakah apakah kapan dimana mengapa kenapa bagaimana berapa",
        "apa mana yang adalah dengan untuk dari pada oleh itu ini tidak telah akan para dalam kepada saja ada sudah",
        "di ke dan",
    ),
    "pl": _words(
        "kto komu czego kiedy gdzie dlaczego jaki jaka jakie które która który",
        "kogo jak ile czy jest są był była było były się nie dla przez od przy oraz został została",
        "na w z i o po co ma",
        "do to",
        "łżźśćęąń",
    ),
    "vi": _words("", "là của không ai gì và có đã được những các cho với ở đâu nào bao nhiêu người khi tại sao", ""),
    "ur": _words(  # and Hindi, in Latin letters
        "kaun kahan kahaan kyun kyon kaise kitne kitna kitni kaunsa kaunsi kisne kisko",
        "kya kon kab kis hai hain tha thi ka ki ke ko ne mein se aur nahi nahin ye yeh woh wo liye hua hui gaya kiya "
        "kaha naam koi",
        "par kia",
        "the me to",
    ),
}
_ENGLISH = frozenset(
    """
    about after and any anybody anyone are as at be been before by can could did do does during for from had has have
    he her him his how if in into is it its many me much my near of off on or over please she should so tell than that
    the their them then there these they this those to under was we were what when where whether which while who whom
    whose why will with without would you your
    """.split()  # noqa: SIM905 - a list of strings reads worse
)
# Of 116,000 English questions (SQuAD v1.1 train and v2.0 dev-tune, QAMR, CANARD, CLINC150) none is taken for another
# language, as they are and lower-case, and 6 are without their function words. Of 90 short news questions in nine
# languages, written after the table, 73 are told; pycld2 tells 71 and takes one in 6,078 English ones for another
# language, py3langid at probability .5 tells 74 and takes four, at .9 it tells 32 and takes none (2026-11-25).
_MIN_ENGLISH = 2  # as many English words make a question English in whatever script the rest of it is
_MIN_WORDS = 2  # of a language, of which one must tell it: "la casa de papel" is a name; a question word is two
_MARKS = frozenset("¿¡")
_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"[\"“«„][^\"“”«»„]*[\"”»“]")


def detect_language(question: str) -> str | None:
    """Return the ISO 639-1 code of a question's language; None if it is English or cannot be told.

    "What does 'Guten Tag' mean?" is English; "Benzinpreis heute", without a function word, cannot be told.
    """
    text = _drop_quotes(unicodedata.normalize("NFC", question))
    words = _WORD.findall(text)
    if text.upper() == text:
        words = [word.lower() for word in words]
    words = words[:1] and [
        words[0].replace("İ", "i").lower(),
        *words[1:],
    ]  # a capital elsewhere makes a word part of a name
    english = _ENGLISH.intersection(words)
    script = _find_script(text)
    if script is None:
        return _find_latin([*words, *_MARKS.intersection(text)], english)
    return script if len(english) < _MIN_ENGLISH else None


def _drop_quotes(text: str) -> str:
    """Return a text without what it quotes, unless that is all that it says."""
    rest = _QUOTED.sub(" ", text)
    return rest if _WORD.search(rest) else text


def _find_script(text: str) -> str | None:
    """Return the language of the script of most letters, None if it is Latin or one that is not known."""
    counts: Counter[str] = Counter()
    for character, times in Counter(text).items():
        if character.isalpha():
            counts[unicodedata.name(character, "?").partition(" ")[0]] += times
    latin = counts["LATIN"]
    languages: Counter[str] = Counter()
    for script, times in counts.items():
        if script in _SCRIPTS:
            languages[_SCRIPTS[script]] += times
    if languages["ja"] and languages["zh"]:  # Japanese is written in both
        languages["ja"] += languages.pop("zh")
    language, times = max(languages.items(), key=lambda item: item[1], default=("", 0))
    if times <= latin or 2 * times <= counts.total():
        return None
    there = set(text.lower())
    others = _LETTERS.get(language, {}).items()
    return next((other for other, letters in others if there.intersection(letters)), language)


def _find_latin(words: Sequence[str], english: frozenset[str]) -> str | None:
    """Return the language whose function words stand in a question, if enough do and no English one does."""
    there = set(words)
    letters = frozenset("".join(word for word in words if not word[0].isupper()))
    best, most = None, (0, 0)
    for language, known in _LATIN.items():
        if english - known.shared - known.telling - known.weak:
            continue
        telling = 2 * len(there & known.asking) + len(there & known.telling)
        count = telling + len(there & known.weak) + bool(letters & known.letters)
        if telling and count >= _MIN_WORDS and (count, telling) > most:
            best, most = language, (count, telling)
    return best


_PROBES = {
    "en": "It rained all night.|The dog is sleeping under the table.|My brother bought a new car.",
    "ar": "هطل المطر طوال الليل.|ينام الكلب تحت الطاولة.|اشترى أخي سيارة جديدة.",
    "bn": "সারা রাত বৃষ্টি হয়েছে।|কুকুরটি টেবিলের নিচে ঘুমাচ্ছে।|আমার ভাই একটি নতুন গাড়ি কিনেছে।",
    "de": "Es hat die ganze Nacht geregnet.|Der Hund schläft unter dem Tisch.|Mein Bruder kaufte ein neues Auto.",
    "el": "Έβρεχε όλη τη νύχτα.|Ο σκύλος κοιμάται κάτω από το τραπέζι.|Ο αδερφός μου αγόρασε καινούργιο αυτοκίνητο.",
    "es": "Llovió toda la noche.|El perro duerme debajo de la mesa.|Mi hermano compró un coche nuevo.",
    "fa": "تمام شب باران بارید.|سگ زیر میز خوابیده است.|برادرم یک ماشین نو خرید.",
    "fr": "Il a plu toute la nuit.|Le chien dort sous la table.|Mon frère a acheté une nouvelle voiture.",
    "he": "ירד גשם כל הלילה.|הכלב ישן מתחת לשולחן.|אחי קנה מכונית חדשה.",
    "hi": "सारी रात बारिश होती रही।|कुत्ता मेज़ के नीचे सो रहा है।|मेरे भाई ने नई गाड़ी ख़रीदी।",
    "id": "Hujan turun sepanjang malam.|Anjing itu tidur di bawah meja.|Saudara laki-laki saya membeli mobil baru.",
    "it": "Ha piovuto tutta la notte.|Il cane dorme sotto il tavolo.|Mio fratello ha comprato una macchina nuova.",
    "ja": "一晩中雨が降った。|犬がテーブルの下で寝ている。|兄が新しい車を買った。",
    "ko": "밤새 비가 내렸다.|개가 탁자 밑에서 자고 있다.|형이 새 차를 샀다.",
    "nl": "Het heeft de hele nacht geregend.|De hond slaapt onder de tafel.|Mijn broer kocht een nieuwe auto.",
    "pl": "Całą noc padał deszcz.|Pies śpi pod stołem.|Mój brat kupił nowy samochód.",
    "pt": "Choveu a noite toda.|O cachorro está dormindo debaixo da mesa.|Meu irmão comprou um carro novo.",
    "ru": "Всю ночь шёл дождь.|Собака спит под столом.|Мой брат купил новую машину.",
    "th": "ฝนตกทั้งคืน|หมานอนอยู่ใต้โต๊ะ|พี่ชายของฉันซื้อรถใหม่",
    "tr": "Bütün gece yağmur yağdı.|Köpek masanın altında uyuyor.|Erkek kardeşim yeni bir araba aldı.",
    "uk": "Усю ніч йшов дощ.|Собака спить під столом.|Мій брат купив нову машину.",
    "ur": "ساری رات بارش ہوتی رہی۔|کتا میز کے نیچے سو رہا ہے۔|میرے بھائی نے نئی گاڑی خریدی۔",
    "zh": "下了一整夜的雨。|狗在桌子下面睡觉。|我哥哥买了一辆新车。",
}
# Of a sentence's translation before the next best. With all-MiniLM-L6-v2 English has .84 with itself, and each of the
# 22 other languages at least one sentence with .01 or less (2026-11-25). No model of several languages was measured.
_MARGIN = 0.2


def knows_language(encode: Callable[[Sequence[str]], Rows], language: str) -> bool | None:
    """Say whether an embedding model puts sentences of a language next to their translations; None without probes.

    `encode` returns one unit row a text.
    """
    if language not in _PROBES:
        return None
    english, other = _PROBES["en"].split("|"), _PROBES[language].split("|")
    rows = encode([*english, *other])
    alike = rows[len(english) :] @ rows[: len(english)].T
    for place, row in enumerate(alike.tolist()):
        own = row.pop(place)
        if own < max(row) + _MARGIN:
            return False
    return True
