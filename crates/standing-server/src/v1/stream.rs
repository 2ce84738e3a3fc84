//! JSON lines in, JSON lines out: parties screened as they come, in bounded memory.
//!
//! The lines out are hits; a query that cannot be screened is a line `rejected` with its reason, and the last line counts. What the client has not
//! taken holds back what is read from it.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use serde::Serialize;
use standing::screen::Options;
use tokio::sync::mpsc;

use super::screen::{QueryAsked, Rejected, read};
use crate::answer::LINES;
use crate::body;
use crate::screening::Screen;
use crate::shared::Shared;

/// The longest line of a stream.
const LONGEST_LINE: usize = 64 << 10;
/// Lines of a stream that are screened at once.
const PORTION: usize = 256;

/// Counts of a stream, as its last line gives them.
#[derive(Debug, Default, Serialize)]
struct Done {
    rows: u64,
    hits: u64,
    rejected: u64,
    transaction: i64,
}

/// Screens lines as they come. What has not been taken by the client holds back what is read from it.
pub fn stream(shared: &Arc<Shared>, screen: Arc<Screen>, body: Body) -> Response {
    let (give, take) = mpsc::channel::<Bytes>(2);
    let patience = shared.options.limits.request;
    let app = Arc::clone(shared);
    tokio::spawn(async move {
        let mut body = body.into_data_stream();
        let mut rest: Vec<u8> = Vec::new();
        let mut row = 0;
        let mut done = Done {
            transaction: screen.transaction(),
            ..Done::default()
        };
        let mut over = false;
        // A line must come whole within this time; bytes that drip keep nobody waiting.
        let mut until = tokio::time::Instant::now() + patience;
        while !over {
            match tokio::time::timeout_at(until, body.next()).await {
                Ok(Some(Ok(bytes))) => rest.extend_from_slice(&bytes),
                Ok(Some(Err(_))) | Err(_) => return,
                Ok(None) => {
                    over = true;
                    if !rest.is_empty() && !rest.ends_with(b"\n") {
                        rest.push(b'\n');
                    }
                }
            }
            let whole = rest.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
            if whole == 0 && rest.len() > LONGEST_LINE {
                let line = serde_json::json!({"rejected": {"row": row, "id": null, "reason": "a line is too long; nothing after it was read"}});
                // Whoever has left does not want it.
                let _ = give.send(format!("{line}\n").into()).await;
                return;
            }
            if whole == 0 {
                continue;
            }
            let portion: Vec<u8> = rest.drain(..whole).collect();
            let lines: Vec<Vec<u8>> = portion
                .split(|b| *b == b'\n')
                .map(<[u8]>::trim_ascii)
                .filter(|l| !l.is_empty())
                .map(<[u8]>::to_vec)
                .collect();
            for chunk in lines.chunks(PORTION) {
                let (chunk, first) = (chunk.to_vec(), row);
                row += chunk.len() as u64;
                let screen = Arc::clone(&screen);
                let Ok(_turn) = app.heavy_turn().await else { return };
                let Ok((text, part)) = tokio::task::spawn_blocking(move || portion_of(&screen, first, &chunk)).await
                else {
                    return;
                };
                done.rows += part.rows;
                done.hits += part.hits;
                done.rejected += part.rejected;
                if !text.is_empty() && give.send(text.into()).await.is_err() {
                    return;
                }
            }
            until = tokio::time::Instant::now() + patience;
        }
        let last = serde_json::json!({ "done": done });
        // Whoever has left does not want it.
        let _ = give.send(format!("{last}\n").into()).await;
    });
    let out = futures_util::stream::unfold(take, |mut take| async move {
        let bytes = take.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(bytes), take))
    });
    ([(header::CONTENT_TYPE, LINES)], Body::from_stream(out)).into_response()
}

fn portion_of(screen: &Screen, first: u64, lines: &[Vec<u8>]) -> (Vec<u8>, Done) {
    let mut text = Vec::new();
    let mut done = Done::default();
    let options = Options::default();
    for (offset, line) in lines.iter().enumerate() {
        let row = first + offset as u64;
        done.rows += 1;
        let query = body::read::<QueryAsked>(line)
            .map_err(|p| Rejected {
                row,
                id: None,
                reason: p.detail,
            })
            .and_then(|q| read(row, q));
        let screened = query.and_then(|query| {
            let id = query.id.clone();
            screen.one(&query, &options).map_err(|e| Rejected {
                row,
                id,
                reason: e.to_string(),
            })
        });
        match screened {
            Ok(outcome) => {
                done.hits += outcome.hits.len() as u64;
                for hit in &outcome.hits {
                    // A hit is made of texts and numbers, which JSON can hold; a vector takes all that is written.
                    let _ = serde_json::to_writer(&mut text, hit);
                    text.push(b'\n');
                }
            }
            Err(rejected) => {
                done.rejected += 1;
                text.extend_from_slice(serde_json::json!({ "rejected": rejected }).to_string().as_bytes());
                text.push(b'\n');
            }
        }
    }
    (text, done)
}
