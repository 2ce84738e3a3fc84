//! `/openapi.json` and the answers hold each other equal: what is described is there, and nothing is there that is not described.
//!
//! Clients are generated from the description, so a key that the library gained and the description did not would be lost on them, and
//! one that it lost would break them.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test stops where something is not as it must be

mod serving;

use std::collections::BTreeSet;

use serde_json::Value;
use serving::{Server, lines, ok, three, word_of};

/// What is wrong with a value, as a schema of the document sees it; keys that it does not know are wrong.
fn differences(document: &Value, schema: &Value, value: &Value, place: &str, wrong: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let target = document
            .pointer(name.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{name} is described nowhere"));
        return differences(document, target, value, place, wrong);
    }
    for all in schema["allOf"].as_array().into_iter().flatten() {
        differences(document, all, value, place, wrong);
    }
    for key in ["oneOf", "anyOf"] {
        let Some(several) = schema[key].as_array() else {
            continue;
        };
        let one_fits = several.iter().any(|one| {
            let mut own = BTreeSet::new();
            differences(document, one, value, place, &mut own);
            own.is_empty()
        });
        if !one_fits {
            wrong.insert(format!("{place}: {value} is none of what is described"));
        }
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let fits = types.is_empty()
        || types.iter().any(|t| match *t {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            other => panic!("{other} is no type"),
        });
    if !fits {
        wrong.insert(format!("{place}: {value} is no {types:?}"));
        return;
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        wrong.insert(format!("{place}: {value} is not among {words:?}"));
    }
    if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
        for item in items {
            differences(document, schema, item, &format!("{place}[]"), wrong);
        }
    }
    if let (Some(object), Some(properties)) = (value.as_object(), schema["properties"].as_object()) {
        for required in schema["required"].as_array().into_iter().flatten() {
            let key = required.as_str().unwrap();
            if !object.contains_key(key) {
                wrong.insert(format!("{place}.{key} is described as always there"));
            }
        }
        for (key, value) in object {
            match properties.get(key) {
                Some(schema) => differences(document, schema, value, &format!("{place}.{key}"), wrong),
                None => {
                    wrong.insert(format!("{place}.{key} is not described"));
                }
            }
        }
    }
}

/// The schema of an answer of a route.
fn described<'a>(document: &'a Value, route: &str, method: &str, status: &str) -> &'a Value {
    let content = &document["paths"][route][method]["responses"][status]["content"];
    let kinds = content
        .as_object()
        .unwrap_or_else(|| panic!("{method} {route}: nothing is described for {status}"));
    &kinds.values().next().unwrap()["schema"]
}

