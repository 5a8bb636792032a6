"""What the pages read from the environment."""

from __future__ import annotations

from pydantic_settings import BaseSettings, SettingsConfigDict


class UiSettings(BaseSettings):
    """Where the API is: ``ASSISTANT_API_URL``, or else the loopback address with ``ASSISTANT_API_PORT``; and the key it wants."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", extra="ignore")

    api_url: str = ""
    api_port: int = 8000
    api_key: str = ""

    @property
    def base_url(self) -> str:
        """The API's address without a trailing slash."""
        return (self.api_url or f"http://127.0.0.1:{self.api_port}").rstrip("/")
