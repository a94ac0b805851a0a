"""`/trust`: the page, over plain HTTP, that helps a tablet to trust this installation's authority."""

from html import escape
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from services.gateway.pages import SECURITY
from services.gateway.tls import Identity

_HERE = Path(__file__).parent


def trust_app(identity: Identity, url: str) -> Starlette:
    """The plain HTTP app beside the platform at `url`; every other address leads to the page."""
    page = (_HERE / "trust.html").read_text(encoding="utf-8")
    page = page.format(url=escape(url, quote=True), fingerprint=identity.fingerprint)

    def show(_request: Request) -> Response:
        return HTMLResponse(page, headers=SECURITY)

    def style(_request: Request) -> Response:
        return FileResponse(_HERE / "trust.css", headers=SECURITY)

    def certificate(_request: Request) -> Response:
        named = {"Content-Disposition": 'attachment; filename="leitai.crt"'}
        return Response(
            identity.authority.public_bytes(Encoding.DER), 200, named, "application/x-x509-ca-cert"
        )

    def elsewhere(_request: Request) -> Response:
        return RedirectResponse("/trust", 302)

    return Starlette(
        routes=[
            Route("/trust", show),
            Route("/trust.css", style),
            Route("/leitai.crt", certificate),
            Route("/{rest:path}", elsewhere),
        ]
    )
