"""CPUs: the least of what affinity and control groups leave."""

import os
from pathlib import Path

import pytest

from qabot.cpus import usable


@pytest.fixture(autouse=True)
def _eight(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of eight CPUs."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)


def _quota(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cpu.max").write_text(text)


def test_without_limits_the_affinity_counts(tmp_path: Path) -> None:
    """No control groups at all."""
    assert usable(tmp_path / "none", tmp_path / "nobody") == 8


@pytest.mark.parametrize(("quota", "expected"), [("200000 100000", 2), ("150000 100000", 2), ("50000 100000", 1), ("max 100000", 8)])
def test_the_quota_counts_rounded_up(tmp_path: Path, quota: str, expected: int) -> None:
    """A container of half a CPU still has one."""
    _quota(tmp_path, quota)
    assert usable(tmp_path, tmp_path / "nobody") == expected


def test_a_group_above_may_be_the_tighter_one(tmp_path: Path) -> None:
    """The service has four, the slice that it runs in has three."""
    (tmp_path / "self").write_text("0::/slice/service\n")
    _quota(tmp_path / "slice" / "service", "400000 100000")
    _quota(tmp_path / "slice", "300000 100000")
    assert usable(tmp_path, tmp_path / "self") == 3


def test_version_1(tmp_path: Path) -> None:
    """The older files; -1 means no limit."""
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    for quota, expected in (("-1\n", 8), ("250000\n", 3)):
        (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text(quota)
        assert usable(tmp_path, tmp_path / "nobody") == expected
