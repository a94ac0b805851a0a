"""Every fact, by context. Importing this package registers them all."""

from schemas.events import awards, contributions, registrations, scores, standings, suggestions

__all__ = ["awards", "contributions", "registrations", "scores", "standings", "suggestions"]
