"""The port that a command is to listen on."""

import socket

import click


def require_free(host: str, port: int, remedy: str) -> None:
    """Raises ClickException where nobody can listen there, so that nothing is started for a taken port.

    `remedy` names the option or variable that chooses another.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise click.ClickException(
            f"无法监听 · cannot listen on {host}:{port}: {error.strerror}; {remedy}"
        ) from None
