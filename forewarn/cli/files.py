"""What a file says, or stdin."""

from pathlib import Path

import typer

from forewarn.cli.trouble import Kind, Trouble


def bytes_of(file: str) -> bytes:
    """The bytes of the file; `-` is stdin. Raises Trouble when there is none."""
    if file == "-":
        return typer.get_binary_stream("stdin").read()
    try:
        return Path(file).read_bytes()
    except OSError as fault:
        raise Trouble(Kind.USAGE, f"{file}: {fault.strerror}") from None
