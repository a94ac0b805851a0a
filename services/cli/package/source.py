"""The files of a package, from a folder or a zip, as bytes by name."""

import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from rules.text import Text
from services.cli.package.flaws import NOWHERE, Flaw, PackageRefused

CONTEST = "contest.yaml"
MOST_BYTES = 512 * 1024 * 1024
ENDINGS = (".yaml", ".yml", ".csv", ".xlsx")


def open_package(path: Path) -> Mapping[str, bytes]:
    """Names (with `/`) → contents of what a package may have. Raises PackageRefused where there is none."""
    if path.is_dir():
        return {
            file.relative_to(path).as_posix(): file.read_bytes()
            for file in sorted(path.rglob("*"))
            if file.is_file() and _counts(file.relative_to(path).as_posix())
        }
    if not zipfile.is_zipfile(path):
        text = Text("既不是文件夹也不是 zip", "is neither a folder nor a zip")
        raise PackageRefused([Flaw(str(path), NOWHERE, "not_a_package", text, _WAY_OUT)])
    return _unzip(path)


def decode(file: str, content: bytes) -> str:
    """The text of a file in UTF-8 (with or without BOM) or GB 18030. Raises PackageRefused."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    text = Text("既不是 UTF-8 也不是 GB18030 编码", "is neither UTF-8 nor GB 18030")
    way_out = Text("用 UTF-8 另存", "save it as UTF-8")
    raise PackageRefused([Flaw(file, NOWHERE, "encoding", text, way_out)])


def _unzip(path: Path) -> Mapping[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir() and _counts(info.filename)]
        if sum(info.file_size for info in infos) > MOST_BYTES:
            text = Text("解压后过大", "is too large when unpacked")
            raise PackageRefused([Flaw(str(path), NOWHERE, "too_large", text, _WAY_OUT)])
        folders = sorted(
            (PurePosixPath(info.filename).parent.as_posix() for info in infos if _is_contest(info.filename)),
            key=len,
        )
        root = "" if not folders or folders[0] == "." else f"{folders[0]}/"
        return {
            info.filename.removeprefix(root): archive.read(info)
            for info in infos
            if info.filename.startswith(root)
        }


def _is_contest(name: str) -> bool:
    return PurePosixPath(name).name == CONTEST


def _counts(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith((".", "~", "__")) for part in path.parts)
    return path.suffix.lower() in ENDINGS and not hidden


_WAY_OUT = Text(f"给出含有 {CONTEST} 的文件夹或 zip", f"give a folder or zip that holds {CONTEST}")
