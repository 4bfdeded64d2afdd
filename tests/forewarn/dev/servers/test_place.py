"""Laws of the place that private servers live in."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

import pytest

from forewarn.dev.servers.place import PORTS, DirectoryTaken, claimed, emptied, free_ports


def test_one_run_at_a_time_has_a_directory(tmp_path: Path) -> None:
    with claimed(tmp_path), pytest.raises(DirectoryTaken), claimed(tmp_path, patience=timedelta(0)):
        pass

    with claimed(tmp_path, patience=timedelta(0)):
        pass


def test_what_an_earlier_run_left_is_not_found_again(tmp_path: Path) -> None:
    (tmp_path / "redis").mkdir()
    (tmp_path / "redis" / "log").write_text("old")

    assert list(emptied(tmp_path / "redis").iterdir()) == []


def test_free_ports_are_different_and_bindable_and_none_of_the_kernels_own() -> None:
    ports = free_ports(20)

    assert len(set(ports)) == 20
    assert all(port in PORTS for port in ports)
    for port in ports:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
