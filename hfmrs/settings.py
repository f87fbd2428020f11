"""Everything that can be set, in one table: the environment, `hfmrs.toml` in the home folder, the docs and the help."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from graph.errors import BadInput
from graph.guard import ROWS, SECONDS
from graph.slots import NETWORK_METHODS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PREFIX = "HFMRS_"
FILE = "hfmrs.toml"


def find_home(start: Path | None = None) -> Path:
    """The home folder when none is set: the nearest `.hfmrs` at or above `start`, else the user's data folder."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / ".hfmrs").is_dir():
            return folder / ".hfmrs"
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "hfmrs"


class Settings(BaseSettings):
    """One field a setting: its environment variable is `HFMRS_` and the name in capitals, its TOML key the name."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    home: Path = Field(
        default_factory=find_home,
        description="Folder of the embedded database, runs and caches. Without it: the nearest `.hfmrs` folder at or "
        "above the working directory, else `~/.local/share/hfmrs`.",
    )
    db: str = Field("", description="Address of a Neo4j server, such as `neo4j://host:7687`. Empty: the embedded one.")
    db_user: str = Field("neo4j", description="User on that server.")
    db_password: SecretStr = Field(SecretStr(""), description="Password of that user.")
    db_name: str = Field("", description="Database on that server. Empty: the server's default.")
    reader_user: str = Field("", description="A read-only user on that server, for statements that people type.")
    reader_password: SecretStr = Field(SecretStr(""), description="Password of the read-only user.")
    heap: str = Field("", pattern=r"^(\d+[mg])?$", description="Memory of the embedded database, such as `2g`.")
    analysts_heap: str = Field(
        "",
        pattern=r"^(\d+[mg])?$",
        description="Memory of the embedded database's second process, for statements that people type. Empty: `1g`.",
    )
    host: str = Field("127.0.0.1", description="Address that the web page listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port of the web page; 0 takes any free one.")
    workers: int = Field(2, ge=1, le=64, description="Processes that answer web requests.")
    pages_ahead: int = Field(
        20_000,
        ge=0,
        le=40_000,
        description="Of how many of the most used models pages are made before anybody asks for them, in the "
        "background. They are kept in the home folder, some 8 kB each.",
    )
    query_rows: int = Field(ROWS, ge=1, description="Most rows that a typed statement returns.")
    query_seconds: float = Field(SECONDS, gt=0, description="Longest that a typed statement may run.")
    transformer_limit: int = Field(
        20_000, ge=0, description="A graph of up to so many models also gets vectors of the sentence transformer."
    )
    transformer_most_used: int = Field(
        0,
        ge=0,
        description="In a larger graph, so many of the most downloaded models get them too: on two cores without a GPU "
        "some 150 a second.",
    )
    transformer: str = Field(
        "",
        description="The sentence transformer, on the Hub or in a folder. Empty: all-MiniLM-L6-v2, which comes with "
        "the packages.",
    )
    train_limit: int = Field(
        50_000,
        ge=100,
        description="Most models that the networks learn from: half the most used, half the most used with bases or "
        "derivatives. They place all others by what they learned.",
    )
    networks: str = Field(
        "",
        pattern=r"^((gat|gcn)(,(gat|gcn))*)?$",
        description="Networks to train, such as `gat,gcn`. Empty: both for a graph of up to `train_limit` models, the "
        "graph attention network alone for a larger one.",
    )
    advise_limit: int = Field(
        1_000_000,
        ge=0,
        description="Most models of a graph whose authors get lists of what to build on next, which the last stage of "
        "a build learns. Authors without a list are answered by the network.",
    )
    device: str = Field(
        "cpu",
        pattern=r"^(cpu|cuda)$",
        description="Where the networks of the stage train, and those of `hfmrs evaluate`, learn: `cpu`, or `cuda` for "
        "an NVIDIA GPU. What is in service is placed and asked on the processor.",
    )
    seed: int = Field(0, ge=0, description="Seed of every random choice in training.")
    people: str = Field(
        "",
        pattern=r"^(|sign-in|local|none)$",
        description="Whom the page keeps likes and collections for: `sign-in`, everybody who signs in; `local`, one "
        "person without signing in, for a page that only this computer can open; `none`, nobody. Empty: `sign-in` "
        "where `oidc_client_id` is set, else `local` on a loopback address and `none` on any other.",
    )
    store: SecretStr = Field(
        SecretStr(""),
        description="Address of the private store, such as `postgresql://user:password@host/database`. Empty: "
        "`people.sqlite` in the home folder.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="What cookies are signed with; servers that share a store need the same. Empty: made once, "
        "`secret-key` in the home folder.",
    )
    oidc_issuer: str = Field("https://huggingface.co", description="Who people sign in with, by OpenID Connect.")
    oidc_client_id: str = Field("", description="What this server is called there.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Its secret there; empty for a public client.")
    rate_limit: str = Field(
        "120 per minute",
        pattern=r"^(none|\d+ per (second|minute|hour|day))$",
        description="Requests to each operation of the API and the query page that one address may make, counted in "
        "each worker process; `none` sets no limit.",
    )
    key_rate_limit: str = Field(
        "1200 per minute",
        pattern=r"^\d+ per (second|minute|hour|day)$",
        description="The same for a service with a key (`hfmrs keys`).",
    )
    page_rate_limit: str = Field(
        "300 per minute",
        pattern=r"^(none|\d+ per (second|minute|hour|day))$",
        description="Pages that one address may have made, counted in each worker process; those that were kept, "
        "suggestions, badges, parts of the map, static files and requests of this computer itself do not count. "
        "`none` sets no limit.",
    )
    cors_origins: str = Field(
        "",
        description="Sites whose pages may read the API in their visitors' browsers, such as "
        "`https://example.org,chrome-extension://ID`; `*` for all, which suits a public server. Empty: none, so that "
        "no site can look into a graph that only this computer or network reaches.",
    )
    proxies: int = Field(
        0,
        ge=0,
        le=10,
        description="How many proxies of yours stand before the page, each of which sets X-Forwarded-For and "
        "X-Forwarded-Proto.",
    )

    @property
    def reader(self) -> tuple[str, str] | None:
        """User and password of the read-only user, where one is set."""
        return (self.reader_user, self.reader_password.get_secret_value()) if self.reader_user else None

    def need_graph(self) -> None:
        """Raises `NotBuilt` where the database is the embedded one and this home has no graph."""
        from graph import embedded

        if not self.db:
            embedded.need_graph(self.home, self.db_name)

    def methods(self, models: int) -> tuple[str, ...]:
        """The networks to train on a graph of so many models."""
        if self.networks:
            return tuple(dict.fromkeys(self.networks.split(",")))
        return NETWORK_METHODS if models <= self.train_limit else NETWORK_METHODS[:1]

    @property
    def runs(self) -> Path:
        """Folder of the trained runs."""
        return self.home / "runs"

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *sources: PydanticBaseSettingsSource, **named: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is passed, then the environment; `load` passes those of the file that the environment does not set."""
        return named["init_settings"], named["env_settings"]


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def load(home: Path | None = None) -> Settings:
    """Settings from the environment and from `hfmrs.toml` in the home folder; the environment wins.

    `home`: what the command line says, before everything else. Raises `BadInput` naming the variable or the file and
    key that cannot be used.
    """
    set_home = os.environ.get(variable("home"))
    folder = home or (Path(set_home) if set_home else find_home())
    folder = folder.expanduser().absolute()
    file = folder / FILE
    values = {key: value for key, value in _read(file).items() if not os.environ.get(variable(key))}
    try:
        return Settings(**{**values, "home": folder})
    except ValidationError as error:
        problem = error.errors()[0]
        name = ".".join(str(part) for part in problem["loc"])
        place = f"{file}: {name}" if name in values else variable(name)
        known = ", ".join(sorted(set(Settings.model_fields) - {"home"}))
        hint = f"Known keys: {known}." if problem["type"] == "extra_forbidden" else "See docs/settings.md."
        raise BadInput(f"{place} cannot be used: {problem['msg'].lower()}.", hint) from None


def _read(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        values: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} is not valid TOML: {error}.", "Mend the line or remove the file.") from None
    if "home" in values:
        raise BadInput(f"{file} sets home, but it lies in that folder.", f"Set {variable('home')} instead.")
    return values
