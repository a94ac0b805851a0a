"""What an order makes of a screen. Pure."""

from services.leaderboard.screens.resources import Command, Screen, Setting


def commanded(screen: Screen, command: Command) -> Screen:
    """The screen after an order."""
    match command.order:
        case "next":
            change = {"turn": screen.turn + 1, "mode": "boards"}
        case "previous":
            change = {"turn": screen.turn - 1, "mode": "boards"}
        case "hold":
            change = {"hold": True}
        case "go":
            change = {"hold": False}
        case "reveal":
            change = {"mode": "reveal", "reveal": command.reveal}
        case "boards" | "safe" as mode:
            change = {"mode": mode}
    return screen.model_copy(update={**change, "revision": screen.revision + 1})


def set_up(screen: Screen, setting: Setting) -> Screen:
    """The screen with another setting."""
    return screen.model_copy(update={**setting.model_dump(), "revision": screen.revision + 1})
