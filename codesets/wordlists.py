"""The word lists of clinical language (``data/wording.toml``), and one word brought to one form."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from codesets.spelling import american_word

_ENDINGS = (
    ("aemia", "emia"), ("aemic", "emia"), ("emic", "emia"), ("otic", "osis"), ("itic", "itis"),
    ("bolic", "bolism"), ("ectatic", "ectasis"), ("plegic", "plegia"), ("paretic", "paresis"),
)  # fmt: skip
_KEEP_S = ("ss", "us", "is", "as", "os")


@dataclass(frozen=True, slots=True)
class Lists:
    """The word lists of ``data/wording.toml``, canonical."""

    stop: frozenset[str]
    soft: frozenset[str]
    parts: frozenset[str]
    wholes: dict[str, str]
    negation: frozenset[str]
    negation_end: frozenset[str]
    classes: dict[str, str]
    everywhere: frozenset[str]
    body: frozenset[str]
    condition_words: frozenset[str]
    condition_endings: tuple[str, ...]
    organisms: frozenset[str]
    same: dict[tuple[str, ...], tuple[str, ...]]
    implies: dict[tuple[str, ...], tuple[str, ...]]


@cache
def lists() -> Lists:
    """The word lists, read once."""
    path = resources.files("codesets") / "data" / "wording.toml"
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    classes = {word: name for name, words in data["classes"].items() for word in words.split()}
    return Lists(
        stop=frozenset(data["stop"].split()),
        soft=_levelled(data["soft"]),
        parts=_levelled(data["parts"]),
        wholes={level(part): level(whole) for part, whole in data["wholes"].items()},
        negation=frozenset(data["negation"].split()),
        negation_end=frozenset(data["negation_end"].split()),
        classes=classes,
        everywhere=frozenset(data["scope"]["everywhere"].split()),
        body=_levelled(data["body"]["words"]),
        condition_words=_levelled(data["conditions"]["words"]),
        condition_endings=tuple(data["conditions"]["endings"].split()),
        organisms=_levelled(data["organisms"]["words"]),
        same={_key(left): _key(right) for left, right in data["same"].items()},
        implies={_key(left): _key(right) for left, right in data["implies"].items()},
    )


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(level(word) for word in phrase.split())


def _levelled(words: str) -> frozenset[str]:
    return frozenset(level(word) for word in words.split())


@lru_cache(maxsize=65_536)
def level(word: str) -> str:
    """One word in lower case, singular, American spelling, without a possessive.

    >>> level("Colles'"), level("arteries"), level("ischaemic"), level("generalised")
    ('colle', 'artery', 'ischemia', 'generalized')
    """
    word = word.casefold().replace("’", "'")
    word = american_word(word.removesuffix("'s").removesuffix("'"))
    if len(word) > 3 and word.endswith("s") and not word.endswith(_KEEP_S) and "/" not in word:
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    for ending, common in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + common
    return word


def word_class(form: str) -> str | None:
    """The class of a qualifier ("laterality" for "left", "stage" for "stage=3a"), or None."""
    classes = lists().classes
    name, equals, _ = form.partition("=")
    return classes.get(name + equals)


@lru_cache(maxsize=16_384)
def is_head(form: str) -> bool:
    """Whether the form names a body part or a condition, which a qualifier may belong to."""
    known = lists()
    return (
        form in known.body
        or form in known.condition_words
        or (len(form) > 5 and form.endswith(known.condition_endings))
    )


def is_plain(form: str) -> bool:
    """Whether the form carries no meaning a title could be chosen by."""
    known = lists()
    return form in known.stop or form in known.soft or form in known.parts
