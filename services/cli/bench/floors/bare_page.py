"""A bare FastAPI route that answers with ready-made bytes of a given length.

python -m services.cli.bench.floors.bare_page PORT
"""

import sys

import uvicorn
import uvloop
from fastapi import FastAPI, Response

from services.cli.server import config
from services.kit.settings import Settings, make_secret


def create() -> FastAPI:
    app = FastAPI()

    @app.get("/bytes/{length}")
    async def answer(length: int) -> Response:
        return Response(bytes(length), media_type="application/json")

    return app


def main() -> None:
    settings = Settings(secret=make_secret(), port=int(sys.argv[1]))
    uvloop.run(uvicorn.Server(config(create(), settings)).serve())


if __name__ == "__main__":
    main()
