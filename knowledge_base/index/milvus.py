"""The lexical and dense legs on Milvus: an HNSW graph, and Milvus's BM25 over the tokens of :mod:`knowledge_base.text.normalise`.

One client works with Milvus Lite (a file), a server or a cluster. A generation has two collections, ``NAME_vectors`` and
``NAME_words``. Milvus does not report document frequencies; they are kept in the generation's folder.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import numpy as np
from pymilvus import DataType, Function, FunctionType, MilvusClient, MilvusException

from knowledge_base.embedder.embedding import Vectors
from knowledge_base.errors import IndexUnavailable, StoreUnavailable, VectorStoreError
from knowledge_base.index.collections import stale_collections
from knowledge_base.index.fields import BESIDE, FIELD_WEIGHTS, LexicalEntry, field_tokens, weighted_tokens
from knowledge_base.index.generation import LexicalIndex, VectorStore

_SECONDS = 10.0  # timeout of a call; by default Milvus retries for minutes
_WRITE_SECONDS = 300.0
_VECTOR_BATCH = 1000
_TEXT_BATCH = 200
_MAX_HITS = 16_384  # Milvus's limit for one search
_VARCHAR_BYTES = 65_535  # Milvus's limit for a text
_ID_BYTES = 512
_CONNECT_FAILED = 2  # pymilvus.client.types.Status
_NOT_LOADED = 101  # error code for a collection that is not in memory, as after a restart of Milvus Lite

_HNSW = {"M": 16, "efConstruction": 400}
_EF = 1000
_K1, _B = 1.2, 0.75  # tantivy's constants
_PADDING = "z"  # not a hexadecimal digit, so never one of our tokens

for _name in ("pymilvus", "milvus_lite", "grpc._server"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # they log every error they raise with a traceback


class MilvusConnection:
    """A client that is created at first use and shared by all open generations."""

    def __init__(self, uri: str, shown: str, advice: str, token: str = "", file: Path | None = None) -> None:
        self._uri, self._shown, self._advice, self._token, self._file = uri, shown, advice, token, file
        self._lock = threading.Lock()
        self._client: MilvusClient | None = None

    @classmethod
    def to_server(cls, host: str, port: int, user: str = "", password: str = "") -> MilvusConnection:
        """Connection to a server or cluster; nothing is sent yet."""
        shown = f"Milvus 服务器 {host}:{port}"
        advice = "请确认它在运行，ASSISTANT_STORE 的地址、用户名和密码没有写错"
        return cls(f"http://{host}:{port}", shown, advice, f"{user}:{password}" if user else "")

    @classmethod
    def to_file(cls, path: Path) -> MilvusConnection:
        """Connection to Milvus Lite, which runs in this process; nothing is opened yet."""
        advice = "请确认文件夹能写，没有别的进程在用它（同一时间只能有一个）；几个进程一起用请换成 milvus://主机:19530"
        return cls(str(path), f"Milvus Lite 文件 {path}", advice, file=path)

    @contextmanager
    def calling(self, what: str) -> Iterator[MilvusClient]:
        """The client; its errors are translated into ours.

        Raises:
            StoreUnavailable: Milvus cannot be reached.
            VectorStoreError: Milvus refused the call.
        """
        try:
            yield self._connected()
        except (MilvusException, grpc.RpcError, OSError) as exc:
            said = getattr(exc, "message", "") or str(exc)
            if _is_away(exc):
                raise StoreUnavailable(f"连不上 {self._shown}：{said}。{self._advice}") from exc
            raise VectorStoreError(f"{self._shown} {what}：{said}") from exc

    def close(self) -> None:
        """Disconnect, and release a file so that another process may open it."""
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None
            if self._file is not None:
                from milvus_lite import server_manager_instance  # not installed where only a server is used

                server_manager_instance.release_server(str(self._file))

    def _connected(self) -> MilvusClient:
        with self._lock:
            if self._client is None:
                if self._file is not None:
                    self._file.parent.mkdir(parents=True, exist_ok=True)
                self._client = MilvusClient(self._uri, token=self._token, timeout=_SECONDS)
            return self._client


def _is_away(exc: Exception) -> bool:
    if isinstance(exc, MilvusException):  # ConnectionConfigException: a file could not be opened
        return exc.code == _CONNECT_FAILED or isinstance(exc.code, grpc.StatusCode) or "Open local milvus failed" in exc.message
    return True


class Milvus:
    """The store of the lexical and dense legs."""

    def __init__(self, connection: MilvusConnection) -> None:
        self._connection = connection

    @property
    def kind(self) -> str:
        """milvus."""
        return "milvus"

    def write_words(self, folder: Path, name: str, entries: Iterable[LexicalEntry]) -> None:
        """Write the lexical leg: a collection and the file of statistics."""
        MilvusWords.build(self._connection, f"{name}_words", _statistics(folder), entries)

    def write_vectors(self, folder: Path, name: str, dimension: int) -> VectorStore:
        """An empty collection."""
        return MilvusVectors.create(self._connection, f"{name}_vectors", dimension)

    def open_words(self, folder: Path, name: str) -> LexicalIndex:
        """The lexical leg."""
        return MilvusWords(self._connection, f"{name}_words", _statistics(folder))

    def open_vectors(self, folder: Path, name: str) -> VectorStore:
        """The dense leg."""
        return MilvusVectors(self._connection, f"{name}_vectors")

    def sweep(self, owner: str, keep: Collection[str]) -> None:
        """Drop stale collections."""
        with self._connection.calling("删不了旧集合") as client:
            for name in stale_collections(client.list_collections(timeout=_SECONDS), owner, keep):
                client.drop_collection(name, timeout=_SECONDS)

    def check(self) -> None:
        """Check that the server answers."""
        with self._connection.calling("没有回应") as client:
            client.list_collections(timeout=_SECONDS)

    def close(self) -> None:
        """Disconnect."""
        self._connection.close()


class _MilvusCollection:
    """An open collection that counts its rows once: what both legs have in common."""

    def __init__(self, connection: MilvusConnection, name: str) -> None:
        """Open a collection.

        Raises:
            VectorStoreError: there is none with that name.
        """
        self._connection, self._name = connection, name
        self._count: int | None = None
        with connection.calling(f"集合 {name} 打不开，请运行 assistant ingest --rebuild") as client:
            client.load_collection(name, timeout=_WRITE_SECONDS)

    def __len__(self) -> int:
        """Number of rows, read with strong consistency: a right count means that all rows can be found."""
        if self._count is None:
            with self._connection.calling("读取失败") as client:
                rows = client.query(self._name, filter="", output_fields=["count(*)"], consistency_level="Strong", timeout=_SECONDS)
            self._count = int(rows[0]["count(*)"])
        return self._count

    def _search(self, data: Any, field: str, limit: int, *, params: Mapping[str, Any], where: str) -> dict[str, float]:
        search = partial(
            MilvusClient.search,
            collection_name=self._name,
            data=[data],
            anns_field=field,
            filter=where,
            limit=limit,
            output_fields=["passage_id"],
            search_params=dict(params),
            timeout=_SECONDS,
        )
        with self._connection.calling("检索失败") as client:
            try:
                found = search(client)
            except MilvusException as exc:
                if exc.code != _NOT_LOADED:
                    raise
                client.load_collection(self._name, timeout=_WRITE_SECONDS)
                found = search(client)
        return {hit["entity"]["passage_id"]: float(hit["distance"]) for hit in found[0]}


class MilvusVectors(_MilvusCollection):
    """The dense leg."""

    _unwritten = False

    @classmethod
    def create(cls, connection: MilvusConnection, name: str, dimension: int) -> MilvusVectors:
        """A new, empty collection of vectors."""
        with connection.calling("建不了集合") as client:
            schema = _schema()
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
            indexes = MilvusClient.prepare_index_params()
            indexes.add_index("vector", index_type="HNSW", metric_type="IP", params=_as_json(_HNSW))
            client.create_collection(name, schema=schema, index_params=indexes, timeout=_WRITE_SECONDS)
        return cls(connection, name)

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add vectors in batches."""
        self._count = None
        self._unwritten = True
        for start in range(0, len(ids), _VECTOR_BATCH):
            part = slice(start, start + _VECTOR_BATCH)
            rows = [{"passage_id": i, "vector": v} for i, v in zip(ids[part], vectors[part], strict=True)]
            with self._connection.calling("写入失败") as client:
                client.insert(self._name, rows, timeout=_WRITE_SECONDS)

    def search(self, vector: Vectors, top_k: int, *, among: Collection[str] | None = None) -> list[tuple[str, float]]:
        """Nearest neighbours by inner product over Milvus's HNSW graph."""
        if top_k < 1 or not np.any(vector) or not len(self) or (among is not None and not among):
            return []
        limit = min(top_k, _MAX_HITS)
        params = {"metric_type": "IP", "params": {"ef": max(_EF, limit)}}
        hits = self._search(vector, "vector", limit, params=params, where=_one_of(among))
        return _best_first(hits)

    def get(self, ids: Sequence[str]) -> Mapping[str, Vectors]:
        """Vectors by id; unknown ids are left out."""
        vectors: dict[str, Vectors] = {}
        for start in range(0, len(ids), _VECTOR_BATCH):
            with self._connection.calling("读取失败") as client:
                rows = client.get(
                    self._name, ids=list(ids[start : start + _VECTOR_BATCH]), output_fields=["passage_id", "vector"], timeout=_SECONDS
                )
            vectors.update((row["passage_id"], np.asarray(row["vector"], dtype=np.float32)) for row in rows)
        return vectors

    def close(self) -> None:
        """Flush what was added."""
        if self._unwritten:
            with self._connection.calling("写入失败") as client:
                client.flush(self._name, timeout=_WRITE_SECONDS)


