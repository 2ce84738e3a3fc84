"""Makes lists as large as the largest that are published, reads them with this crate and beside it as plainly as Python can, in one run.

    cargo build --release -p standing-lists --example read --example generate
    python3 crates/standing-lists/benches/large.py [SHARED]

Prints sizes, times, the ratio and the crate's peak memory (the whole process, with the file in it). XML is held against lxml.iterparse putting
every leaf into a dict; workbooks of SHARED (default: ../shared beside the workspace, or STANDING_SHARED) against openpyxl in read-only
mode putting every row into a tuple. Both run alternately, the best of ROUNDS (3) counts, of ours that of three readings in each, so that the
first touch of memory does not count on either side. Needs lxml and openpyxl.
"""

import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import openpyxl
from lxml import etree

ROOT = pathlib.Path(__file__).resolve().parents[3]
SHARED = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("STANDING_SHARED", ROOT.parent / "shared"))
EXAMPLES = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/examples"
ROUNDS = int(os.environ.get("ROUNDS", "3"))

LARGE = [
    ("OFAC advanced XML", "advanced", 19_800, {"DistinctParty", "SanctionsEntry", "IDRegDocument", "Location", "ProfileRelationship"}),
    ("EU XML 1.1", "eu", 5_600, {"sanctionEntity"}),
    ("SECO XML", "seco", 16_000, {"target", "place"}),
]

WORKBOOKS = [
    ("UK ConList XLSX 2025", "gb/ConList-2025-04-10.xlsx"),
    ("Australia XLSX 2026", "au/dfat.xlsx"),
    ("Japan XLSX 2026", "jp/shisantouketsu20260305.xlsx"),
]


def iterparse(data, records):
    leaves = {}
    for _, element in etree.iterparse(io.BytesIO(data)):
        if len(element) == 0:
            leaves[element.tag] = element.text
            leaves.update(element.attrib)
        if element.tag.rpartition("}")[2] in records:
            leaves = {}
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def workbook(data, _):
    for sheet in openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets:
        for _row in sheet.iter_rows(values_only=True):
            pass


def ours(path):
    """Milliseconds of the reading, and the process's peak memory in MB."""
    out = subprocess.run([EXAMPLES / "read", "--rounds", "3", path], capture_output=True, text=True, check=True).stdout
    time_taken, memory = re.search(r"in ([0-9.]+) ms, ([0-9]+) MB at most", out).groups()
    return float(time_taken), int(memory), out.splitlines()[0]


def measure(name, path, python, records):
    data = path.read_bytes()
    theirs, mine = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        python(data, records)
        theirs.append((time.perf_counter() - start) * 1e3)
        mine.append(ours(path))
    best, memory, first = min(mine)[0], max(m[1] for m in mine), mine[0][2]
    print(f"{name}: {len(data) / 1e6:.1f} MB; Python {min(theirs):.0f} ms, ours {best:.0f} ms: {min(theirs) / best:.1f} times as fast; {memory:.0f} MB")
    print(f"  {first}", flush=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name, kind, count, records in LARGE:
            path = pathlib.Path(folder) / f"{kind}.xml"
            subprocess.run([EXAMPLES / "generate", kind, str(count), path], check=True)
            measure(name, path, iterparse, records)
            path.unlink()
    for name, file in WORKBOOKS:
        path = SHARED / "data/lists" / file
        if path.exists():
            measure(name, path, workbook, None)
        else:
            print(f"{name}: skipped: no {path}")


if __name__ == "__main__":
    main()
