"""What a process hands to its services: settings, database, Redis, clock."""

from dataclasses import dataclass, field

import redis.asyncio

from services.kit.access import PrincipalCache
from services.kit.clock import Clock, utc_now
from services.kit.database import Database
from services.kit.sealed import Sealer
from services.kit.settings import Settings


@dataclass(frozen=True)
class Runtime:
    """One per process; in the embedded platform all services share it."""

    settings: Settings
    database: Database
    redis: "redis.asyncio.Redis"
    sealer: Sealer
    clock: Clock = utc_now
    principals: PrincipalCache = field(default_factory=PrincipalCache)

    @classmethod
    def of(cls, settings: Settings) -> "Runtime":
        """Open what the settings name. Nothing connects before its first use."""
        return cls(
            settings=settings,
            database=Database(settings.database),
            redis=redis.asyncio.Redis.from_url(settings.redis_url),
            sealer=Sealer(settings.secret.get_secret_value()),
        )

    async def close(self) -> None:
        await self.redis.aclose()
        self.database.close()
