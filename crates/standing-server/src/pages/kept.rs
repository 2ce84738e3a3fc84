//! Pages given before, for the state of the ledger they were given for, like the answers of `/v1`; and pages packed for the way.
//!
//! Only what is the same for everybody is kept: a request with a cookie, whose pages hold forms of its own, is answered anew. A page that holds the secret word of a
//! form is never packed, since its packed length would tell of it to whoever can put text beside it.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tower::ServiceExt;

use crate::cache::{Kept, Key};
use crate::shared::Shared;

const HTML: &str = "text/html; charset=utf-8";

/// Pages shorter than this go as they are: packing would spare nobody a packet.
const SHORT: usize = 4096;

/// Pages that take the whole ledger to make, and are what people open first: made before anybody asks.
const AHEAD: [&str; 2] = ["/", "/map"];

/// Between two looks at whether they are to be made again.
const PAUSE: Duration = Duration::from_secs(1);

/// What is kept about pages made ahead.
#[derive(Debug, Default)]
pub struct Ahead {
    /// Who comes while one is made waits for it, rather than have it made twice.
    making: tokio::sync::Mutex<()>,
    /// Somebody asked for a page since they were made.
    asked: AtomicBool,
}

/// A request that nobody sent.
#[derive(Debug, Clone, Copy)]
struct Unasked;

/// Makes the first pages after the start, and again for each new state of the ledger, as long as somebody looks at pages.
pub async fn make_ahead(app: Arc<Shared>) {
    let pages = super::router(&app).with_state(Arc::clone(&app));
    let mut made = None;
    loop {
        let state = app.state();
        let of = (state.file, state.transaction, app.today());
        let due = made != Some(of) && (made.is_none() || app.ahead.asked.swap(false, Ordering::AcqRel));
        if due && state.trouble.is_none() {
            for path in AHEAD {
                let mut request = Request::new(Body::empty());
                *request.uri_mut() = Uri::from_static(path);
                request
                    .headers_mut()
                    .insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
                request.extensions_mut().insert(Unasked);
                // What fails here fails again, and is told, when somebody asks.
                let _ = pages.clone().oneshot(request).await;
            }
            made = Some(of);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Marks a page that says less than the state of the ledger gives, because something is still being worked out.
#[derive(Debug, Clone, Copy)]
pub struct Unfinished;

/// Gives a page again, or keeps the one that is made.
pub async fn again(State(app): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let state = app.state();
    let own = request.method() != Method::GET || request.headers().contains_key(header::COOKIE);
    let keeps = !own && state.trouble.is_none();
    let packs = takes_gzip(request.headers());
    let plain = Key {
        state: (state.file, state.transaction),
        today: app.today(),
        lines: false,
        question: format!("page {}", request.uri()),
    };
    let packed = Key {
        lines: true,
        ..plain.clone()
    };
    if request.extensions().get::<Unasked>().is_none() {
        app.ahead.asked.store(true, Ordering::Release);
    }
    let kept = || {
        let given = |key: &Key, packed| Some(sent(HeaderMap::new(), app.cache.get(key)?.body, packed));
        let packed = if packs { given(&packed, true) } else { None };
        packed.or_else(|| given(&plain, false)).filter(|_| keeps)
    };
    if let Some(kept) = kept() {
        return kept;
    }
    let slow = keeps
        && request
            .uri()
            .path_and_query()
            .is_some_and(|p| AHEAD.contains(&p.as_str()));
    let _turn = if slow {
        Some(app.ahead.making.lock().await)
    } else {
        None
    };
    if slow && let Some(kept) = kept() {
        return kept;
    }
    let response = next.run(request).await;
    let html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().eq_ignore_ascii_case(HTML.as_bytes()));
    if response.status() != StatusCode::OK || !html {
        return response;
    }
    let finished = response.extensions().get::<Unfinished>().is_none();
    let (parts, body) = response.into_parts();
    // A page is made whole before it is sent, so this only takes it over.
    let body = match axum::body::to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => return crate::problem::Problem::internal(&error).into_response(),
    };
    let packs = packs && body.len() >= SHORT && !guarded(&body);
    let body = match packs.then(|| gzip(&body)) {
        Some(Ok(packed)) => packed,
        Some(Err(error)) => return crate::problem::Problem::internal(&error).into_response(),
        None => body,
    };
    if keeps && finished {
        let kept = Kept {
            body: body.clone(),
            next: None,
        };
        app.cache.put(if packs { packed } else { plain }, kept);
    }
    sent(parts.headers, body, packs)
}

fn sent(mut headers: HeaderMap, body: Bytes, packed: bool) -> Response {
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(HTML));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if packed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    (headers, Body::from(body)).into_response()
}

/// Does a client take gzip? Only what names it without refusing it counts.
fn takes_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
            let refused = |quality: &str| {
                quality
                    .strip_prefix("q=")
                    .and_then(|q| q.parse::<f32>().ok())
                    .is_some_and(|q| q <= 0.0)
            };
            named && !parts.any(refused)
        })
}

/// Does a page hold the secret word of a form?
fn guarded(body: &[u8]) -> bool {
    const FIELD: &[u8] = b"name=\"guard\"";
    body.windows(FIELD.len()).any(|window| window == FIELD)
}

fn gzip(body: &[u8]) -> std::io::Result<Bytes> {
    let mut packer = flate2::write::GzEncoder::new(Vec::with_capacity(body.len() / 4), flate2::Compression::new(5));
    packer.write_all(body)?;
    packer.finish().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taking(value: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
        takes_gzip(&headers)
    }

    #[test]
    fn only_who_takes_gzip_gets_it() {
        assert!(taking("gzip, deflate, br") && taking("br;q=1.0, GZIP;q=0.5"));
        assert!(!taking("br") && !taking("gzip;q=0") && !taking("") && !takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn a_page_with_a_secret_word_is_known() {
        assert!(guarded(b"<input type=\"hidden\" name=\"guard\" value=\"x\">"));
        assert!(!guarded(b"<input name=\"q\">"));
    }

    #[test]
    fn what_is_packed_unpacks_to_the_same() {
        use std::io::Read as _;
        let page = "<td>2024-10-04</td>".repeat(1000);
        let packed = gzip(page.as_bytes()).unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(&packed[..])
            .read_to_string(&mut text)
            .unwrap();
        assert!(text == page && packed.len() < page.len() / 20);
    }
}
