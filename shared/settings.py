"""Every setting of the suite, typed, read once from the environment, and described where it is defined.

A secret `X` can also be given as `X_FILE`, a path. Nothing here has a default that is a password.
"""

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from shared.applying import Applying
from shared.awarding import Awarding
from shared.connecting import Connecting
from shared.counts import Counts
from shared.gathering import Gathering
from shared.keeping import Keeping
from shared.limiting import Limiting
from shared.listening import Listening
from shared.mailings import Mailings
from shared.paying import Paying
from shared.periods import ASSET_FRESH_DAYS, CONNECTION_WAIT_DAYS, AssetFreshDays, ConnectionWaitDays
from shared.rights import Rights
from shared.safeguarding import Safeguarding
from shared.surveying import Surveying

SERVICES = ("gateway", "members", "measures", "grants")
"""The services that own a database and sign tokens. The admin frontend has neither: it is a client of the gateway."""


class SettingsError(Exception):
    """The environment cannot be used. The text names each variable and what is wrong, and never repeats a value."""


class _SecretFiles(PydanticBaseSettingsSource):
    """Reads `X_FILE` for each secret `X`, as container platforms mount them."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str | None, str, bool]:
        alias = field.alias or field_name
        path = os.environ.get(f"{alias}_FILE") if _is_secret(field) else None
        if not path:
            return None, alias, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), alias, False
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{alias}_FILE: the file cannot be read ({type(error).__name__})") from None

    def __call__(self) -> dict[str, str]:
        found = (self.get_field_value(field, name) for name, field in self.settings_cls.model_fields.items())
        return {alias: value for value, alias, _ in found if value is not None}


_DATABASES = ("postgresql://", "postgresql+psycopg://", "postgres://", "sqlite:///")


class Settings(
    Applying,
    Awarding,
    Connecting,
    Counts,
    Gathering,
    Keeping,
    Limiting,
    Listening,
    Mailings,
    Paying,
    Rights,
    Safeguarding,
    Surveying,
):
    """What the environment says. Field by field, or by the variable's name: `Settings(data_dir=…)` in tests."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, populate_by_name=True, hide_input_in_errors=True
    )

    data_dir: Path = Field(
        Path("data"), alias="BACKBONE_DATA_DIR", description="folder of the databases, the log and the secrets"
    )
    host: str = Field("127.0.0.1", alias="BACKBONE_HOST", description="address to listen on")
    port: int = Field(
        8000, ge=0, le=65535, alias="BACKBONE_PORT", description="port of the gateway, or of a service alone"
    )
    admin_port_set: int | None = Field(
        None, ge=0, le=65535, alias="BACKBONE_ADMIN_PORT", description="port of the admin pages (default: the next one)"
    )
    public_url: str = Field(
        "", alias="BACKBONE_PUBLIC_URL", description="address of the gateway as others see it, for links and signatures"
    )
    movement: str = Field(
        "My movement", min_length=1, alias="BACKBONE_MOVEMENT", description="name of the movement made at first start"
    )
    bootstrap_key: SecretStr | None = Field(
        None, min_length=32, alias="BACKBONE_BOOTSTRAP_KEY", description="the first platform key, 32 characters or more"
    )
    database: SecretStr | None = Field(
        None,
        alias="DATABASE_URL",
        description="postgresql://… with `{service}` for its name (default: SQLite files in the data folder)",
    )
    database_pool: int = Field(
        16, ge=1, le=500, alias="DATABASE_POOL", description="connections each service keeps to PostgreSQL"
    )
    bus: str | None = Field(
        None,
        pattern="^(kafka|sqlite)://",
        alias="BUS_URL",
        description="kafka://host:9092,host2:9092 (default: an SQLite log in the data folder)",
    )
    gateway_url: str = Field("asgi://gateway", alias="GATEWAY_URL", description="where the gateway is")
    members_url: str = Field("asgi://members", alias="MEMBERS_URL", description="where members is")
    measures_url: str = Field("asgi://measures", alias="MEASURES_URL", description="where measures is")
    grants_url: str = Field("asgi://grants", alias="GRANTS_URL", description="where grants is")
    cpu_idle: float = Field(
        60.0, gt=0, alias="BACKBONE_CPU_IDLE", description="seconds without work until the CPU process is ended"
    )
    webhooks_to_loopback: bool = Field(
        False,
        alias="BACKBONE_WEBHOOKS_TO_LOOPBACK",
        description="let webhooks, and calls of mailing tools, go to this machine (development)",
    )
    outbox_retention_days: int = Field(
        7, ge=1, alias="BACKBONE_OUTBOX_RETENTION_DAYS", description="days that published outbox rows are kept"
    )
    connection_wait_days: ConnectionWaitDays = Field(
        CONNECTION_WAIT_DAYS,
        alias="BACKBONE_CONNECTION_WAIT_DAYS",
        description="days until what an introduction waits for is overdue, as JSON; others keep theirs",
    )
    asset_fresh_days: AssetFreshDays = Field(
        ASSET_FRESH_DAYS,
        alias="BACKBONE_ASSET_FRESH_DAYS",
        description="days until an unverified asset of a kind goes stale, as JSON; kinds left out keep theirs",
    )
    power_share: float = Field(
        0.5,
        gt=0,
        lt=1,
        alias="BACKBONE_POWER_SHARE",
        description="share above which the power audit calls something the backbone's (our choice: the majority)",
    )
    handover_days: int = Field(
        28,
        ge=1,
        le=3650,
        alias="BACKBONE_HANDOVER_DAYS",
        description="days in which what somebody held who left is to be settled",
    )
    affirmation_days: int = Field(
        365,
        ge=1,
        alias="BACKBONE_AFFIRMATION_DAYS",
        description="days that a nomination of a champion holds; after that whoever gave it can give it anew",
    )
    return_due_days: int = Field(
        28,
        ge=0,
        le=3650,
        alias="BACKBONE_RETURN_DUE_DAYS",
        description="days after a period until its figures are due, where an adoption does not say otherwise",
    )
    marketing_by_yes_alone: tuple[Literal["email", "sms", "phone", "post", "in_person"], ...] = Field(
        ("email", "sms"),
        alias="BACKBONE_MARKETING_BY_YES_ALONE",
        description="channels over which direct marketing needs a yes, as JSON (UK: PECR 2003, regulation 22)",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", alias="BACKBONE_LOG_LEVEL", description="least severe log line that is written"
    )
    secrets_dir_set: Path | None = Field(
        None, alias="BACKBONE_SECRETS_DIR", description="folder of made secrets (default: `secrets` in the data folder)"
    )
    signing_key: SecretStr | None = Field(
        None,
        alias="BACKBONE_SIGNING_KEY",
        description="the service's private Ed25519 key, a JWK; its kid starts with the name",
    )
    verify_keys: SecretStr | None = Field(
        None, alias="BACKBONE_VERIFY_KEYS", description="the public keys of all services, a JWKS"
    )
    encryption_keys: SecretStr | None = Field(
        None, alias="BACKBONE_ENCRYPTION_KEYS", description="`id:base64` of 32 bytes, the newest first, comma-separated"
    )
    safeguarding_keys: SecretStr | None = Field(
        None,
        alias="BACKBONE_SAFEGUARDING_KEYS",
        description="the keys that seal safeguarding's tables and nothing else, in the same form (members only)",
    )
    equality_keys: SecretStr | None = Field(
        None,
        alias="BACKBONE_EQUALITY_KEYS",
        description="the keys that lead from people to their equality answers, in the same form (members only)",
    )
    key_pepper: SecretStr | None = Field(
        None, min_length=32, alias="BACKBONE_KEY_PEPPER", description="hashes API keys; 32 characters or more"
    )
    cursor_key: SecretStr | None = Field(
        None, min_length=32, alias="BACKBONE_CURSOR_KEY", description="signs list cursors; 32 characters or more"
    )

    @classmethod
    def load(cls, service: str | None = None) -> Self:
        """The settings of this process: of one service alone, or (None) of the whole suite in one process.

        Raises SettingsError, naming every variable at fault.
        """
        try:
            settings = cls()
        except ValidationError as error:
            raise SettingsError("; ".join(f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors())) from None
        settings._fit_for(service)
        return settings

    def _fit_for(self, service: str | None) -> None:
        if service is None:
            if self.database is not None and "{service}" not in self.database.get_secret_value():
                raise SettingsError("DATABASE_URL: needs {service} in it, for each service has a database of its own")
        elif service in SERVICES:
            wanted = {"DATABASE_URL": self.database, "BUS_URL": self.bus}
            missing = " and ".join(name for name, value in wanted.items() if value is None)
            if missing:
                raise SettingsError(f"{service} alone needs {missing}: processes do not share files")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _SecretFiles(settings_cls)

    @property
    def admin_port(self) -> int:
        """The port of the admin pages: the one after the gateway's unless set. 0 stays 0, the system's choice."""
        if self.admin_port_set is not None:
            return self.admin_port_set
        return self.port + 1 if self.port else 0

    @property
    def secrets_dir(self) -> Path:
        """The folder of the secrets that were made at first start."""
        return self.secrets_dir_set or self.data_dir / "secrets"

    @field_validator("database")
    @classmethod
    def _known_database(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(_DATABASES):
            raise ValueError("begins with postgresql:// or sqlite:///")
        return url

    @property
    def bus_url(self) -> str:
        """`kafka://…`, or `sqlite:///` and the path of the log."""
        return self.bus or f"sqlite:///{self.data_dir.absolute() / 'bus.db'}"

    def database_url(self, service: str) -> str:
        """The SQLAlchemy URL of one service's database."""
        if self.database is None:
            return f"sqlite:///{self.data_dir.absolute() / service}.db"
        return self.database.get_secret_value().replace("{service}", service).replace("postgres://", "postgresql://", 1)

    def upstream_url(self, service: str) -> str:
        """Where another service is: `asgi://members` in this process, `http://members:8000` elsewhere."""
        urls = {
            "gateway": self.gateway_url,
            "members": self.members_url,
            "measures": self.measures_url,
            "grants": self.grants_url,
        }
        return urls[service]


def _is_secret(field: FieldInfo) -> bool:
    return "SecretStr" in str(field.annotation)


def table() -> str:
    """All settings as a Markdown table, for the documentation."""
    rows = ["| variable | default | what it is |", "|---|---|---|"]
    for field in Settings.model_fields.values():
        names = f"`{field.alias}`" + (f" or `{field.alias}_FILE`" if _is_secret(field) else "")
        default = "" if field.default in (None, "") else f"`{field.default}`"
        rows.append(f"| {names} | {default} | {field.description} |")
    return "\n".join(rows)
