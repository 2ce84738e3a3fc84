"""Makes lists as large as the largest that are published, reads them with this crate and beside it as plainly as Python can, in one run.

    cargo build --release -p standing-lists --example read --example generate
    python3 crates/standing-lists/benches/large.py [SHARED]

Prints sizes, times, the ratio and the crate's peak memory (the whole process, with the file in it). XML is held against lxml.iterparse putting
every leaf into a dict; workbooks of SHARED (default: ../shared beside the workspace, or STANDING_SHARED) against openpyxl in read-only
mode putting every row into a tuple. Both run alternately. Two ratios: on one core each, by the processor time that they used, of several
rounds (ROUNDS, 3) the best, of ours what four readings in one process take more than one, divided by three; and by the clock, ours on all
cores, theirs on the one that it can use, which tells something only on a machine that does nothing else. ONLY=XLSX measures only what
has that word in its name. Needs lxml and openpyxl.
"""

import io
import os
import pathlib
import re
import resource
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
ONLY = os.environ.get("ONLY", "")

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


def used_by_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def ours(path):
    """Milliseconds of a processor for a process that reads once on one core and for one that reads four times so; milliseconds by the clock of
    the best of three readings on all cores, peak memory in MB of a process that reads once on all cores, and what it read."""
    took, clock, memory = [], 0.0, 0
    for rounds, cores in (("1", "1"), ("4", "1"), ("4", None), ("1", None)):
        before = used_by_children()
        env = dict(os.environ) if cores is None else dict(os.environ, RAYON_NUM_THREADS=cores)
        out = subprocess.run([EXAMPLES / "read", "--rounds", rounds, path], capture_output=True, text=True, check=True, env=env).stdout
        took.append(used_by_children() - before)
        found = re.search(r"bytes in ([0-9.]+) ms, ([0-9]+) MB at most", out)
        if rounds == "4":
            clock = float(found.group(1))
        memory = int(found.group(2))
    return took[0] * 1e3, took[1] * 1e3, clock, memory, out.splitlines()[0]


def measure(name, path, python, records):
    data = path.read_bytes()
    theirs, clocked, mine = [], [], []
    for _ in range(ROUNDS):
        start, clock = time.process_time(), time.perf_counter()
        python(data, records)
        theirs.append((time.process_time() - start) * 1e3)
        clocked.append((time.perf_counter() - clock) * 1e3)
        mine.append(ours(path))
    # The best of each, since a difference of chance ones would be chance.
    best = (min(m[1] for m in mine) - min(m[0] for m in mine)) / 3
    clock, memory, first = min(m[2] for m in mine), max(m[3] for m in mine), mine[0][4]
    print(
        f"{name}: {len(data) / 1e6:.1f} MB; one core: Python {min(theirs):.0f} ms, ours {best:.0f} ms: {min(theirs) / best:.1f} times as fast; "
        f"by the clock, {os.cpu_count()} cores: {min(clocked):.0f} ms, {clock:.0f} ms: {min(clocked) / clock:.1f} times; {memory} MB"
    )
    print(f"  {first}", flush=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name, kind, count, records in (large for large in LARGE if ONLY in large[0]):
            path = pathlib.Path(folder) / f"{kind}.xml"
            subprocess.run([EXAMPLES / "generate", kind, str(count), path], check=True)
            measure(name, path, iterparse, records)
            path.unlink()
    for name, file in (workbook for workbook in WORKBOOKS if ONLY in workbook[0]):
        path = SHARED / "data/lists" / file
        if path.exists():
            measure(name, path, workbook, None)
        else:
            print(f"{name}: skipped: no {path}")


if __name__ == "__main__":
    main()
