"""A session as OpenRefine holds it, each answer checked against the published schemas of the Reconciliation API 0.2."""

import json
import pathlib
import sys
import urllib.parse
import urllib.request

import jsonschema
from referencing import Registry, Resource

url, folder, lists = sys.argv[1].rstrip("/"), pathlib.Path(sys.argv[2]), sys.argv[3] == "yes"
base = f"{url}/reconcile/default"
schemas = {}
registry = Registry()
if folder.is_dir():
    for path in folder.glob("*.json"):
        schema = json.loads(path.read_text())
        schemas[path.stem] = schema
        resource = Resource.from_contents(schema, default_specification=__import__("referencing.jsonschema", fromlist=["DRAFT7"]).DRAFT7)
        registry = registry.with_resource(path.name, resource)
        if "$id" in schema:
            registry = registry.with_resource(schema["$id"], resource)
else:
    print(f"skipped: no schemas at {folder}; the session runs unchecked")


def get(path, **query):
    with urllib.request.urlopen(f"{path}?{urllib.parse.urlencode(query)}" if query else path) as answer:
        return json.load(answer)


def post(**form):
    with urllib.request.urlopen(base, urllib.parse.urlencode({k: json.dumps(v) for k, v in form.items()}).encode()) as answer:
        return json.load(answer)


def check(value, name):
    if name in schemas:
        schema = dict(schemas[name])
        schema.pop("$schema", None)
        if name == "manifest":
            # Its `authentication` refers to a document of another site, which is not fetched.
            schema["properties"] = {k: v for k, v in schema["properties"].items() if k != "authentication"}
        jsonschema.Draft7Validator(schema, registry=registry).validate(value)
    return value


manifest = check(get(base), "manifest")
assert "0.2" in manifest["versions"]
name = "Abu Mohammed al Golani" if lists else "Taliban"
queries = {"q0": {"query": name, "limit": 3}, "q1": {"query": "Zyxwv Qqqqq", "type": "Person", "type_strict": "should"},
           "q2": {"query": name, "properties": [{"pid": "country", "v": "sy"}]}}
check(queries, "reconciliation-query-batch")
results = check(post(queries=queries), "reconciliation-result-batch")
assert results["q0"]["result"] and not results["q1"]["result"], results
assert get(base, queries=json.dumps(queries)) == results, "GET and POST differ"
first = results["q0"]["result"][0]["id"]
suggest = {k: v["service_url"] + v["service_path"] for k, v in manifest["suggest"].items()}
found = check(get(suggest["entity"], prefix=name.split()[0]), "suggest-entities-response")
assert found["result"]
check(get(suggest["property"], prefix="birth"), "suggest-properties-response")
check(get(suggest["type"], prefix="per"), "suggest-types-response")
proposed = manifest["extend"]["propose_properties"]
check(get(proposed["service_url"] + proposed["service_path"], type="Person"), "data-extension-property-proposal")
extend = {"ids": [first, "no-such-id"], "properties": [{"id": "name"}, {"id": "topics", "settings": {"limit": 1}}]}
check(extend, "data-extension-query")
rows = check(post(extend=extend), "data-extension-response")
assert rows["rows"][first]["name"], rows
with urllib.request.urlopen(manifest["preview"]["url"].replace("{{id}}", urllib.parse.quote(first))) as page:
    assert page.headers["content-type"].startswith("text/html")
print(f"reconciliation 0.2: manifest, batch, suggest, extend and preview pass {len(schemas)} schemas; first {first}")
