"""The routes of registration."""

from services.registration.endpoints import boards, entries, imports, units

ROUTERS = (imports.router, units.router, boards.router, entries.router)
