"""The composition root of the embedded platform: every service in one ASGI app."""
