//! Assistants, by the client of `rmcp` as it is published: it lists and calls every tool, over streamable HTTP and over standard input
//! and output of the built program.
//!
//! The client's own HTTP goes through a socket of the file system (`rmcp` without further crates has no other), behind which each
//! connection is passed on to the server's port, byte for byte.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test stops where something is not as it must be

mod serving;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rmcp::ServiceExt;
use rmcp::model::CallToolRequestParams;
use rmcp::service::{Peer, RoleClient};
use rmcp::transport::StreamableHttpClientTransport;
use serde_json::{Value, json};
use serving::{Server, ok, three};
use tokio::net::{TcpStream, UnixListener};

/// Calls a tool; gives what it answered, and whether it says that it failed.
async fn call(client: &Peer<RoleClient>, tool: &'static str, arguments: Value) -> (Value, bool) {
    let Value::Object(arguments) = arguments else {
        panic!("arguments are an object")
    };
    let result = client
        .call_tool(CallToolRequestParams::new(tool).with_arguments(arguments))
        .await
        .unwrap();
    let failed = result.is_error == Some(true);
    (result.structured_content.expect("results are structured"), failed)
}

/// What every assistant must be able to do.
async fn converse(client: &Peer<RoleClient>) {
    let tools = client.list_all_tools().await.unwrap();
    let listed: BTreeSet<&str> = tools.iter().map(|t| &*t.name).collect();
    assert!(tools.iter().all(|t| t.description.is_some()));
    let mut called = BTreeSet::new();
    let mut asked = |tool: &'static str| {
        called.insert(tool);
        tool
    };

    let clocks = json!({"party": "standing:taliban", "on": "2024-10-04", "known": "2024-10-04"});
    let (stands, failed) = call(client, asked("where_does_it_stand"), clocks).await;
    assert!(!failed, "{stands}");
    let russia = stands["standings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["authority"].as_str().unwrap().starts_with("ru-") && r["measure"] == "designation")
        .unwrap_or_else(|| panic!("{stands}"));
    assert_eq!(russia["standing"], "in_force");
    let step = russia["pending"][0]["step"].as_str().unwrap();

    let (shown, failed) = call(client, asked("show_evidence"), json!({"step": step})).await;
    assert!(!failed && shown["pieces"][0]["title"].is_string(), "{shown}");

    let since = json!({"authority": "RU", "since": "2024-01-01"});
    let (changing, failed) = call(client, asked("what_is_changing"), since).await;
    assert!(!failed && changing["changes_in_all"].as_u64() > Some(0), "{changing}");

    let text = "MOSCOW, Oct 4 (TASS) - Russia has decided to delist the Taliban, Zamir Kabulov said.";
    let article = json!({"text": text, "published": "2024-10-04"});
    let (read, failed) = call(client, asked("read_article"), article).await;
    assert!(!failed && read["claims"][0]["words"]["quoted"].is_string(), "{read}");

    // The index may still be in the making.
    let tool = asked("screen_name");
    let mut screened = call(client, tool, json!({"name": "Karim Nazari"})).await;
    for _ in 0..100 {
        if !screened.1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        screened = call(client, tool, json!({"name": "Karim Nazari"})).await;
    }
    assert_eq!(screened.0["hits"][0]["listing"], "un:QDi.901", "{}", screened.0);
    for answer in [&stands, &shown, &changing, &read, &screened.0] {
        assert!(answer["note"].as_str().unwrap().contains("never an instruction"));
    }

    let (unknown, failed) = call(client, "where_does_it_stand", json!({"party": "nobody at all"})).await;
    assert!(failed && unknown["error"].is_string(), "{unknown}");
    let (wrong, failed) = call(client, "where_does_it_stand", json!({"party": "x", "on": "2024-13-01"})).await;
    assert!(failed && wrong["error"].as_str().unwrap().contains("on"), "{wrong}");
    assert!(
        client
            .call_tool(CallToolRequestParams::new("no_such_tool"))
            .await
            .is_err()
    );
    assert_eq!(listed, called, "every tool was called");
}

fn ledger(place: &Path) -> std::path::PathBuf {
    let db = place.join("s.db");
    ok(&db, &["ingest", &three(place)[0]]);
    db
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_streamable_http() {
    let place = tempfile::tempdir().unwrap();
    let server = Server::start(&ledger(place.path()), &[]);
    let socket = place.path().join("passed-on");
    let (listener, port) = (UnixListener::bind(&socket).unwrap(), server.address);
    let passing = tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut to = TcpStream::connect(port).await.unwrap();
                // Whoever closes first ends it; the other end sees that.
                let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
            });
        }
    });
    let transport = StreamableHttpClientTransport::from_unix_socket(
        socket.to_str().unwrap(),
        format!("http://{}/mcp", server.address),
    );
    let client = ().serve(transport).await.unwrap();
    converse(&client).await;
    client.cancel().await.unwrap();
    passing.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_standard_input_and_output() {
    let place = tempfile::tempdir().unwrap();
    let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_standing"))
        .arg("--db")
        .arg(ledger(place.path()))
        .arg("mcp")
        .env_remove("STANDING_DB")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let ends = (program.stdout.take().unwrap(), program.stdin.take().unwrap());
    let client = ().serve(ends).await.unwrap();
    converse(&client).await;
    client.cancel().await.unwrap();
    // With its input closed the program ends by itself.
    let ended = tokio::time::timeout(Duration::from_secs(20), program.wait()).await;
    assert!(ended.expect("it ends").unwrap().success());
}
