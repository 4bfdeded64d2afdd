"""As whom, and where, a server runs that refuses to run as root."""

from __future__ import annotations

import os
import pwd
import tempfile
from pathlib import Path

from forewarn.dev.servers.private import ServerFailed


def unprivileged_user() -> pwd.struct_passwd | None:
    """Choose the user if we are root; None is ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def home_for(user: pwd.struct_passwd | None, directory: Path) -> Path:
    """Give the directory itself if the user can get there (root's own home is closed), else a new one."""
    if user is None or _reaches(user, directory):
        return directory
    for parent in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):
        if _reaches(user, parent / "anything"):
            return Path(tempfile.mkdtemp(prefix="forewarn-postgres-", dir=parent))
    raise ServerFailed(f"The user {user.pw_name} can reach neither {directory} nor /tmp.")


def _reaches(user: pwd.struct_passwd, path: Path) -> bool:
    """Whether the user may enter every directory above the path."""
    return all(_may_enter(user, parent.stat()) for parent in path.resolve().parents)


def _may_enter(user: pwd.struct_passwd, directory: os.stat_result) -> bool:
    if directory.st_uid == user.pw_uid:
        return bool(directory.st_mode & 0o100)
    if directory.st_gid == user.pw_gid:
        return bool(directory.st_mode & 0o010)
    return bool(directory.st_mode & 0o001)
