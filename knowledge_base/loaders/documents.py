"""Files to documents: one loader a format, chosen by the file's content rather than by its name."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from pathlib import Path
from types import MappingProxyType

from knowledge_base.errors import LoadError
from knowledge_base.loaders.corpus_markdown import list_field, parse_annotated, text_field
from knowledge_base.loaders.file_types import detect_suffix
from knowledge_base.loaders.loaded import LoadedText
from knowledge_base.loaders.pdf import load_pdf
from knowledge_base.loaders.plain import load_markdown, load_text
from knowledge_base.loaders.regulations import civil_code_title, read_facts
from knowledge_base.loaders.slides import load_pptx
from knowledge_base.loaders.spreadsheets import load_csv, load_xlsx
from knowledge_base.loaders.stated import ID, MAX_ID, faults_of_stated, read_stated
from knowledge_base.loaders.web_pages import load_html
from knowledge_base.loaders.word import load_docx
from knowledge_base.text.normalise import normalise
from knowledge_base.types import Document, Kind

MAX_FILE_BYTES = 50 * 1024 * 1024
"""Size of the largest file that is read."""

LOADERS: Mapping[str, Callable[[bytes, str], LoadedText]] = MappingProxyType(
    {
        ".md": load_markdown,
        ".markdown": load_markdown,
        ".txt": load_text,
        ".html": load_html,
        ".htm": load_html,
        ".docx": load_docx,
        ".pdf": load_pdf,
        ".xlsx": load_xlsx,
        ".csv": load_csv,
        ".pptx": load_pptx,
    }
)
"""Suffix (lower case) to loader: (bytes, file name) -> text. Every loader raises LoadError for what it cannot read."""

_TEXT_SUFFIXES = frozenset({".md", ".markdown", ".txt", ".csv", ".html", ".htm"})
_LEGACY_SUFFIXES = frozenset({".doc", ".xls", ".ppt", ".wps", ".et", ".dps", ".rtf"})
_POLICY_CLAUSES = 3  # a text with this many clauses is a regulation; one with fewer, if it says when it was passed
_LONGEST_TITLE = 60
_LONGEST_SLUG = 40
_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S.*?)[ \t#]*$", re.M)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_MARKUP = re.compile(r"\*\*|__|\\(?=[\[\]()|_*#.-])")
_BEFORE_DATE = re.compile(r"[\s　（(]*\d{4}年\d{1,2}月\d{1,2}日")
_LINE_MARK = re.compile(r"(?:[-*+>]|\d{1,3}\.)\s+|\|")
_SENTENCE_END = tuple("。；，、！？;,")
_SKIPPED_NAMES = frozenset({"readme.md", "catalog.md", "wanted.md", "thumbs.db", "desktop.ini"})
_SKIPPED_SUFFIXES = frozenset({".yaml", ".yml", ".jsonl"})
_CASE_FIELDS = ("org", "lead", "sector", "technology", "problem", "result", "account", "place", "as_of")
_TEXT_FIELDS = ("issuer", "doc_no", "issued", "effective", "expires", "status", "region", "topic", "level", "urgent", "form", "minutes")
_LIST_FIELDS = ("short_titles", "supersedes", "audience", "prerequisites", "depends_on", "next", "lessons")


def load_document(path: Path, *, root: Path | None = None, kind: Kind | None = None) -> Document:
    """The document in a file, corrected by the file ``NAME.meta.yaml`` beside it.

    The document's identity is its path below ``root``; by default that is the file's folder.

    Raises:
        LoadError: the file cannot be read, is too large, or is no document. The message says what to do.
    """
    return document_from_bytes(_read(path), path.name, identity=_identity(path, root), kind=kind, stated=read_stated(path))


def document_from_bytes(
    data: bytes, name: str, *, identity: str = "", kind: Kind | None = None, stated: Mapping[str, str] | None = None
) -> Document:
    """The document in the bytes of a file called ``name``.

    ``identity`` distinguishes files with equal names (a path inside a folder); by default it is the name. ``stated`` overrides what the
    file says. Equal bytes with equal identity give equal documents.

    Raises:
        LoadError: as :func:`load_document`.
    """
    if len(data) > MAX_FILE_BYTES:
        raise _too_large(len(data))
    if not data.strip():
        raise LoadError("文件是空的，没有文字可读。请检查是否选错了文件")
    loaded = _load(data, name)
    if not loaded.text.strip():
        raise LoadError("文件里没有文字（只有空白或图片）。请检查是否选错了文件")
    stated = stated or {}
    if faults := faults_of_stated(stated):
        raise LoadError("；".join(faults))
    kind = Kind(stated["kind"]) if "kind" in stated else kind
    meta = loaded.front_matter
    if "id" in meta and "kind" in meta:
        document = _corpus_document(loaded)
    else:
        document = _plain_document(loaded, Path(name).stem, identity or name, kind)
    return _restated(document, stated) if stated else document


def iter_documents(
    paths: Iterable[Path], remembered: MutableMapping[str, Document] | None = None, *, root: Path | None = None
) -> Iterator[tuple[Path, Document | LoadError]]:
    """Every file below the paths with its document, or with the error that kept it from being read; a bad file does not stop the others.

    A file's identity is its path below ``root``, by default below the folder among the paths that contains it.

    Folders are read recursively in sorted order. Hidden files, notes on the folder (such as README.md), YAML and JSONL are skipped.
    Each file is read once, even if several paths lead to it.

    ``remembered`` maps the digests of files (:func:`digest_of`) to their documents: a file whose digest is known is not parsed again,
    and newly parsed documents are added.
    """
    seen: set[Path] = set()
    remembered = {} if remembered is None else remembered
    code = code_digest()
    for path in paths:
        folder = path if path.is_dir() else None
        for file in _walk(path) if folder else [path]:
            if isinstance(file, tuple):
                yield file
            elif (place := Path(os.path.abspath(file))) not in seen:
                seen.add(place)
                try:
                    yield file, _load_once(file, root or folder, remembered, code)
                except LoadError as exc:
                    yield file, exc


def digest_of(data: bytes, name: str, identity: str, stated: Mapping[str, str] | None = None, *, code: str) -> str:
    """Digest of a file, of what is stated about it and of the code that reads it: equal digests give equal documents.

    ``code`` is :func:`code_digest`; compute it once for many files.
    """
    said = json.dumps(stated or {}, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(f"{code}\0{name}\0{identity}\0{said}\0".encode())
    digest.update(data)
    return digest.hexdigest()[:32]


def code_digest() -> str:
    """Digest of the package's source: after any change every file is parsed again."""
    package = Path(__file__).parents[1]
    return hashlib.sha256(b"".join(p.read_bytes() for p in sorted(package.rglob("*.py")))).hexdigest()


