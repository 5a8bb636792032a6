"""What someone is entitled to, over HTTP: situations with plain questions, and everything that applies, each by clause."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from assistant.api.state import Stated
from assistant.api.tools import cite
from assistant.tools.entitlements import UNSURE, Asked, Entitlement, Situation, entitled_to, find_situation
from assistant.tools.words import load_words
from assistant.types import Citation
from assistant.wire import schemas, tool_schemas
from assistant.wire.tool_presenting import positions, present_source
from knowledge_base.search.retrieval import Filters

router = APIRouter(tags=["办事"])

_ERRORS: dict[int | str, dict[str, Any]] = {404: {"model": schemas.Problem}, 422: {"model": schemas.Problem}}


@router.get("/v1/entitlements", summary="我能享受什么")
def situations(state: Stated) -> tool_schemas.SituationList:
    """Every situation with its questions."""
    items = [_present(situation) for situation in state.tools.situations.values()]
    return tool_schemas.SituationList(total=len(items), items=items)


@router.post("/v1/entitlements/{name}", summary="权利、钱、期限和材料", responses=_ERRORS)
def entitlements(name: tool_schemas.Name, request: tool_schemas.EntitlementRequest, state: Stated) -> tool_schemas.Entitlements:
    """Everything that applies to the answers; what was not answered or is not known leaves nothing out."""
    situation = find_situation(state.tools.situations, name)
    found = entitled_to(situation, request.answers)
    facts = tuple(dict.fromkeys(fact for item in found for fact in item.wording.facts))
    citations = cite(state, facts, Filters(as_of=request.as_of, region=state.parts.settings.region))
    return tool_schemas.Entitlements(
        situation=situation.name,
        title=situation.title,
        items=[_present_item(item, citations) for item in found],
        sources=[present_source(citation) for citation in citations],
        official=load_words()["official"],
    )


def _present(situation: Situation) -> tool_schemas.SituationOut:
    return tool_schemas.SituationOut(
        name=situation.name, title=situation.title, questions=[_present_question(asked) for asked in situation.questions]
    )


def _present_question(asked: Asked) -> tool_schemas.QuestionOut:
    options = [tool_schemas.OptionOut(key=option.key, label=option.label) for option in asked.options]
    if options:
        options.append(tool_schemas.OptionOut(key=UNSURE, label=load_words()["unsure"]))
    return tool_schemas.QuestionOut(name=asked.name, ask=asked.ask, kind="choice" if options else "date", options=options)


def _present_item(item: Entitlement, citations: tuple[Citation, ...]) -> tool_schemas.EntitlementOut:
    return tool_schemas.EntitlementOut(
        text=item.wording.text,
        group=item.group,
        sources=positions(item.wording.facts, citations),
        tool=item.tool,
        deadline=item.deadline,
        letter=item.letter,
    )
