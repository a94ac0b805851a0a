"""The app of registration."""

from fastapi import FastAPI

from services.kit.app import service_app
from services.kit.runtime import Runtime
from services.registration.endpoints import ROUTERS


def create(runtime: Runtime) -> FastAPI:
    return service_app("registration", "擂台 Leitai · registration", runtime, ROUTERS)