def _load_once(path: Path, root: Path | None, remembered: MutableMapping[str, Document], code: str) -> Document:
    data, identity, stated = _read(path), _identity(path, root), read_stated(path)
    digest = digest_of(data, path.name, identity, stated, code=code)
    if digest not in remembered:
        remembered[digest] = document_from_bytes(data, path.name, identity=identity, stated=stated)
    return remembered[digest]


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise _too_large(size)
        return path.read_bytes()
    except OSError as exc:
        raise LoadError(f"打不开文件（{exc.strerror or type(exc).__name__}）。请检查它还在不在、有没有读取权限，再试一次") from exc


def _identity(path: Path, root: Path | None) -> str:
    return path.relative_to(root).as_posix() if root is not None and path.is_relative_to(root) else path.name


def _walk(folder: Path) -> Iterator[Path | tuple[Path, LoadError]]:
    unreadable: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(files):
            skipped = name.startswith((".", "~$")) or name.lower() in _SKIPPED_NAMES or Path(name).suffix.lower() in _SKIPPED_SUFFIXES
            if not skipped:
                yield Path(place, name)
    for exc in unreadable:
        yield Path(str(exc.filename)), LoadError(f"打不开文件夹（{exc.strerror}）。请检查读取权限，再试一次")


def _load(data: bytes, name: str) -> LoadedText:
    suffix = Path(name).suffix.lower()
    if suffix not in LOADERS and suffix not in _LEGACY_SUFFIXES:
        raise LoadError(f"不认识的文件类型“{suffix or name}”。能读的有：{'、'.join(LOADERS)}，请另存为其中一种再导入")
    actual = detect_suffix(data)
    if actual is None and suffix in _LEGACY_SUFFIXES:
        raise LoadError(f"读不了 {suffix} 文件，请用 Word、Excel 或 WPS 另存为 docx、xlsx 或 pptx 后再导入")
    if actual is None and suffix not in _TEXT_SUFFIXES:
        try:
            return load_text(data, name)  # text with the wrong suffix
        except LoadError as exc:
            raise LoadError(
                f"文件内容不是 {suffix.lstrip('.')} 格式，可能已损坏或改错了扩展名。请用原来的软件打开，重新另存后再导入"
            ) from exc
    if actual is None or (actual == ".html" and suffix in (".md", ".markdown", ".csv")):
        return LOADERS[suffix](data, name)
    return LOADERS[actual](data, name)


def _too_large(size: int) -> LoadError:
    return LoadError(f"文件有 {size / 2**20:.0f} MB，超过 {MAX_FILE_BYTES // 2**20} MB 的上限。请拆成几个小文件，或压缩里面的图片后再导入")


def _corpus_document(loaded: LoadedText) -> Document:
    meta = loaded.front_matter
    slug = text_field(meta["id"])
    if not ID.fullmatch(slug):
        raise LoadError(f"文件头的 id“{slug}”只能用英文字母、数字、“-”“_”“.”，以字母或数字开头，不超过 {MAX_ID} 个字符")
    annotated = parse_annotated(loaded.text)
    document = Document(
        doc_id="",
        slug=slug,
        kind=_stated_kind(meta),
        title=text_field(meta.get("title")) or _find_title(annotated.text, "") or slug,
        text=annotated.text,
        statements=annotated.statements,
        asks=annotated.asks,
        near_misses=annotated.near_misses,
    )
    return _with_id(_with_stated_fields(document, meta))


