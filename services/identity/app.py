"""The app of identity."""

from fastapi import FastAPI

from services.identity.endpoints import ROUTERS
from services.kit.app import service_app
from services.kit.runtime import Runtime


def create(runtime: Runtime) -> FastAPI:
    return service_app("identity", "擂台 Leitai · identity", runtime, ROUTERS)
