"""Microsoft Presidio's analyzer over the packaged recognizers, with a person-name model if any.

Importing Presidio costs two seconds, so a process that answers one question runs the packaged
recognizers directly, unless a person-name model is installed; processes that live on, or work
through a file, call ``Screener.load`` first. Without a model both ways find the same, which a test
holds them to. Nothing is ever downloaded: a model that is not on this machine is an error.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import ConfigurationError
from bot.phi.lexicon import lexicon
from bot.phi.name_words import WORD, fold, headed
from bot.phi.records import Identifier, Screened, Span
from bot.phi.screening import RECOGNIZERS, redact, spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.phi.screening import Recognizer

MODELS = ("en_core_web_lg", "en_core_web_md", "en_core_web_sm", "en_core_web_trf")
_MODEL_RANK = 170  # after everything that a title, a label or a signature shows
_HEAVY = ("torch", "transformers", "stanza", "gliner", "tensorflow", "jax")
_PERSON = "PERSON"


class Screener:
    """Screens texts for one process; safe between threads.

    ``model`` is a spaCy package or a folder with a spaCy pipeline or a transformers token
    classifier; empty takes the first installed of ``MODELS``, "none" takes none.
    """

    def __init__(self, model: str = "") -> None:
        self._model = model
        self._propose: Recognizer | None = None
        self._lock = threading.Lock()

    def load(self) -> None:
        """Start Presidio's engine now. Raises ConfigurationError for a model that is not here."""
        with self._lock:
            if self._propose is None:
                self._propose = _engine(person_model(self._model))

    def redact(self, text: str) -> Screened:
        """``text`` with every identifier replaced by its placeholder."""
        if self._propose is None and person_model(self._model) is not None:
            self.load()
        return redact(text, self._propose or spans)


def person_model(configured: str) -> str | None:
    """The person-name model to use, or None. Raises ConfigurationError for one that is not here."""
    if configured.casefold() == "none":
        return None
    if not configured:
        return next((name for name in MODELS if importlib.util.find_spec(name)), None)
    if Path(configured).is_dir():
        return configured
    if configured.isidentifier() and importlib.util.find_spec(configured):
        return configured
    raise ConfigurationError(
        f"CODECITE_NAMES_MODEL: {configured} is neither an installed package nor a folder."
    )


def _engine(model: str | None) -> Recognizer:
    """What Presidio's analyzer proposes, as a recognizer."""
    transformer = model is not None and (Path(model) / "config.json").is_file()
    spared = () if transformer or (model or "").endswith("_trf") else _HEAVY
    with _without(spared):
        from presidio_analyzer import (
            AnalyzerEngine,
            ContextAwareEnhancer,
            EntityRecognizer,
            RecognizerRegistry,
            RecognizerResult,
        )
        from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
        from presidio_analyzer.nlp_engine.no_op_nlp_engine import NoOpNlpEngine
        from presidio_analyzer.predefined_recognizers import SpacyRecognizer
    kinds = [kind.value for kind in Identifier]

    class Packaged(EntityRecognizer):
        """One of the packaged recognizers, as Presidio calls it; a score carries the rank."""

        def __init__(self, recognizer: Recognizer) -> None:
            self._recognizer = recognizer
            super().__init__(supported_entities=kinds, name=recognizer.__name__)

        def load(self) -> None:
            """Nothing to load."""

        def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[Any]:  # noqa: ARG002  # Presidio's signature
            return [
                RecognizerResult(span.kind.value, span.start, span.end, 1 - span.rank / 1000)
                for span in self._recognizer(text)
            ]

    class Unchanged(ContextAwareEnhancer):
        """The packaged recognizers read their context themselves."""

        def __init__(self) -> None:
            super().__init__(0, 0, 0, 0)

        def enhance_using_context(self, text: str, raw_results: Any, *_: Any, **__: Any) -> Any:  # noqa: ARG002  # as above
            return raw_results

    recognizers: list[Any] = [Packaged(recognizer) for recognizer in RECOGNIZERS]
    named = [{"lang_code": "en", "model_name": model or ""}]
    if model is None or transformer:
        nlp: Any = NoOpNlpEngine(named)
    else:
        labels = NerModelConfiguration(model_to_presidio_entity_mapping={"PERSON": _PERSON})
        nlp = SpacyNlpEngine(models=named, ner_model_configuration=labels)
        recognizers.append(SpacyRecognizer(supported_entities=[_PERSON]))
    if transformer:
        recognizers.append(_transformer(str(model)))
    analyzer = AnalyzerEngine(
        registry=RecognizerRegistry(recognizers),
        nlp_engine=nlp,
        context_aware_enhancer=Unchanged(),
    )

    def propose(text: str) -> list[Span]:
        found = []
        for result in analyzer.analyze(text, language="en"):
            if result.entity_type != _PERSON:
                rank = round((1 - result.score) * 1000)
                found.append(Span(Identifier(result.entity_type), result.start, result.end, rank))
            elif _believed(text, result.start, result.end):
                found.append(Span(Identifier.NAME, result.start, result.end, _MODEL_RANK))
        return found

    return propose


def _transformer(folder: str) -> Any:
    """A token classifier of the transformers library, from its folder."""
    from presidio_analyzer.predefined_recognizers import HuggingFaceNerRecognizer

    labels = dict.fromkeys(("PER", "PERSON", "NAME", "PATIENT", "STAFF", "HCW"), _PERSON)
    return HuggingFaceNerRecognizer(
        model_name=folder, supported_entities=[_PERSON], label_mapping=labels, device="cpu"
    )


def _believed(text: str, start: int, end: int) -> bool:
    """Whether a model's name is none of the words that are never taken."""
    words = lexicon()
    parts = [fold(part) for part in WORD.findall(text[start:end])]
    new = [part for part in parts if not words.is_plain(part) and part not in words.eponyms]
    return bool(new) and not headed(text, end)


@contextmanager
def _without(modules: tuple[str, ...]) -> Iterator[None]:
    """Let imports inside do without ``modules``: optional for Presidio, and ten seconds to load.

    Modules already imported stay as they are.
    """
    hidden = [name for name in modules if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # how the import system marks absence
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