class MilvusWords(_MilvusCollection):
    """The lexical leg: one BM25 function a field; the weighted scores are summed here."""

    def __init__(self, connection: MilvusConnection, name: str, statistics: Path, weights: Mapping[str, float] = FIELD_WEIGHTS) -> None:
        """Open a collection that :meth:`build` wrote.

        Raises:
            VectorStoreError: there is no such collection.
            IndexUnavailable: there is no file of statistics.
        """
        super().__init__(connection, name)
        self._statistics = _Statistics(statistics)
        self._weights = {field: weights[field] * bm25.factor for field, bm25 in self._statistics.constants.items()}

    @classmethod
    def build(cls, connection: MilvusConnection, name: str, path: Path, entries: Iterable[LexicalEntry]) -> MilvusWords:
        """Write a new collection and the file of statistics."""
        held = list(entries)
        statistics = _Statistics.build(path, held)
        with connection.calling("写入失败") as client:
            _create_words(client, name, statistics)
            for start in range(0, len(held), _TEXT_BATCH):
                client.insert(name, [_row(entry) for entry in held[start : start + _TEXT_BATCH]], timeout=_WRITE_SECONDS)
            client.flush(name, timeout=_WRITE_SECONDS)
        return cls(connection, name, path)

    def search(self, query: str, top_k: int, *, beside: str = "", among: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The best ``top_k`` passage ids; a score is the weighted sum of the fields' BM25 scores.

        Each field is searched separately, deep enough that no passage further down can be among the best; passages found in one
        field are looked up in the others.
        Source: the threshold algorithm of Fagin, Lotem and Naor, "Optimal aggregation algorithms for middleware" (2003).
        """
        counts = weighted_tokens(query, beside)
        if not counts or top_k < 1 or (among is not None and not among):
            return []
        # A word of the query is repeated as often as it occurs there; a word beside it has half its weight.
        text = _encoded(t for token, count in counts.items() for t in [token] * round(count / BESIDE))
        depth = min(2 * top_k + 16, _MAX_HITS)
        while True:
            ranked, beyond = self._ranked(text, depth, among)
            ranked = ranked[:top_k]
            if beyond is None or depth == _MAX_HITS or (len(ranked) == top_k and ranked[-1][1] > beyond):
                return [(i, score * BESIDE) for i, score in ranked]
            depth = min(4 * depth, _MAX_HITS)

    def _ranked(self, text: str, depth: int, among: Collection[str] | None) -> tuple[list[tuple[str, float]], float | None]:
        """The passages among the ``depth`` best of any field, best first, and the most that one further down can score.

        The latter is None where no field holds more passages.
        """
        found = {field: self._bm25(field, text, depth, among) for field in self._weights}
        full = [field for field, hits in found.items() if len(hits) == depth]
        beyond = sum(self._weights[field] * min(found[field].values()) for field in full)
        known = set().union(*found.values())
        for field in full:
            if missing := sorted(known - found[field].keys()):
                found[field] |= self._bm25(field, text, len(missing), missing)
        totals = {i: sum(weight * found[field].get(i, 0.0) for field, weight in self._weights.items()) for i in known}
        return _best_first(totals), beyond if full else None

    def document_frequency(self, token: str) -> int:
        """Number of passages whose body contains the token."""
        return self._statistics.frequency(token)

    def _bm25(self, field: str, text: str, limit: int, among: Collection[str] | None) -> dict[str, float]:
        hits = self._search(text, f"{field}_bm25", limit, params={"metric_type": "BM25"}, where=_one_of(among))
        return {i: abs(score) for i, score in hits.items()}  # Milvus Lite returns negative scores, a server positive ones


@dataclass(frozen=True, slots=True)
class _Bm25:
    """Constants that make Milvus's BM25 score a field as tantivy does, and the factor between the two."""

    k1: float
    b: float
    factor: float

    @classmethod
    def like_tantivy(cls, lengths: Sequence[int]) -> _Bm25:
        """Constants for a field whose passages have these numbers of tokens.

        tantivy divides a stored length, which is rounded down, by the mean of the true lengths. Milvus divides by the mean of the stored
        lengths, which are rounded too (:func:`_padded`). k1 and b compensate for the difference.
        """
        true, stored = sum(lengths), sum(map(_stored_length, lengths))
        long = _K1 * _B * (stored / true if true else 1.0)
        k1 = _K1 * (1 - _B) + long
        return cls(k1, long / k1, (_K1 + 1) / (k1 + 1))


class _Statistics:
    """Document frequencies and each field's constants, in an SQLite file that is written once."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            IndexUnavailable: there is none.
        """
        if not path.is_file():
            raise IndexUnavailable(f"找不到词频文件 {path}。请运行 assistant ingest --rebuild")
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        rows = self._connection.execute("SELECT field, k1, b, factor FROM constants")
        self.constants = {field: _Bm25(*numbers) for field, *numbers in rows}

    @classmethod
    def build(cls, path: Path, entries: Sequence[LexicalEntry]) -> _Statistics:
        """Write the file."""
        frequencies: Counter[str] = Counter()
        lengths: dict[str, list[int]] = {field: [] for field in FIELD_WEIGHTS}
        for entry in entries:
            fields = _held(entry)
            frequencies.update(set(fields["body"]))
            for field, held in fields.items():
                lengths[field].append(len(held))
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE frequencies (token TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID")
            connection.execute("CREATE TABLE constants (field TEXT PRIMARY KEY, k1 REAL NOT NULL, b REAL NOT NULL, factor REAL NOT NULL)")
            connection.executemany("INSERT INTO frequencies VALUES (?, ?)", frequencies.items())
            rows = [(field, *astuple(_Bm25.like_tantivy(each))) for field, each in lengths.items()]
            connection.executemany("INSERT INTO constants VALUES (?, ?, ?, ?)", rows)
            connection.commit()
        return cls(path)

    def frequency(self, token: str) -> int:
        """Number of passages whose body contains a token."""
        with self._lock:
            row = self._connection.execute("SELECT passages FROM frequencies WHERE token = ?", (token,)).fetchone()
        return int(row[0]) if row else 0


def _one_of(passage_ids: Collection[str] | None) -> str:
    """The filter expression for these passages; "" for all."""
    return "" if passage_ids is None else f"passage_id in {json.dumps(sorted(passage_ids))}"


def _statistics(folder: Path) -> Path:
    return folder / "lexical" / "statistics.sqlite"


def _schema() -> Any:
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("passage_id", DataType.VARCHAR, is_primary=True, max_length=_ID_BYTES)
    return schema


def _as_json(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Parameters of an index as one JSON object, the only form that Milvus Lite and servers both read."""
    return {"params": dict(params)}


def _create_words(client: MilvusClient, name: str, statistics: _Statistics) -> None:
    schema, indexes = _schema(), MilvusClient.prepare_index_params()
    for field, bm25 in statistics.constants.items():
        schema.add_field(
            field, DataType.VARCHAR, max_length=_VARCHAR_BYTES, enable_analyzer=True, analyzer_params={"tokenizer": "standard"}
        )
        schema.add_field(f"{field}_bm25", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(Function(f"{field}_to_bm25", FunctionType.BM25, [field], [f"{field}_bm25"]))
        constants = {"bm25_k1": bm25.k1, "bm25_b": bm25.b}
        indexes.add_index(f"{field}_bm25", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=_as_json(constants))
    client.create_collection(name, schema=schema, index_params=indexes, timeout=_WRITE_SECONDS)


def _row(entry: LexicalEntry) -> dict[str, str]:
    return {"passage_id": entry.passage_id, **{field: _padded(held) for field, held in _held(entry).items()}}


def _held(entry: LexicalEntry) -> dict[str, list[str]]:
    """The tokens of each field, cut to what Milvus can hold: about 3,600 Chinese characters."""
    return {field: tokens[: _fitting(tokens)] for field, tokens in field_tokens(entry).items()}


def _fitting(tokens: Sequence[str]) -> int:
    """How many of the tokens Milvus can hold once they are encoded and padded."""
    room = _VARCHAR_BYTES
    for count, token in enumerate(tokens):
        room -= len(_encoded([token])) + 1 + 2  # a space, and at most one padding word a token
        if room < 0:
            return count
    return len(tokens)


def _encoded(tokens: Iterable[str]) -> str:
    """Tokens as words that no analyser splits: the hexadecimal digits of their UTF-16, separated by spaces.

    Milvus Lite has no tokenizer that splits at spaces only, and its standard one splits 产假, C++ and V2.1.
    """
    return " ".join(token.encode("utf-16-be", "surrogatepass").hex() for token in tokens)


def _padded(tokens: Sequence[str]) -> str:
    """A field's tokens with a meaningless word repeated until their number is twice the length that tantivy stores."""
    return _encoded(tokens) + f" {_PADDING}" * (2 * _stored_length(len(tokens)) - len(tokens))


def _stored_length(length: int) -> int:
    """A length as tantivy stores it in one byte: exact up to 39, then rounded down to four binary digits above 24.

    Source: Lucene's SmallFloat.intToByte4, which tantivy's field norms follow.
    """
    above = length - 24
    if above < 16:
        return length
    dropped = above.bit_length() - 4
    return 24 + (above >> dropped << dropped)


def _best_first(scores: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))
