"""The app of the awards service."""

from fastapi import FastAPI

from services.awards.endpoints import lists, public
from services.kit.app import service_app
from services.kit.runtime import Runtime


def create(runtime: Runtime) -> FastAPI:
    return service_app("awards", "Leitai awards", runtime, [lists, public])
