"""The routes of registration."""

from services.registration.endpoints import boards, entries, units

ROUTERS = (units.router, boards.router, entries.router)