#[test]
fn every_answer_is_as_the_document_describes_it() {
    let place = tempfile::tempdir().unwrap();
    let db = place.path().join("s.db");
    let lists = three(place.path());
    for list in &lists {
        ok(&db, &["ingest", list]);
    }
    let article = place.path().join("article.txt");
    std::fs::write(&article, "MOSCOW, Oct 4 - Russia has decided to remove the Taliban from its list of terrorist organisations, Zamir Kabulov said.\n").unwrap();
    let stored = [
        "read",
        article.to_str().unwrap(),
        "--published",
        "2024-10-04",
        "--store",
    ];
    ok(&db, &stored);
    ok(&db, &["screen", "Karim Nazari"]);
    ok(&db, &["different", "QDi.903", "customer:9", "--why", "a test"]);
    let server = Server::start(&db, &["--open", "read,screen,judge,ingest"]);
    server.wait_until_ready();
    let document: Value = serde_json::from_str(&server.get("/openapi.json").text).unwrap();
    let step = word_of(&lines(&db, &["timeline", "QDi.901"]), "step");
    let run = word_of(&lines(&db, &["runs"]), "run");
    let claim = lines(&db, &["claims"]);

    let evidence = format!("/v1/evidence/{step}");
    let of_run = format!("/v1/runs/{run}");
    let asked: Vec<(&str, String)> = [
        ("/v1/parties/{party}", "/v1/parties/QDi.901"),
        ("/v1/parties/{party}/standing", "/v1/parties/QDi.901/standing"),
        (
            "/v1/parties/{party}/standing",
            "/v1/parties/Taliban/standing?on=2024-10-04&known=2024-10-04&basis=reported",
        ),
        ("/v1/parties/{party}/timeline", "/v1/parties/Taliban/timeline"),
        ("/v1/parties/{party}/timeline", "/v1/parties/QDi.902/timeline"),
        ("/v1/changes", "/v1/changes?amended=true"),
        ("/v1/pending", "/v1/pending?on=2024-10-04&known=2024-10-04"),
        ("/v1/sources", "/v1/sources"),
        ("/v1/lists", "/v1/lists"),
        ("/v1/review", "/v1/review"),
        ("/v1/claims", "/v1/claims"),
        ("/v1/contradictions", "/v1/contradictions"),
        ("/v1/evidence/{step}", evidence.as_str()),
        ("/v1/screen", "/v1/screen?name=Karim%20Nazari&birth_date=1970"),
        ("/v1/screen", "/v1/screen?name=Charlie%20Dawlat&customer=9"),
        ("/v1/screen", "/v1/screen?name=x&country=nowhere"),
        ("/v1/runs", "/v1/runs"),
        ("/v1/runs/{run}", of_run.as_str()),
        ("/v1/compare", "/v1/compare?a=Abu%20Bakr&b=Abou%20Bakr"),
        ("/v1/compare", "/v1/compare?a=-&b=Abou%20Bakr"),
    ]
    .map(|(route, path)| (route, path.to_owned()))
    .into();
    let mut wrong = BTreeSet::new();
    for (route, path) in &asked {
        let answer = server.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let value: Value = serde_json::from_str(&answer.text).unwrap();
        differences(
            &document,
            described(&document, route, "get", "200"),
            &value,
            route,
            &mut wrong,
        );
    }
    // None is left out: what is not here gives bytes or a feed.
    let other = [
        "/v1/changes/feed.json",
        "/v1/changes/feed.atom",
        "/v1/documents/{digest}",
        "/v1/evidence/{step}/record",
    ];
    for (route, methods) in document["paths"].as_object().unwrap() {
        let met = asked.iter().any(|(r, _)| r == route) || other.contains(&route.as_str());
        assert!(met || methods.get("get").is_none(), "{route} is not asked here");
    }

    let json: &[(&str, &str)] = &[("content-type", "application/json")];
    let judgement = br#"{"a":"QDi.901","b":"customer:7","verdict":"different","why":"another birth date"}"#;
    let text = b"MOSCOW, Oct 5 - Russia has banned the Taliban, the ministry said.";
    let older = std::fs::read(&lists[0]).unwrap();
    type Post<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [u8]);
    let posted: [Post<'_>; 6] = [
        (
            "/v1/screen",
            json,
            br#"{"queries":[{"name":"Karim Nazari"},{"name":"x","country":"nowhere"}]}"#,
        ),
        ("/v1/read", &[], text),
        ("/v1/judgements", json, judgement),
        ("/v1/articles", &[], text),
        ("/v1/lists", &[], &older),
        ("/v1/lists", &[], b"<html>"),
    ];
    for (route, headers, body) in posted {
        let path = if route == "/v1/articles" {
            "/v1/articles?published=2024-10-05"
        } else {
            route
        };
        let answer = server.ask("POST", path, headers, body);
        assert_eq!(answer.status, 200, "{route}: {}", answer.text);
        let value: Value = serde_json::from_str(&answer.text).unwrap();
        differences(
            &document,
            described(&document, route, "post", "200"),
            &value,
            &format!("POST {route}"),
            &mut wrong,
        );
    }
    for path in ["/v1/parties/nobody", "/v1/screen?name=x&threshold=2", "/v1/nothing"] {
        let value: Value = serde_json::from_str(&server.get(path).text).unwrap();
        differences(
            &document,
            described(&document, "/v1/screen", "get", "default"),
            &value,
            path,
            &mut wrong,
        );
    }
    assert!(claim.contains("evidence_text"), "there is a claim to look at");
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
