"""Errors over HTTP: RFC 9457 problems, the OpenAI protocol's errors on its own paths, and the one table from error to status."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant import errors
from assistant.desk.briefing import BriefError
from assistant.tools.letter_files import LetterFileError
from assistant.wire.schemas import Problem
from knowledge_base.errors import CorpusError, EmbedderError, IndexUnavailable, IngestError, LoadError, VectorStoreError

logger = logging.getLogger(__name__)

STATUS_OF: Mapping[type[Exception], tuple[int, str]] = {
    errors.QuestionRefused: (422, "问题无法受理"),
    errors.ApprovalRefused: (422, "审核没有通过"),
    errors.PublishRefused: (422, "发布不了"),
    errors.NotFound: (404, "没有找到"),
    errors.Unauthorized: (401, "没有权限"),
    errors.ToolInputRefused: (422, "填得不对"),
    errors.SpeechRefused: (422, "录音无法受理"),
    errors.TranscriptionFailed: (503, "听写暂时用不了"),
    errors.StoreError: (503, "对话记录暂时用不了"),
    BriefError: (503, "简报做不出来"),
    LetterFileError: (503, "文件做不出来"),
    LoadError: (422, "文件读不了"),
    CorpusError: (422, "写得不对"),
    IngestError: (409, "知识库正忙或建不成"),
    IndexUnavailable: (503, "知识库还没有准备好"),
    EmbedderError: (503, "向量模型用不了"),
    VectorStoreError: (503, "向量库用不了"),
}

_VALIDATION = {
    "string_too_short": "不能是空的",
    "string_too_long": "太长了，请缩短到 {max_length} 字以内",
    "missing": "没有写",
    "json_invalid": "不是合法的 JSON",
    "date_from_datetime_parsing": "不是日期，请写成 2026-11-23",
    "date_parsing": "不是日期，请写成 2026-11-23",
    "string_pattern_mismatch": "只能用字母、数字、点、下划线和短横线",
}

_PROTOCOL_PATHS = ("/v1/chat/", "/v1/models")
_PROTOCOL_CODES = {401: "invalid_api_key"}

_SAID_BY_THE_FRAMEWORK = {
    400: "请求的内容读不懂，请用 UTF-8 编码的 JSON",
    404: "没有这个地址，请检查写法；/docs 列出所有地址",
    405: "这个地址不接受这种请求方法",
}


def problem(status: int, title: str, detail: str = "", instance: str = "", headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A problem+json response; on the paths of the OpenAI protocol, an error of its form."""
    found = Problem(title=title, status=status, detail=detail, instance=instance)
    if instance.startswith(_PROTOCOL_PATHS):
        status = 400 if status == 422 else status  # the protocol knows no 422
        return JSONResponse(error_body(found), status, headers=dict(headers or {}))
    return JSONResponse(found.model_dump(), status, headers=dict(headers or {}), media_type="application/problem+json")


def protocol_error(status: int, message: str, param: str | None = None, code: str | None = None) -> JSONResponse:
    """An error of the OpenAI protocol."""
    return JSONResponse({"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}, status)


def error_body(found: Problem) -> dict[str, object]:
    """A problem as the body of an OpenAI protocol's error."""
    kind = "server_error" if found.status >= 500 else "invalid_request_error"
    return {"error": {"message": found.detail or found.title, "type": kind, "param": None, "code": _PROTOCOL_CODES.get(found.status)}}


def problem_of(error: Exception) -> Problem:
    """An error of ours as a problem; anything else is a 500 that says nothing of its inside."""
    for kind, (status, title) in STATUS_OF.items():
        if isinstance(error, kind):
            return Problem(title=title, status=status, detail=str(error))
    return Problem(title="服务出错了", status=500, detail="服务内部出错，请稍后再试；反复出现请告诉管理员")


def install(app: FastAPI) -> None:
    """Answer every error of this application as a problem."""

    def ours(request: Request, exc: Exception) -> JSONResponse:
        found = problem_of(exc)
        headers = {"WWW-Authenticate": "Bearer"} if found.status == 401 else None
        return problem(found.status, found.title, found.detail, request.url.path, headers)

    def invalid(request: Request, exc: Exception) -> JSONResponse:
        assert isinstance(exc, RequestValidationError)
        faults = []
        for fault in exc.errors():
            place = ".".join(str(p) for p in fault["loc"] if p not in ("body", "query", "path"))
            said = _VALIDATION.get(fault["type"], "：" + fault["msg"].replace("{", "{{").replace("}", "}}"))
            faults.append(f"{place or '请求'}{said.format(**fault.get('ctx', {}))}")
        return problem(422, "请求有误", "；".join(dict.fromkeys(faults)), request.url.path)

    def http(request: Request, exc: Exception) -> JSONResponse:
        assert isinstance(exc, HTTPException)
        said = str(exc.detail)
        detail = _SAID_BY_THE_FRAMEWORK.get(exc.status_code, said) if said.isascii() else said
        return problem(exc.status_code, "没有这个地址" if exc.status_code == 404 else "请求无法受理", detail, request.url.path, exc.headers)

    def unexpected(request: Request, exc: Exception) -> JSONResponse:
        logger.error("unexpected error at %s", request.url.path, exc_info=exc)
        found = problem_of(exc)
        return problem(found.status, found.title, found.detail, request.url.path)

    for kind in STATUS_OF:
        app.add_exception_handler(kind, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unexpected)
