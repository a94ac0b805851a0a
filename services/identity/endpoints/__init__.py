"""The routes of identity."""

from services.identity.endpoints import accounts, judge_links, sessions

ROUTERS = (sessions.router, accounts.router, judge_links.router)
