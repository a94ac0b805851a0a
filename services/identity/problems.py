"""What identity refuses."""

from rules.text import Text
from services.kit.problems import Problem


class SignInRefused(Problem):
    slug, status = "sign-in-refused", 401
    title = Text("账号或密码不对", "The account or the password is wrong")


class TooManyAttempts(Problem):
    """`retry_after` says in how many seconds the next attempt is heard."""

    slug, status = "too-many-attempts", 429
    title = Text("登录失败次数过多，暂时锁定", "Too many failed attempts: locked for a while")


class LoginTaken(Problem):
    """`existing` is the account that has it."""

    slug, status = "login-taken", 409
    title = Text("账号名已被使用", "The login name is taken")


class PasswordTooWeak(Problem):
    slug, status = "password-too-weak", 422
    title = Text("密码不合要求", "The password does not do")


class LastAdministrator(Problem):
    slug, status = "last-administrator", 409
    title = Text("这是最后一位管理员", "This is the last administrator")


class LinkUnknown(Problem):
    slug, status = "judge-link-unknown", 404
    title = Text("裁判链接无效", "This judge link is not known")


class LinkSpent(Problem):
    """`state` is `revoked`, `expired` or `elsewhere` (used on another device)."""

    slug, status = "judge-link-spent", 409
    title = Text("裁判链接已不能使用", "This judge link can no longer be used")
