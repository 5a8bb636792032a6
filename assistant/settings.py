"""Settings, all from the environment: ``ASSISTANT_…``. The table in ``docs/settings.md`` is generated from the descriptions here."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsError


class Settings(BaseSettings):
    """What can be set. Every field is read from ``ASSISTANT_`` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", extra="ignore", frozen=True)

    data_dir: Path = Field(Path(".data"), description="索引、上传的文档和对话记录放在哪个文件夹")
    api_host: str = Field("127.0.0.1", description="API 监听的地址；不是本机地址时必须设置 ASSISTANT_ADMIN_KEY 和 ASSISTANT_API_KEY")
    api_port: int = Field(8000, ge=1, le=65535, description="API 的端口")
    ui_port: int = Field(8501, ge=1, le=65535, description="页面的端口")
    admin_key: str = Field("", description="管理文档和审核回答用的密钥，请求头 Authorization: Bearer …；空着就关闭管理接口")
    evaluator_key: str = Field("", description="看评测、跑评测用的密钥，请求头同上；管理密钥也可以；两个都空着就关闭评测接口")
    api_key: str = Field("", description="访问 API 用的密钥，请求头同上；空着就不查")
    embedder: str = Field("builtin", description="向量模型：builtin，或 sentence-transformers:本地文件夹")
    reranker: str = Field("", description="重排模型（cross-encoder）的本地文件夹；空着就不重排")
    store: str = Field(
        "embedded",
        description="索引放在哪里：embedded（数据文件夹里），chroma://主机:8000（向量在 Chroma 服务器），"
        "milvus://[用户:密码@]主机:19530（都在 Milvus），milvus:文件.db（Milvus Lite，一次一个进程）",
    )
    model: str = Field("", description="写回答的大模型：openai:模型名（OpenAI 协议的任何服务）；空着就只摘录原文")
    model_base_url: str = Field("", description="大模型服务的地址，写到 /v1 这一级；空着就是 OpenAI 官方地址")
    model_api_key: str = Field("", description="大模型服务的密钥；自建服务不要密钥的空着")
    model_timeout: float = Field(30.0, gt=0, le=600, description="等大模型写完最多多少秒；到时改为摘录原文")
    model_max_tokens: int = Field(900, ge=50, le=8000, description="大模型一次最多写多少 token")
    transcription: str = Field(
        "", description="把说话写成字的服务：openai:模型名（OpenAI 协议的 /audio/transcriptions）；空着就只用浏览器自带的听写"
    )
    transcription_base_url: str = Field("", description="听写服务的地址，写到 /v1 这一级；空着就是 OpenAI 官方地址")
    transcription_api_key: str = Field("", description="听写服务的密钥；自建服务不要密钥的空着")
    max_audio_bytes: int = Field(10_000_000, ge=1000, description="一段录音的最大字节数")
    database_url: str = Field("", description="对话记录的数据库地址，例如 postgresql://用户:密码@主机/库；空着就用数据文件夹里的 SQLite")
    retention_days: int = Field(180, ge=0, description="对话记录保留多少天，到期自动删除；0 表示一直保留")
    region: str = Field("四川省", description="默认按哪个地区回答")
    max_request_bytes: int = Field(1_000_000, ge=1000, description="普通请求的最大字节数")
    max_upload_bytes: int = Field(50_000_000, ge=1000, description="上传文档的最大字节数")
    log_level: str = Field("INFO", description="日志级别；问题的文字只在 DEBUG 级出现")

    @property
    def resolved_database_url(self) -> str:
        """The database address in force."""
        return self.database_url or f"sqlite:///{self.data_dir / 'conversations.sqlite'}"

    @property
    def database_exists(self) -> bool:
        """Whether there is a database to open: one that was named, or the file that the service made."""
        return bool(self.database_url) or (self.data_dir / "conversations.sqlite").exists()

    @property
    def uploads(self) -> Path:
        """Folder of documents that were added over HTTP."""
        return self.data_dir / "uploads"


def load_settings() -> Settings:
    """Settings from the environment.

    Raises:
        SettingsError: a value is not of its kind, or the API would be open to other machines without keys.
    """
    try:
        settings = Settings()
    except ValidationError as exc:
        faults = "；".join(f"ASSISTANT_{'_'.join(map(str, e['loc'])).upper()}：{e['msg']}" for e in exc.errors())
        raise SettingsError(f"设置有误：{faults}。请改好环境变量再启动") from exc
    if not _is_loopback(settings.api_host) and not (settings.admin_key and settings.api_key):
        raise SettingsError(
            f"ASSISTANT_API_HOST={settings.api_host} 会让别的机器访问，但没有设密钥。请设置 ASSISTANT_API_KEY 和 ASSISTANT_ADMIN_KEY，"
            "或改回 127.0.0.1"
        )
    return settings


def settings_table() -> str:
    """The settings as a Markdown table. ``docs/settings.md`` contains it, and a test compares the two."""
    rows = ["| 环境变量 | 默认 | 说明 |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = f"`{field.default}`" if str(field.default) else "（空）"
        rows.append(f"| `ASSISTANT_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
