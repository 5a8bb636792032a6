"""Settings of the evals from the environment: the key of a measured service, models that judge or answer in a baseline. No others."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class EvalSettings(BaseSettings):
    """Every field is read from ``EVALS_`` and its name in capitals. Empty addresses switch the models off: the default."""

    model_config = SettingsConfigDict(env_prefix="EVALS_", extra="ignore", frozen=True)

    api_key: str = Field("", description="用 --url 评测的服务要的密钥（它的 ASSISTANT_API_KEY）")
    judge_url: str = Field("", description="评审模型的地址（OpenAI 协议，到 /v1 为止）；空着就不用模型评审")
    judge_model: str = Field("", description="评审模型的名字")
    judge_key: str = Field("", description="评审模型的密钥")
    llm_url: str = Field("", description="对照基线用的语言模型地址（OpenAI 协议，到 /v1 为止）；空着就不跑带模型的对照")
    llm_model: str = Field("", description="对照基线用的语言模型名字")
    llm_key: str = Field("", description="对照基线用的语言模型密钥")
