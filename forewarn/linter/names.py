"""Names and marks that only people inside can read: machines, addresses, tickets, traces, keys, gaps left to fill."""

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import ip_address

from forewarn.linter.finding import Code
from forewarn.linter.lexicon import Lexicon
from forewarn.linter.sentences import Sentence

_INSIDE = re.compile(
    r"(?<![\w.-])(?:[\w-]{1,63}\.){1,6}(?:internal|intern|local|localdomain|lan|corp|intra|intranet|svc)(?![\w-])"
)
_MACHINE = re.compile(r"(?<![\w.:@/-])[^\W\d_][\w-]{1,62}(?![\w@-]|:[\w:])")
_ADDRESS = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w:]|\.\d)"
)
_VERSION = re.compile(r"(?:version|release|v)\.?$", re.IGNORECASE)
_TICKET = re.compile(
    r"(?<![\w-])(?!(?:INC|MNT|ANN|UTC|GMT|UTF|ISO|DIN|EN|SHA|AES|RSA|RFC|CVE|COVID|KW)-)[A-Z]{2}[A-Z0-9]{0,8}-\d{2,7}(?![\w-])"
    r"|(?<!\w)(?:INC|CHG|REQ|RITM|PRB|TASK|CS)\d{5,10}(?!\w)"
    r"|(?<![\w#&])#\d{3,9}(?!\w)"
    r"|(?<!\w)(?:[Tt]icket|[Jj]ira|JIRA)(?:[ -]?(?:Nr\.?|[Nn]o\.?|number))? ?#?\d{2,9}(?!\w)"
)
_TRACE = re.compile(
    r"Traceback \(most recent|[Ss]tack ?trace|(?<!\w)Exception in thread|(?<!\w)Caused by: \w"
    r"|(?<!\w)at [\w$.<>]{3,200}\([\w.]{1,80}:\d{1,6}\)|File [\"“][^\"”]{1,200}[\"”], line \d"
    r"|(?<!\w)[\w.]{0,80}[a-z](?:Exception|Error)(?!\w)|(?<!\w)E(?:CONN[A-Z]{3,12}|TIMEDOUT|PIPE|NOSPC|NOENT)(?!\w)"
    r"|(?<!\w)0x[0-9A-Fa-f]{4,16}(?!\w)|(?<!\w)panic: |[Ss]eg(?:mentation )?fault|SIG(?:KILL|SEGV|TERM|ABRT)"
    r"|(?<!\w)exit(?:ed with)? code \d|(?<!\w)errno"
)
_KEY = re.compile(
    r"(?<!\w)(?:component|resource|system|group):[\w/.-]{1,80}|(?<![\w/.-])[a-z0-9]{1,40}(?:_[a-z0-9]{1,40}){1,8}(?!\w)"
)
_TELLS_A_KEY = re.compile(r"[-_/:.\d]")
_GAP = re.compile(
    r"(?<!\w)(?:TODO|TBD|TBC|TBA|FIXME|XXX+|xx:xx|XX:XX|hh:mm|HH:MM)(?!\w)|\{\{|\}\}|\$\{\w{1,80}\}"
    r"|(?i:lorem ipsum)|\?\?\?|<[a-zäöü][a-zäöü _-]{1,40}>"
    r"|\[(?i:insert|enter|your|name|time|date|uhrzeit|datum|bitte)[^\]\n]{0,40}\]"
)
_WHOLE_GAP = re.compile(rf"\{{\{{[^{{}}]{{0,200}}\}}\}}|\{{%[^{{}}]{{0,200}}%\}}|{_GAP.pattern}")
_STATUS = re.compile(
    r"(?<!\w)(?:HTTP[ /-]?(?:[\d.]{1,3} )?[1-5]\d\d|[45]xx|[45]XX|[45]\d\ds|(?i:error|fehler) [45]\d\d)(?!\w)"
)
_DIGITS = re.compile(r"\d+$")


def unfilled(text: str) -> bool:
    """Whether it was left to be filled in and holds nothing else: a placeholder without a word of anybody's own."""
    rest, gaps = _WHOLE_GAP.subn("", text)
    return gaps > 0 and not any(character.isalnum() for character in rest)


def names_in(sentence: Sentence, lexicon: Lexicon, keys: frozenset[str]) -> Iterator[tuple[Code, str]]:
    """Everything of that kind in the sentence, as it is written; `keys` are those of the touched components."""
    yield from ((Code.HOST_NAME, name) for name in _machines(sentence, lexicon))
    yield from ((Code.IP_ADDRESS, hit[0]) for hit in _ADDRESS.finditer(sentence.words) if _is_address(hit))
    yield from ((Code.COMPONENT_KEY, key) for key in _keys(sentence, keys - lexicon.ordinary))
    for code, pattern in ((Code.STACK_TRACE, _TRACE), (Code.PLACEHOLDER, _GAP)):
        yield from ((code, hit[0]) for hit in pattern.finditer(sentence.text))
    yield from ((Code.JARGON, hit[0]) for hit in _STATUS.finditer(sentence.own))
    for hit in _TICKET.finditer(sentence.words):
        if not _is_machine(hit[0], lexicon):
            yield Code.TICKET_ID, hit[0]


def _machines(sentence: Sentence, lexicon: Lexicon) -> Iterator[str]:
    for hit in _INSIDE.finditer(sentence.text):
        yield hit[0]
    for hit in _MACHINE.finditer(sentence.words):
        if _is_machine(hit[0], lexicon):
            yield hit[0]


def _is_machine(word: str, lexicon: Lexicon) -> bool:
    """db-prod-03, web01, ip-10-0-3-4: a number, and a part that names a kind of machine."""
    parts = word.lower().split("-")
    return word[-1].isdigit() and any(_DIGITS.sub("", part) in lexicon.machines for part in parts)


def _is_address(hit: re.Match[str]) -> bool:
    """Whether it is one in truth: no time, no version, no two bare colons."""
    if len(hit[0]) < 3 or _VERSION.search(hit.string[max(0, hit.start() - 9) : hit.start()].rstrip()):
        return False
    try:
        ip_address(hit[0])
    except ValueError:
        return False
    return True


def _keys(sentence: Sentence, keys: frozenset[str]) -> Iterator[str]:
    for hit in _KEY.finditer(sentence.words):
        yield hit[0]
    for key in sorted(keys):
        if _TELLS_A_KEY.search(key) and " " not in key and _of_key(key).search(sentence.words):
            yield key


@lru_cache(maxsize=1024)
def _of_key(key: str) -> re.Pattern[str]:
    """As it is written, or at the start of a sentence: "Online-Shop" is no key, though a component is "online-shop"."""
    return re.compile(rf"(?<![\w-])(?:{re.escape(key)}|{re.escape(key[:1].upper() + key[1:])})(?![\w-])")
