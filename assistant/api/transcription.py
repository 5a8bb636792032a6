"""Speech in, text out, where a service for it is configured; the path and the form are those of the OpenAI protocol."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated

from fastapi import APIRouter, File, HTTPException, UploadFile

from assistant.api.state import Stated
from assistant.running.transcription import check_recording
from assistant.wire import schemas

router = APIRouter(tags=["听写"])

TRANSCRIPTIONS_PATH = "/v1/audio/transcriptions"


@router.get("/v1/features", summary="这个服务还会什么")
def features(state: Stated) -> schemas.FeaturesOut:
    """What is configured beyond answering."""
    return schemas.FeaturesOut(transcription=state.parts.transcriber is not None)


@router.post(TRANSCRIPTIONS_PATH, summary="把说的话写成字", responses={404: {"model": schemas.Problem}, 503: {"model": schemas.Problem}})
def transcribe(state: Stated, file: Annotated[UploadFile, File(description="录音：wav、mp3、m4a、webm 等")]) -> schemas.TranscriptionOut:
    """What is said in a recording. It goes to the configured service, and is neither stored nor logged here."""
    transcriber = state.parts.transcriber
    if transcriber is None:
        raise HTTPException(404, "没有开启听写：启动服务前请设置 ASSISTANT_TRANSCRIPTION")
    suffix = PurePosixPath(file.filename or "").suffix.removeprefix(".").lower()
    recording = file.file.read()
    check_recording(recording, suffix)
    return schemas.TranscriptionOut(text=transcriber.transcribe(recording, suffix)[: schemas.MAX_QUESTION_CHARACTERS])
