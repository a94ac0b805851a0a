"""The app of the suggestions service."""

from fastapi import FastAPI

from services.kit.app import service_app
from services.kit.runtime import Runtime
from services.suggestions.endpoints import commands, queries


def create(runtime: Runtime) -> FastAPI:
    return service_app("suggestions", "Leitai suggestions", runtime, [commands, queries])
