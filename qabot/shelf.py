"""Paths -> articles: files of every format, folders, globs and archives, each file once.

A folder gives its Markdown, text, HTML, PDF, DOCX and EPUB files. JSONL, ZIP and XML are read where they are named themselves, by a
glob, or where they were fetched: in a folder they may be anything. What was fetched is cited by its address.
"""

import glob
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from qabot import articles
from qabot.errors import ArticleError
from qabot.language import detect
from qabot.loaders import archive, jsonl
from qabot.loaders.document import Document, compose
from qabot.loaders.sandbox import Sandbox
from qabot.loaders.worker import PARSERS
from qabot.origin import origin
from qabot.records import Article

_ONE = (*articles.SUFFIXES, ".html", ".htm", ".xhtml", ".pdf", ".docx", ".epub")  # one article a file
_LOOKED_AT = 5  # sections, to tell the language
_MANY = (".jsonl", ".zip", ".xml", ".xml.bz2")


def load(paths: Sequence[Path], sandbox: Sandbox | None = None) -> list[Article]:
    """The articles at `paths`: files, folders, or globs (`notes/**/*.md`). Raises ArticleError for the first that cannot be read.

    `sandbox` is one that is open already; else one is opened and closed.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for file in files(path):
            found.setdefault(file.resolve(), file)
    with nullcontext(sandbox) if sandbox else Sandbox() as parser:
        shelf = [article for file in found.values() for article in _located(file, parser)]
    return _finished(shelf)


def _located(file: Path, sandbox: Sandbox) -> Iterator[Article]:
    came = origin(file)
    for article in articles_of(file, file.as_posix(), sandbox):
        yield replace(article, url=came.cited(article.url)) if came else article


def files(path: Path) -> list[Path]:
    """The files that `load` reads at a path. Raises ArticleError where a folder or a glob has none."""
    if path.is_dir():
        return _folder(path)
    if not path.exists() and glob.has_magic(str(path)):
        matched = sorted(Path(name) for name in glob.glob(str(path), recursive=True))
        matched = [file for file in matched if file.is_file() and _suffix(file.name, (*_ONE, *_MANY))]
        if not matched:
            raise ArticleError(f"there is no article that matches {path}: check the pattern, and put it in quotes")
        return matched
    return [path]


def _folder(path: Path) -> list[Path]:
    try:
        files = [
            file
            for file in sorted(path.rglob("*"))
            if (_suffix(file.name, _ONE) or (_suffix(file.name, _MANY) and origin(file)))
            and file.is_file()
            and not any(part.startswith(".") for part in file.relative_to(path).parts)
        ]
    except OSError as error:
        raise ArticleError(f"cannot read the folder {path}: {error.strerror}") from error
    if not files:
        raise ArticleError(f"there is no article in {path}: put {', '.join(_ONE)} files there, or name another folder")
    return files


def _suffix(name: str, suffixes: Iterable[str]) -> str:
    return max((suffix for suffix in suffixes if name.lower().endswith(suffix)), key=len, default="")


def articles_of(file: Path, name: str, sandbox: Sandbox) -> Iterator[Article]:
    """The articles of one file that the user knows as `name`; a suffix that is not known is read as plain text.

    Raises ArticleError, in a line that begins with `name`.
    """
    suffix = _suffix(file.name, (*_ONE, *_MANY))
    if suffix == ".zip":
        digest = _hash(file, name)
        for inner, unpacked in archive.members(file, name, (*_ONE, ".jsonl", ".xml", ".xml.bz2")):
            for article in articles_of(unpacked, f"{name}#{inner}", sandbox):
                member = article.path.removeprefix(f"{name}#")
                yield replace(article, member=member, file=name, file_sha256=digest)
    elif suffix == ".jsonl":
        yield from _members(jsonl.parse(file, name), name, _hash(file, name))
    elif suffix in PARSERS:
        documents = sandbox.documents(file, PARSERS[suffix], name)
        digest = _hash(file, name)
        if suffix in _MANY:
            yield from _members(documents, name, digest)
        else:
            yield from (_article(document, name, digest) for document in documents)
    else:
        yield articles.read(file, name, sandbox.headings)


def _article(document: Document, name: str, digest: str) -> Article:
    article = compose(document, name, digest, articles.title_of(Path(name)))
    if not article.sections:
        raise ArticleError(f"{name} has no text: an article needs sentences to answer from")
    return article


def _members(documents: Iterable[Document], name: str, digest: str) -> Iterator[Article]:
    """An article a document that says anything; its hash is of what it says."""
    empty = True
    for document in documents:
        said = "\n\n".join([document.title, str(document.url), *(block.text for block in document.blocks)])
        own = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
        article = compose(document, f"{name}#{document.name}", own, document.name)
        if article.sections:
            empty = False
            yield replace(article, member=document.name, file=name, file_sha256=digest)
    if empty:
        raise ArticleError(f"{name} has no article in it")


def _hash(file: Path, name: str) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise ArticleError(f"there is no file {name}: check the path") from error
    except OSError as error:
        raise ArticleError(f"cannot read {name}: {error.strerror}") from error


def _finished(shelf: list[Article]) -> list[Article]:
    """Each with its language; several of one name in one file are told apart by a number."""
    seen: dict[str, int] = {}
    found = []
    for article in shelf:
        if not article.language:  # no front matter says it
            prose = "\n".join(article.text[section.start : section.end] for section in article.sections[:_LOOKED_AT])
            article = replace(article, language=detect(prose))
        seen[article.path] = seen.get(article.path, 0) + 1
        more = f" ({seen[article.path]})" if seen[article.path] > 1 else ""
        found.append(replace(article, path=article.path + more, member=article.member + more) if more else article)
    return found
