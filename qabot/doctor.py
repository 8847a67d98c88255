"""What can be wrong, each with the fix."""

from collections.abc import Iterator
from dataclasses import dataclass

from qabot import store
from qabot.errors import QabotError
from qabot.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    good: bool
    text: str


def findings(settings: Settings) -> Iterator[Finding]:
    """Look at the index, its articles, the encoder and the reader, in this order; a thing that fails does not stop the next."""
    manifest: store.Manifest | None = None
    try:
        manifest = store.load(settings.index).manifest
        yield Finding(True, f"index {settings.index}: {manifest.counts['passages']} passages of {manifest.counts['articles']} article(s)")
    except QabotError as error:
        yield Finding(False, str(error))
    if manifest is not None:
        changed = store.changed_articles(settings.index, manifest)
        yield from (Finding(False, f"{line}: run `qabot build`") for line in changed)
        if not changed:
            yield Finding(True, "articles: as they were indexed")
    yield _encoder(settings, manifest)
    yield _reader(settings)


def _encoder(settings: Settings, manifest: store.Manifest | None) -> Finding:
    from qabot.wiring import load_encoder

    notes: list[str] = []
    try:
        encoder = load_encoder(settings.encoder, settings.cache, notes.append)
    except QabotError as error:
        return Finding(False, str(error))
    if manifest is not None and encoder.weights_sha256 != manifest.encoder_sha256:
        return Finding(False, f"encoder {encoder.name} is not the index's ({manifest.encoder}): run `qabot build`, or set QABOT_ENCODER")
    return Finding(True, f"encoder {encoder.name}: weights {encoder.weights_sha256[:12]}, {_served(settings, notes)}")


def _reader(settings: Settings) -> Finding:
    from qabot.wiring import load_reader

    notes: list[str] = []
    try:
        load_reader(settings.reader, settings.cache, notes.append)
    except QabotError as error:
        return Finding(False, str(error))
    return Finding(True, f"reader {settings.reader}: {_served(settings, notes)}")


def _served(settings: Settings, notes: list[str]) -> str:
    """How the model runs: compiled and where that is kept, or why not."""
    return next((note for note in notes if "torch" in note), f"compiled, kept in {settings.cache}")
