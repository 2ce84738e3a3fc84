//! Headers of every answer: what browsers may do with it, and the trace that it belongs to; and the line in the log.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::access::Client;
use crate::shared::Shared;

/// What a page of ours may load: only from here.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

static FIXED: [(HeaderName, HeaderValue); 7] = [
    fixed("x-content-type-options", "nosniff"),
    fixed("x-frame-options", "DENY"),
    // Not `no-referrer`: browsers would then send our own forms with `Origin: null`.
    fixed("referrer-policy", "same-origin"),
    fixed("cross-origin-opener-policy", "same-origin"),
    fixed("cross-origin-resource-policy", "same-origin"),
    fixed("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    fixed("x-permitted-cross-domain-policies", "none"),
];

const fn fixed(name: &'static str, value: &'static str) -> (HeaderName, HeaderValue) {
    (HeaderName::from_static(name), HeaderValue::from_static(value))
}

/// The header of the W3C's trace context.
pub static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The trace id of a well-formed `traceparent`, version 00.
fn trace_id(value: &str) -> Option<&str> {
    let mut parts = value.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |text: &str, length: usize| {
        text.len() == length
            && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            && (length == 2 || text.bytes().any(|b| b != b'0'))
    };
    (version == "00" && hex(trace, 32) && hex(span, 16) && hex(flags, 2) && parts.next().is_none()).then_some(trace)
}

/// Sets the headers, passes the trace on and writes the log's line. Paths and queries may hold names of customers, so the log has the
/// route's pattern.
pub async fn finish(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let given = request.headers().get(&TRACEPARENT).cloned();
    let named = shared.options.log_names.then(|| request.uri().to_string());
    let mut response = next.run(request).await;

    let headers = response.headers_mut();
    headers.reserve(FIXED.len() + 3);
    for (name, value) in &FIXED {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(POLICY));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
    if shared.options.tls.is_some() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    let trace = given.as_ref().and_then(|v| v.to_str().ok()).and_then(trace_id);
    if let (Some(given), Some(_)) = (&given, trace) {
        headers.insert(TRACEPARENT.clone(), given.clone());
    }
    let taken = begun.elapsed();
    let pattern = route.as_ref().map_or("none", MatchedPath::as_str);
    shared
        .metrics
        .count(pattern, method.as_str(), response.status().as_u16(), taken);
    tracing::debug!(
        method = method.as_str(),
        route = pattern,
        status = response.status().as_u16(),
        micros = taken.as_micros() as u64,
        client = response.extensions().get::<Client>().and_then(|c| c.token.as_deref()),
        trace,
        uri = named,
        "answered"
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_well_formed_traces_are_passed_on() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(trace_id(good), Some("4bf92f3577b34da6a3ce929d0e0e4736"));
        for bad in [
            "",
            "00-0-0-0",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(trace_id(bad), None, "{bad}");
        }
    }
}
