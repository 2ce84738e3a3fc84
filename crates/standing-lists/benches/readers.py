"""Reads lists as plainly as Python can, and beside it with this crate, in one run; prints the ratio.

    cargo build --release -p standing-lists --example read
    python3 crates/standing-lists/benches/readers.py [SHARED]

Python's side is lxml.iterparse (XML) or csv (tables) putting every leaf into a dict, and no more. Ours is the whole reading into
the model, with freeing it. Both get the bytes from memory and run alternately. Two ratios: on one core each, by the processor time, of
which the best of several readings is taken, so that whatever else the machine does weighs little on either side; and by the clock, ours
on all cores, theirs on the one that it can use, which tells something only on a machine that does nothing else.
SHARED is the folder with the real lists (default: ../shared beside the workspace, or STANDING_SHARED). Needs lxml.
"""

import csv
import io
import os
import pathlib
import re
import resource
import subprocess
import sys
import time

from lxml import etree

ROOT = pathlib.Path(__file__).resolve().parents[3]
SHARED = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("STANDING_SHARED", ROOT.parent / "shared"))
READ = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/examples/read"
ROUNDS = int(os.environ.get("ROUNDS", "7"))


def xml(blobs, records):
    count = 0
    for blob in blobs:
        leaves = {}
        for _, element in etree.iterparse(io.BytesIO(blob)):
            if len(element) == 0:
                leaves[element.tag] = element.text
            if element.tag.rpartition("}")[2] in records:
                count += 1
                leaves = {}
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    return count


def tables(blobs, _):
    count = 0
    for blob in blobs:
        for row in csv.reader(io.StringIO(blob.decode("latin-1"), newline="")):
            dict(enumerate(row))
            count += 1
    return count


CASES = [
    ("UN XML, three lists", xml, {"INDIVIDUAL", "ENTITY"}, ["un/2020-11-30.xml", "un/2025-04-19.xml", "un/2026-02-27.xml"]),
    ("OFAC CSV 2021-07", tables, None, [f"ofac/2021-07/{n}.csv" for n in ("sdn", "alt", "add", "sdn_comments")]),
    ("OFAC classic XML", xml, {"sdnEntry"}, ["ofac/2025-03-28-consolidated.xml"]),
    ("OFAC advanced XML", xml, {"DistinctParty", "SanctionsEntry", "IDRegDocument", "Location", "ProfileRelationship"}, ["ofac/cons_advanced.xml"]),
    ("OFAC enhanced XML", xml, {"entity"}, ["ofac/ENHANCED_XML-IRGC-2024-08-28.xml"]),
]


def used_by_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def readings(paths, rounds, cores):
    """Processor seconds of a process that opens the files and reads them so many times, and the seconds by the clock of the best reading."""
    before = used_by_children()
    env = dict(os.environ) if cores is None else dict(os.environ, RAYON_NUM_THREADS=str(cores))
    done = subprocess.run([READ, "--rounds", str(rounds), "--part", *paths], capture_output=True, check=True, text=True, env=env)
    clock = float(re.search(r"bytes in ([0-9.]+) ms", done.stdout).group(1)) / 1e3
    return used_by_children() - before, clock


def main():
    extra = [p for p in sys.argv[2:]]
    cases = CASES + [(p, xml, {"DistinctParty", "SanctionsEntry", "IDRegDocument", "Location", "ProfileRelationship", "entity", "sdnEntry"}, [p]) for p in extra]
    for name, python, records, files in cases:
        paths = [SHARED / "data/lists" / f if not os.path.isabs(f) else pathlib.Path(f) for f in files]
        if not all(p.exists() for p in paths):
            print(f"{name}: skipped: no {paths[0]}")
            continue
        blobs = [p.read_bytes() for p in paths]
        theirs, clocked, once, often, ours_clocked = [], [], [], [], []
        for _ in range(ROUNDS):
            for _ in range(5):
                start, clock = time.process_time(), time.perf_counter()
                python(blobs, records)
                theirs.append(time.process_time() - start)
                clocked.append(time.perf_counter() - clock)
                once.append(readings(paths, 1, 1)[0])
                often.append(readings(paths, 11, 1)[0])
                ours_clocked.append(readings(paths, 11, None)[1])
        # One reading is a tenth of what ten more of them take.
        a, b = min(theirs), (min(often) - min(once)) / 10
        c, d = min(clocked), min(ours_clocked)
        size = sum(map(len, blobs)) / 1e6
        print(
            f"{name}: {size:.1f} MB; one core: Python {a * 1e3:.1f} ms, ours {b * 1e3:.2f} ms: {a / b:.1f} times as fast; "
            f"by the clock, {os.cpu_count()} cores: {c * 1e3:.1f} ms, {d * 1e3:.2f} ms: {c / d:.1f} times",
            flush=True,
        )


if __name__ == "__main__":
    main()
