"""Every environment variable of the service, typed, with its unit and its default.

No other module reads the environment. Without ``ELEVENLABS_API_KEY`` the built-in stand-in answers
for ElevenLabs, and missing secrets of ours are made once and kept in ``DATA_DIR``.
"""

import hmac
import os
import re
import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from booking_core.availability import Rules
from booking_core.zones import find_zone

SHORTEST_SECRET: Final = 32
"""Characters of a secret we choose ourselves; ElevenLabs' own are taken as they are."""

REQUIRED_WITH_KEY: Final = (
    "elevenlabs_agent_id",
    "elevenlabs_webhook_secret",
    "agent_tools_secret",
    "session_secret",
    "staff_api_token",
)
OUR_SECRETS: Final = ("agent_tools_secret", "session_secret", "staff_api_token", "relay_api_key")


class Settings(BaseSettings):
    """All there is to set. Field names are the environment's names in lower case."""

    model_config = SettingsConfigDict(
        env_file=".env", frozen=True, extra="ignore", env_ignore_empty=True
    )

    database_url: SecretStr | None = None
    database_direct_url: SecretStr | None = None
    data_dir: Path = Path("var")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    public_url: str | None = None
    trusted_proxies: str = "127.0.0.1"

    elevenlabs_api_key: SecretStr | None = None
    elevenlabs_base_url: str | None = None
    elevenlabs_agent_id: str | None = None
    elevenlabs_webhook_secret: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    agent_tools_secret: SecretStr | None = None
    session_secret: SecretStr | None = None
    staff_api_token: SecretStr | None = None

    relay_api_key: SecretStr | None = None
    relay_allow_unsigned: bool | None = None
    relay_agents: Annotated[tuple[str, ...], NoDecode] = ()
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    relay_sessions: Annotated[int, Field(ge=1)] = 200
    relay_sessions_per_visitor: Annotated[int, Field(ge=1)] = 5
    relay_sessions_per_hour: Annotated[int, Field(ge=1)] = 60
    relay_longest_minutes: Annotated[int, Field(ge=1)] = 60
    relay_token_minutes: Annotated[int, Field(ge=1, le=15)] = 5
    relay_connect_seconds: Annotated[int, Field(ge=1, le=60)] = 10

    business_timezone: str = "UTC"
    business_phone: str | None = None
    max_webhook_bytes: Annotated[int, Field(ge=1024)] = 32 * 1024 * 1024
    raw_event_days: Annotated[int, Field(ge=0)] = 7
    store_audio: bool = False
    conversion_policy: Literal["asked", "off"] = "asked"

    hold_minutes: Annotated[int, Field(ge=1, le=60)] = 5
    holds_per_caller: Annotated[int, Field(ge=1)] = 3
    consultant_daily_limit: Annotated[int, Field(ge=1)] | None = None
    horizon_in_business_days: bool = False
    release_unpaid_after_hours: Annotated[int, Field(ge=1)] | None = None

    @field_validator("elevenlabs_webhook_secret", mode="before")
    @classmethod
    def split_at_commas(cls, value: object) -> object:
        """Several secrets, comma-separated, are all good while one replaces the other."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("relay_agents", "allowed_origins", mode="before")
    @classmethod
    def split_names(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("business_timezone")
    @classmethod
    def must_be_known(cls, value: str) -> str:
        if find_zone(value) is None:
            raise ValueError(f"{value!r} is no time zone; write one such as Europe/London")
        return value

    @field_validator("business_phone")
    @classmethod
    def must_be_international(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"\+[\d ()/.-]{6,30}", value):
            raise ValueError(f"{value!r} is no number; write one such as +44 20 7946 0000")
        return value

    @model_validator(mode="after")
    def must_be_complete_with_a_key(self) -> "Settings":
        """With a real key nothing is made up: what is missing or too short is named."""
        if self.uses_stand_in:
            return self
        missing = [name.upper() for name in REQUIRED_WITH_KEY if not getattr(self, name)]
        if missing:
            raise ValueError(f"ELEVENLABS_API_KEY is set, so these must be too: {missing}")
        short = [
            name.upper()
            for name in OUR_SECRETS
            if (secret := getattr(self, name)) is not None
            and len(secret.get_secret_value()) < SHORTEST_SECRET
        ]
        if short:
            raise ValueError(f"shorter than {SHORTEST_SECRET} characters: {short}")
        return self

    @property
    def uses_stand_in(self) -> bool:
        """Whether the built-in stand-in answers for ElevenLabs."""
        return self.elevenlabs_api_key is None

    @property
    def platform_url(self) -> str:
        """Where ElevenLabs' API is, or the stand-in for it: our own, on this machine."""
        if self.elevenlabs_base_url:
            return self.elevenlabs_base_url.rstrip("/")
        if not self.uses_stand_in:
            return "https://api.elevenlabs.io"
        any_address = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104
        host = any_address.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/stand-in"

    @property
    def platform_key(self) -> str:
        """The key of ElevenLabs' API; for the stand-in, one that nobody else can know."""
        if self.elevenlabs_api_key is not None:
            return self.elevenlabs_api_key.get_secret_value()
        return self.derive_key("stand-in").hex()

    @property
    def allows_unsigned(self) -> bool:
        """Whether an agent's id alone opens a conversation."""
        allowed = self.relay_allow_unsigned
        return self.uses_stand_in if allowed is None else allowed

    @property
    def agents(self) -> tuple[str, ...]:
        """Agents that visitors may talk to; empty, with the stand-in alone: it plays any."""
        own = (self.elevenlabs_agent_id,) if self.elevenlabs_agent_id else ()
        return (*own, *self.relay_agents)

    def derive_key(self, purpose: str) -> bytes:
        """A key of its own for each purpose, from ``SESSION_SECRET``."""
        assert self.session_secret is not None  # load_settings and the validator see to it
        secret = self.session_secret.get_secret_value().encode()
        return hmac.digest(secret, purpose.encode(), "sha256")

    @property
    def uses_embedded_database(self) -> bool:
        return self.database_url is None

    @property
    def rules(self) -> Rules:
        """What limits bookings beside what each service says of itself."""
        return Rules(
            consultant_daily_limit=self.consultant_daily_limit,
            horizon_in_business_days=self.horizon_in_business_days,
        )

    @cached_property
    def base_url(self) -> str:
        """Where people reach us, without a slash at the end; never taken from a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def base_path(self) -> str:
        """What stands before our paths where a proxy serves us under one; else empty."""
        return urlsplit(self.base_url).path

    @property
    def webhook_secrets(self) -> tuple[bytes, ...]:
        return tuple(
            secret.get_secret_value().encode() for secret in self.elevenlabs_webhook_secret
        )


def load_settings() -> Settings:
    """Read the environment, and make the secrets that are missing where the stand-in answers."""
    settings = Settings()
    if not settings.uses_stand_in:
        return settings
    made: dict[str, object] = {
        name: SecretStr(keep_secret(settings.data_dir, name))
        for name in OUR_SECRETS
        if getattr(settings, name) is None
    }
    if not settings.elevenlabs_webhook_secret:
        secret = keep_secret(settings.data_dir, "elevenlabs_webhook_secret")
        made["elevenlabs_webhook_secret"] = (SecretStr(secret),)
    return settings.model_copy(update=made)


def keep_secret(data_dir: Path, name: str) -> str:
    """The secret of this name in ``DATA_DIR/secrets``, made at the first call; mode 0600."""
    folder = data_dir / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        secret = secrets.token_urlsafe(SHORTEST_SECRET)
        file.write(secret)
    return secret