def _plain_document(loaded: LoadedText, stem: str, identity: str, kind: Kind | None) -> Document:
    from knowledge_base.splitting import count_clauses

    meta, text = loaded.front_matter, loaded.text
    # Clauses and history lines are recognised by simplified characters; a traditional text (第一條) is converted first.
    plain = normalise(text) if "條" in text else text
    facts = read_facts(plain)
    if kind is None and "kind" in meta:
        kind = _stated_kind(meta)
    elif kind is None:
        clauses = count_clauses(plain)
        kind = Kind.POLICY if clauses >= _POLICY_CLAUSES or (clauses and facts.issued) else Kind.TRAINING
    stated_id = text_field(meta.get("id"))
    document = Document(
        doc_id="",
        slug=stated_id if ID.fullmatch(stated_id) else _slug(stem, identity),
        kind=kind,
        title=text_field(meta.get("title")) or _find_title(text, loaded.title) or stem,
        text=text,
    )
    if kind is Kind.POLICY:
        document = dataclasses.replace(
            document,
            issuer=facts.issuer,
            doc_no=facts.doc_no,
            issued=facts.issued,
            effective=facts.effective,
            region=facts.region,
        )
    return _with_id(_with_stated_fields(document, meta))


def _with_stated_fields(document: Document, meta: Mapping[str, object]) -> Document:
    texts = {name: text_field(meta[name]) for name in _TEXT_FIELDS if name in meta}
    lists = {name: list_field(meta[name]) for name in _LIST_FIELDS if name in meta}
    case = {name: "、".join(list_field(meta[name])) for name in _CASE_FIELDS if name in meta}
    return dataclasses.replace(document, case=case, **texts, **lists)  # type: ignore[arg-type]


def _restated(document: Document, stated: Mapping[str, str]) -> Document:
    """The document with stated fields in place of those read."""
    texts = {name: stated[name] for name in ("title", *_TEXT_FIELDS) if name in stated}
    kind = Kind(stated["kind"]) if "kind" in stated else document.kind
    return _with_id(dataclasses.replace(document, slug=stated.get("id", document.slug), kind=kind, **texts))  # type: ignore[arg-type]


def _stated_kind(meta: Mapping[str, object]) -> Kind:
    stated = text_field(meta["kind"])
    try:
        return Kind(stated)
    except ValueError as exc:
        raise LoadError(f"文件头的 kind“{stated}”不认识，只能是 {'、'.join(Kind)} 之一") from exc


def _with_id(document: Document) -> Document:
    """The document with an id made from its content: equal fields give equal ids."""
    fields = {name: value for name, value in dataclasses.asdict(document).items() if name != "doc_id"}
    content = json.dumps(fields, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
    return dataclasses.replace(document, doc_id=f"{document.slug}.{hashlib.sha256(content).hexdigest()[:10]}")


def _slug(stem: str, identity: str) -> str:
    """The file name in pinyin, plus six digits that distinguish files with equal names."""
    from pypinyin import lazy_pinyin

    spelt = " ".join(lazy_pinyin(unicodedata.normalize("NFKC", stem))).lower()
    words = re.sub(r"[^a-z0-9]+", "-", unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode("ascii")).strip("-")
    if len(words) > _LONGEST_SLUG:
        words = words[: _LONGEST_SLUG + 1].rpartition("-")[0] or words[:_LONGEST_SLUG]
    digest = hashlib.sha256(unicodedata.normalize("NFC", identity).encode("utf-8", "surrogateescape")).hexdigest()[:6]
    return f"{words or 'doc'}-{digest}"


def _find_title(text: str, stated: str) -> str:
    """The first heading, the title the format states, or a short first line; "" if there is none of these."""
    seen = _COMMENT.sub("", text)
    headings = [(len(m.group(1)), _readable(m.group(2)), m.start()) for m in _HEADING.finditer(seen)]
    top = [title for level, title, _ in headings if level == 1]
    if civil_code := civil_code_title(top):
        return civil_code
    opening, is_heading = _opening(seen)
    if len(top) > 1 and opening and not is_heading:
        return opening  # the headings belong to its parts
    candidates = [*top[:1], stated, *(title for _, title, _ in headings[:1]), opening]
    return next((title for title in map(_fitting, candidates) if title), "")


def _opening(text: str) -> tuple[str, bool]:
    """The first line where it can be a title, else "", and whether it is marked as a heading."""
    line = next((bare for raw in text.split("\n") if (bare := raw.strip())), "")
    opening = _readable(line)
    is_title = len(opening) <= _LONGEST_TITLE and not opening.endswith(_SENTENCE_END) and not _LINE_MARK.match(line)
    return opening if is_title else "", line.startswith("#")


def _readable(line: str) -> str:
    return _MARKUP.sub("", line).strip(" \t#　")


def _fitting(title: str) -> str:
    """A title of at most 60 characters. A title that runs into the history after it is cut there; other long ones give ""."""
    if len(title) > _LONGEST_TITLE:
        title = _BEFORE_DATE.split(title)[0]
    return title if len(title) <= _LONGEST_TITLE else ""
