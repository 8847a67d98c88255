"""A build on Ray in a process of its own, for the test that kills it: `python -m tests.ray_driver FOLDER SECONDS`."""

import sys
from pathlib import Path

from qabot.folder_store import FolderStore
from qabot.ray_build import build_on_ray
from tests.ray_encoders import noting
from tests.test_ray_build import SMALL, shelf

if __name__ == "__main__":
    root = Path(sys.argv[1])
    make = noting(root, float(sys.argv[2]))
    build_on_ray(shelf(), FolderStore(root / "index"), make, make(), SMALL, root / "shards", characters=1)
