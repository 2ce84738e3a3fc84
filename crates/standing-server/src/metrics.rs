//! Figures for Prometheus: requests by route, and what the ledger is like.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use standing::{Question, answers};

use crate::answer::Ask;
use crate::problem::Problem;

/// Upper bounds of the histogram's buckets, in seconds.
const BOUNDS: [f64; 14] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0,
];

#[derive(Debug, Default, Clone)]
struct Series {
    buckets: [u64; BOUNDS.len()],
    count: u64,
    micros: u64,
    statuses: BTreeMap<u16, u64>,
}

/// Counts of one server. Routes are patterns, so there are only so many series whatever is asked.
#[derive(Debug, Default)]
pub struct Metrics(Mutex<BTreeMap<(String, &'static str), Series>>);

fn method_word(method: &str) -> &'static str {
    match method {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

impl Metrics {
    /// Counts a request.
    pub fn count(&self, route: &str, method: &str, status: u16, taken: Duration) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let series = all.entry((route.to_owned(), method_word(method))).or_default();
        let seconds = taken.as_secs_f64();
        if let Some(at) = BOUNDS.iter().position(|b| seconds <= *b) {
            series.buckets[at] += 1;
        }
        series.count += 1;
        series.micros += taken.as_micros() as u64;
        *series.statuses.entry(status).or_default() += 1;
    }

    fn write(&self, text: &mut String) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "# HELP standing_requests_total Requests answered.\n# TYPE standing_requests_total counter"
        );
        for ((route, method), series) in &all {
            for (status, count) in &series.statuses {
                let _ = writeln!(
                    text,
                    "standing_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}} {count}"
                );
            }
        }
        let _ = writeln!(
            text,
            "# HELP standing_request_seconds Time to the beginning of the answer.\n# TYPE standing_request_seconds histogram"
        );
        for ((route, method), series) in &all {
            let mut below = 0;
            for (bound, count) in BOUNDS.iter().zip(series.buckets) {
                below += count;
                let _ = writeln!(
                    text,
                    "standing_request_seconds_bucket{{route=\"{route}\",method=\"{method}\",le=\"{bound}\"}} {below}"
                );
            }
            let _ = writeln!(
                text,
                "standing_request_seconds_bucket{{route=\"{route}\",method=\"{method}\",le=\"+Inf\"}} {}\nstanding_request_seconds_sum{{route=\"{route}\",method=\"{method}\"}} {}\nstanding_request_seconds_count{{route=\"{route}\",method=\"{method}\"}} {}",
                series.count,
                series.micros as f64 / 1e6,
                series.count
            );
        }
    }
}

fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ")
}

/// All figures.
pub async fn metrics(ask: Ask) -> Result<Response, Problem> {
    let today = ask.today;
    let recorded = Some(ask.recorded(None));
    let (lists, held) = ask
        .shared
        .readers
        .ask(move |ledger| {
            let question = Question {
                recorded,
                ..Question::default()
            };
            Ok((
                answers::lists(ledger, &question, today)?,
                answers::review(ledger, today)?.len(),
            ))
        })
        .await?;
    let mut text = String::new();
    ask.shared.metrics.write(&mut text);
    let _ = writeln!(
        text,
        "# HELP standing_ledger_transaction The last transaction of the ledger.\n# TYPE standing_ledger_transaction gauge\nstanding_ledger_transaction {}",
        ask.state.transaction
    );
    let _ = writeln!(
        text,
        "# HELP standing_ledger_writable Whether the last attempt to write succeeded.\n# TYPE standing_ledger_writable gauge\nstanding_ledger_writable {}",
        u8::from(ask.shared.unwritable().is_none())
    );
    let _ = writeln!(
        text,
        "# HELP standing_held_files Files that the guard holds for review.\n# TYPE standing_held_files gauge\nstanding_held_files {held}"
    );
    let _ = writeln!(
        text,
        "# HELP standing_list_age_days Days since the date of the newest edition of a list.\n# TYPE standing_list_age_days gauge"
    );
    for list in &lists {
        let age = list
            .date
            .and_then(standing::model::PartialDate::latest)
            .map(|d| standing::model::days_between(d, today));
        if let Some(age) = age {
            let _ = writeln!(text, "standing_list_age_days{{list=\"{}\"}} {age}", label(&list.list));
        }
    }
    let _ = writeln!(
        text,
        "# HELP standing_list_outdated Whether the newest edition is older than the list's usual interval.\n# TYPE standing_list_outdated gauge"
    );
    for list in &lists {
        let _ = writeln!(
            text,
            "standing_list_outdated{{list=\"{}\"}} {}",
            label(&list.list),
            u8::from(list.outdated)
        );
    }
    Ok((
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        text,
    )
        .into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_add_up() {
        let metrics = Metrics::default();
        metrics.count("/x", "GET", 200, Duration::from_micros(90));
        metrics.count("/x", "BREW", 404, Duration::from_secs(60));
        metrics.count("/x", "GET", 200, Duration::from_millis(3));
        let mut text = String::new();
        metrics.write(&mut text);
        assert!(
            text.contains("standing_requests_total{route=\"/x\",method=\"GET\",status=\"200\"} 2"),
            "{text}"
        );
        assert!(text.contains("method=\"GET\",le=\"0.0001\"} 1") && text.contains("method=\"GET\",le=\"0.005\"} 2"));
        assert!(text.contains("method=\"other\",le=\"+Inf\"} 1"));
    }
}
