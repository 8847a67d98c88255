"""How many CPUs this process may use, which in a container is not what the host has."""

import os
from pathlib import Path

_CGROUPS = Path("/sys/fs/cgroup")


def usable(cgroups: Path = _CGROUPS, membership: Path = Path("/proc/self/cgroup")) -> int:
    """The CPUs that the affinity mask and the control group's quota (version 2 or 1) leave, rounded up, at least 1."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quotas = [quota for quota in (_version_2(cgroups, membership), _version_1(cgroups / "cpu")) if quota is not None]
    return max(1, min([allowed, *(-int(-quota // 1) for quota in quotas)]))


def _version_2(cgroups: Path, membership: Path) -> float | None:
    """The least quota of the process's group and of those above it, in CPUs; None where there is none."""
    lines = _read(membership).splitlines()
    group = next((line[3:].strip("/") for line in lines if line.startswith("0::")), "")
    folder, found = cgroups / group, []
    while True:
        words = _read(folder / "cpu.max").split()
        if len(words) == 2 and words[0].isdigit():
            found.append(int(words[0]) / int(words[1]))
        if folder == cgroups or cgroups not in folder.parents:
            return min(found, default=None)
        folder = folder.parent


def _version_1(folder: Path) -> float | None:
    quota, period = _read(folder / "cpu.cfs_quota_us").strip(), _read(folder / "cpu.cfs_period_us").strip()
    return int(quota) / int(period) if quota.isdigit() and period.isdigit() and int(period) else None


def _read(path: Path) -> str:
    """The file's text; "" where this system has no such file, which is the answer there."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
