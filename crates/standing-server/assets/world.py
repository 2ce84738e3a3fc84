#!/usr/bin/env python3
"""Makes world.svg, the shapes of the map, from Natural Earth (public domain) as the npm package `world-atlas` 2 hands it on.

    npm pack world-atlas && tar xzf world-atlas-*.tgz
    python3 world.py package/countries-110m.json package/countries-50m.json > world.svg      (needs PyPI's pycountry)

Each country is a path whose id is its ISO 3166-1 alpha-2 code, in the Equal Earth projection (Savric, Patterson and Jenny 2018), 1000 units wide. States too small to
be seen at 1:110m come as a dot at the middle of their 1:50m shape. Shapes say nothing about whose land is whose.
"""
import json
import math
import sys

import pycountry

# The cut lies at 169° west, in the Bering Strait, so that no country is torn.
MIDDLE = 11
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
M = math.sqrt(3) / 2


def project(lon, lat):
    t = math.asin(M * math.sin(math.radians(lat)))
    x = math.radians(lon) * math.cos(t) / (M * (A1 + 3 * A2 * t**2 + t**6 * (7 * A3 + 9 * A4 * t**2)))
    y = t * (A1 + A2 * t**2 + t**6 * (A3 + A4 * t**2))
    k = 1000 / 5.41
    return 500 + x * k, 243 - y * k


def rings(topology, geometry):
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]

    def arc(i):
        points, x, y = [], 0, 0
        for dx, dy in topology["arcs"][i if i >= 0 else ~i]:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        return points if i >= 0 else points[::-1]

    polygons = {"Polygon": [geometry.get("arcs")], "MultiPolygon": geometry.get("arcs")}[geometry["type"]]
    for polygon in polygons:
        for ring in polygon:
            points = []
            for i in ring:
                points += arc(i)[1 if points else 0 :]
            yield points


def code(geometry):
    found = pycountry.countries.get(numeric=str(geometry.get("id", "")).zfill(3))
    if found:
        return found.alpha_2
    return {"Kosovo": "XK"}.get(geometry["properties"]["name"])


def turned(points):
    """Longitudes about the middle, each within half a turn of the one before: what crosses the date line stays whole."""
    before = None
    for lon, lat in points:
        lon = (lon - MIDDLE + 180) % 360 - 180 if before is None else before + (lon - MIDDLE - before + 180) % 360 - 180
        before = lon
        yield lon, lat


def path(points, digits):
    out, last = [], None
    for lon, lat in turned(points):
        x, y = (round(v * digits) for v in project(lon, lat))
        if last is None:
            out.append(f"M{x},{y}")
        elif (x, y) != last:
            out.append(f"{x - last[0]},{y - last[1]}" if len(out) > 1 else f"l{x - last[0]},{y - last[1]}")
        last = (x, y)
    return (out[0] + " ".join(out[1:]).replace(" -", "-") + "z") if len(out) > 2 else ""


coarse, fine = (json.load(open(f, encoding="utf8")) for f in sys.argv[1:3])
seen = {}
for geometry in coarse["objects"]["countries"]["geometries"]:
    iso = code(geometry)
    if geometry["properties"]["name"] == "Antarctica":
        continue
    d = "".join(path(points, 2) for points in rings(coarse, geometry))
    seen.setdefault(iso or "other", []).append(d)
dots = {}
for geometry in fine["objects"]["countries"]["geometries"]:
    iso = code(geometry)
    if not iso or iso in seen or geometry["properties"]["name"] == "Antarctica" or not geometry.get("arcs"):
        continue
    points = max(rings(fine, geometry), key=len)
    points = list(turned(points))
    dots[iso] = project(*(sum(p[i] for p in points) / len(points) for i in (0, 1)))
print('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -16 2000 896"><g id="world">')
for iso, shapes in sorted(seen.items()):
    print(f'<path id="{iso}" d="{"".join(shapes)}"/>')
# What is too small to have a shape is a dot, drawn only where a page paints it: uncoloured dots on the open sea look like faults.
print("</g><defs>")
for iso, (x, y) in sorted(dots.items()):
    print(f'<circle id="{iso}" cx="{round(2 * x)}" cy="{round(2 * y)}" r="7"/>')
print("</defs></svg>")
