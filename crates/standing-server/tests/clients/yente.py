"""yente-client and nomenklatura's yente enricher, unmodified, and FollowTheMoney's own validation of every entity they get."""

import sys
import tempfile
import urllib.request
import json

from followthemoney import ValueEntity, model
from yente_client import Client, Person

url, lists = sys.argv[1].rstrip("/"), sys.argv[2] == "yes"
seen = 0


def valid(data):
    """An entity that FollowTheMoney takes: known schema, known properties, every value clean."""
    global seen
    schema = model.get(data["schema"])
    assert schema is not None, data["schema"]
    flat = {k: [v for v in vs if isinstance(v, str)] for k, vs in data["properties"].items()}
    for name, values in data["properties"].items():
        prop = schema.get(name)
        assert prop is not None, f"{data['schema']}.{name} of {data['id']}"
        for value in values:
            if isinstance(value, dict):
                valid(value)
            else:
                assert prop.stub or prop.type.validate(value) or prop.type.name in ("name", "text", "string", "address"), (
                    f"{data['id']} {data['schema']}.{name} = {value!r}"
                )
    if flat:
        entity = model.get_proxy({"id": data["id"], "schema": data["schema"], "properties": flat}, cleaned=False)
        for name, values in flat.items():
            prop = schema.get(name)
            if not prop.stub:
                kept = entity.get(name)
                assert len(kept) >= len({v for v in values}) * 0.5, f"{name}: {values} became {kept}"
        schema.validate(entity.to_dict())
    seen += 1


client = Client(base_url=url, api_key=None)
assert client.healthz().status == "ok"
name, party = ("Abu Mohammed al Golani", "un:QDi.317") if lists else ("Taliban", "standing:taliban")
example = Person(name=[name]) if lists else __import__("yente_client").Organization(name=[name])
found = client.match(example)
assert found.results and found.results[0].score >= 0.7, found
first = found.results[0]
assert party in [first.id, *first.referents], first.id
for result in found.results:
    valid(json.loads(result.model_dump_json(by_alias=True)))
search = client.search(name)
assert search.results, search
for result in search.results:
    valid(json.loads(result.model_dump_json(by_alias=True)))
entity = client.fetch(first.id)
assert entity.id == first.id and client.datasets().datasets and client.algorithms().algorithms
with urllib.request.urlopen(f"{url}/entities/{first.id}?nested=true") as answer:
    valid(json.load(answer))
adjacent = json.load(urllib.request.urlopen(f"{url}/entities/{first.id}/adjacent"))
valid(adjacent["entity"])
# A sanction by its own id refers back; FollowTheMoney's proxies keep the reference although its grammar knows no colon.
for sanction in [s for page in adjacent["adjacent"].values() for s in page["results"]][:1]:
    own = json.load(urllib.request.urlopen(f"{url}/entities/{urllib.request.quote(sanction['id'], safe='')}"))
    proxy = ValueEntity.from_dict(own)
    assert proxy.get("entity") == [first.id], own
print(f"yente-client: match, search, entity and adjacent; first {first.id} at {first.score}")

if lists:
    # A broad page of every schema.
    for schema in ("Person", "Organization", "Vessel", "Airplane", "LegalEntity"):
        page = json.load(urllib.request.urlopen(f"{url}/search/default?schema={schema}&limit=200&q="))
        for result in page["results"]:
            valid(result)
            valid(json.load(urllib.request.urlopen(f"{url}/entities/{urllib.request.quote(result['id'], safe='')}"))) if seen % 20 == 0 else None

from nomenklatura.cache import Cache
from nomenklatura.enrich.yente import YenteEnricher
from followthemoney import Dataset
from nomenklatura.db import Session, get_engine
from followthemoney import StatementEntity

with tempfile.TemporaryDirectory() as place:
    dataset = Dataset.make({"name": "test", "title": "Test"})
    session = Session(get_engine(f"sqlite:///{place}/cache.db"))
    cache = Cache(session, dataset, create=True)
    enricher = YenteEnricher(dataset, cache, {"type": "nomenklatura.enrich.yente:YenteEnricher", "api": f"{url}/"})
    schema = "Person" if lists else "Organization"
    customer = StatementEntity.from_data(dataset, {"id": "customer-1", "schema": schema, "properties": {"name": [name]}})
    matches = list(enricher.match(customer))
    assert matches, "the enricher finds nothing"
    expanded = list(enricher.expand(customer, matches[0]))
    assert expanded and expanded[0].id == matches[0].id
    for found in [*matches, *expanded]:
        found.schema.validate(found.to_dict())
    session.close() if hasattr(session, "close") else None
print(f"nomenklatura: {len(matches)} matches, {len(expanded)} entities expanded; {seen} entities valid for FollowTheMoney")
