//! A file that is screened: taken in, its columns shown and corrected, run with progress, its hits looked through and downloaded.
//!
//! A job lives in the server's memory and a temporary directory, under a random id that nobody else can guess, for some hours; what is to last is downloaded, the
//! manifest with it. Nothing of it enters the ledger.

mod output;
mod store;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Form;
use axum::extract::multipart::{Field as Part_, Multipart};
use axum::extract::{Path as FromPath, Query as FromQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use standing::screen::batch::columns::{self, Field};
use standing::screen::batch::input::{self, InputOptions};
use standing::screen::{Batch, Hit, Manifest, Options};
use standing::words::number;

use self::output::{best, fresh};
use self::store::{Job, Phase};
use super::access::Visitor;
use super::answers::{Answer, InPart, PageProblem};
use super::hits;
use super::layout::{Page, Part, choices, page};
use super::words;
use crate::problem::Problem;
use crate::screening;
use crate::shared::Shared;

pub use self::store::Jobs;

const PART: Part = Part::Screening;
/// Hits on one page.
const SHOWN: usize = 50;

/// The form that takes a file.
pub fn upload_form() -> Markup {
    html! {
        h2 { "A file" }
        form.row method="post" action="/screen/files" enctype="multipart/form-data" {
            div.field { label for="file" { "CSV, JSON lines (FollowTheMoney), Parquet or Arrow" } input #file name="file" type="file" required accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet,.arrow,.feather"; }
            div.field { button.primary { "Take it in" } }
        }
        p.dim { "The file stays on this server, in a temporary place, until the screening is some hours old." }
    }
}

fn refused(field: &str, why: impl std::fmt::Display) -> PageProblem {
    PageProblem::field(PART, field, format!("{field}: {why}"))
}

/// An ending that says in which form the file is; the rest of a name is for people only.
fn ending(name: &str) -> &'static str {
    let lower = name.to_ascii_lowercase();
    [
        "csv", "tsv", "txt", "json", "jsonl", "ndjson", "parquet", "arrow", "feather",
    ]
    .into_iter()
    .find(|e| lower.rsplit_once('.').is_some_and(|(_, ending)| ending == *e))
    .unwrap_or("csv")
}

async fn save(part: &mut Part_<'_>, path: &Path, most: usize) -> Result<u64, PageProblem> {
    let fail = |e: std::io::Error| PageProblem::new(PART, Problem::internal(&e));
    let mut file = File::create(path).map_err(fail)?;
    let (mut size, mut lines) = (0usize, 0u64);
    while let Some(chunk) = part.chunk().await.map_err(|e| refused("file", e.body_text()))? {
        size += chunk.len();
        if size > most {
            return Err(refused(
                "file",
                format!(
                    "it is larger than {} bytes; use the command line: standing screen --input FILE",
                    number(most as u64)
                ),
            ));
        }
        // A pass over what was just received; it costs little beside writing it.
        lines += chunk.split(|b| *b == b'\n').count().saturating_sub(1) as u64;
        file.write_all(&chunk).map_err(fail)?;
    }
    if size == 0 {
        return Err(refused("file", "it is empty"));
    }
    Ok(lines)
}

/// Takes a file in.
pub async fn take(State(app): State<Arc<Shared>>, mut form: Multipart) -> Result<Response, PageProblem> {
    let fail = |e: std::io::Error| PageProblem::new(PART, Problem::internal(&e));
    while let Some(mut part) = form.next_field().await.map_err(|e| refused("file", e.body_text()))? {
        if part.name() != Some("file") {
            continue;
        }
        let name: String = part.file_name().unwrap_or("file").chars().take(200).collect();
        let directory = tempfile::tempdir().map_err(fail)?;
        let ending = ending(&name);
        let input = directory.path().join(format!("input.{ending}"));
        let lines = save(&mut part, &input, app.options.limits.upload).await?;
        let mut random = [0u8; 16];
        getrandom::fill(&mut random)
            .map_err(|e| Problem::internal(&e))
            .in_part(PART)?;
        let id = random.iter().fold(String::new(), |id, byte| format!("{id}{byte:02x}"));
        let job = Job {
            lines: if matches!(ending, "parquet" | "arrow" | "feather") {
                0
            } else {
                lines
            },
            id: id.clone(),
            name,
            directory,
            input,
            rows: AtomicU64::new(0),
            found: AtomicU64::new(0),
            phase: Mutex::new(Phase::Taken),
            made: Instant::now(),
        };
        app.jobs.keep(Arc::new(job));
        return Ok(Redirect::to(&format!("/screen/files/{id}")).into_response());
    }
    Err(refused("file", "none was sent"))
}

/// Which page of hits.
#[derive(Debug, Deserialize)]
pub struct Which {
    #[serde(default)]
    at: usize,
}

/// A job: its columns, its progress, or its hits.
pub async fn show(
    State(app): State<Arc<Shared>>,
    FromPath(id): FromPath<String>,
    FromQuery(which): FromQuery<Which>,
    headers: HeaderMap,
) -> Answer {
    let job = app.jobs.find(&id)?;
    let visitor = Visitor::of(&app, &headers);
    let body = match job.phase() {
        Phase::Taken => taken(&job),
        Phase::Running(_) => running(&job),
        Phase::Done(manifest, took) => {
            let shown = Arc::clone(&job);
            let found = tokio::task::spawn_blocking(move || best(&shown.output(), which.at, SHOWN))
                .await
                .map_err(|e| Problem::internal(&e))
                .in_part(PART)?
                .map_err(|e| PageProblem::new(PART, Problem::internal(&e)))?;
            done(&job, &manifest, took, &found, which.at, &visitor)
        }
        Phase::Failed(why) => html! {
            h1 { (words::name(&job.name)) }
            div.problem role="alert" { p { "It could not be screened: " (words::visible(&why)) } }
            (taken(&job))
        },
    };
    Ok(page(&Page {
        title: &format!("Screening: {}", job.name),
        part: PART,
        transaction: None,
        body,
    }))
}

fn taken(job: &Job) -> Markup {
    let understood = input::open(&job.input, &InputOptions::default());
    html! {
        h1 { (words::name(&job.name)) }
        @match &understood {
            Ok(input) => {
                p.lead { "Understood as " (words::visible(&input.form)) "." }
                @if input.columns.is_empty() { p { "No column was understood by its heading." } } @else {
                    table { thead { tr { th { "Column" } th { "Field" } } } tbody { @for (heading, field) in &input.columns { tr { td { (words::name(heading)) } td { (field) } } } } }
                }
            },
            Err(error) => div.problem role="alert" { p { (words::visible(&error.to_string())) } },
        }
        form method="post" action={ "/screen/files/" (job.id) } {
            div.field {
                label for="map" { "Corrections, one on each line: field = column. Fields: " (columns::FIELDS) }
                textarea #map name="map" placeholder="name = Customer Name" {}
            }
            div.row {
                div.field { label for="schema" { "Rows that do not say are" } " "
                    select #schema name="schema" { @for (word, shown) in [("", "anything"), ("person", "persons"), ("organisation", "organisations"), ("vessel", "vessels"), ("aircraft", "aircraft")] { option value=(word) { (shown) } } }
                }
                div.field { label for="threshold" { "Threshold" } " " input #threshold name="threshold" size="5" placeholder="policy" inputmode="decimal" autocomplete="off"; }
                div.field { button.primary { "Screen it" } }
            }
        }
    }
}

/// How to run a job.
#[derive(Debug, Deserialize)]
pub struct How {
    #[serde(default)]
    map: String,
    #[serde(default)]
    schema: String,
    #[serde(default)]
    threshold: String,
}

/// Runs a job.
pub async fn start(
    State(app): State<Arc<Shared>>,
    FromPath(id): FromPath<String>,
    Form(how): Form<How>,
) -> Result<Response, PageProblem> {
    let job = app.jobs.find(&id)?;
    let mapped: Vec<String> = how
        .map
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .map(|l| {
            l.split_once('=')
                .map_or_else(|| l.to_owned(), |(f, c)| format!("{}={}", f.trim(), c.trim()))
        })
        .collect();
    let map: Vec<(Field, String)> = mapped
        .iter()
        .map(|line| columns::parse_map(line))
        .collect::<Result<_, _>>()
        .map_err(|e| refused("map", e))?;
    let threshold = Some(how.threshold.trim())
        .filter(|t| !t.is_empty())
        .map(|t| {
            t.parse::<f32>()
                .map_err(|_| format!("\"{t}\" is no number"))
                .and_then(standing::screen::policy::check_threshold)
                .map_err(|e| refused("threshold", e))
        })
        .transpose()?;
    let kind = standing::screen::kind_of_schema(&how.schema).map_err(|e| refused("schema", e))?;
    let screen = screening::present(&app).in_part(PART)?;
    {
        let mut phase = job.phase.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*phase, Phase::Running(_) | Phase::Done(..)) {
            return Ok(Redirect::to(&format!("/screen/files/{id}")).into_response());
        }
        *phase = Phase::Running(Instant::now());
    }
    let batch = Batch {
        input: job.input.clone(),
        output: job.output(),
        reading: InputOptions { map, kind },
        options: Options {
            threshold,
            ..Options::default()
        },
        threads: 0,
        customers: None,
    };
    let running = Arc::clone(&job);
    tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        let done = screen.screening.screen_file(&batch, &mapped, &mut |progress| {
            running.rows.store(progress.rows, Ordering::Relaxed);
            running.found.store(progress.hits, Ordering::Relaxed);
        });
        running.set(match done {
            Ok(manifest) => Phase::Done(Box::new(manifest), begun.elapsed()),
            Err(error) => Phase::Failed(error.to_string()),
        });
    });
    Ok(Redirect::to(&format!("/screen/files/{id}")).into_response())
}

fn says(job: &Job, since: Instant) -> String {
    let rows = job.rows.load(Ordering::Relaxed);
    let speed = rows as f64 / since.elapsed().as_secs_f64().max(0.001);
    format!(
        "{} names, {} a second, {} hits",
        number(rows),
        number(speed as u64),
        number(job.found.load(Ordering::Relaxed))
    )
}

fn running(job: &Job) -> Markup {
    let rows = job.rows.load(Ordering::Relaxed);
    html! {
        h1 { (words::name(&job.name)) }
        div data-job={ "/screen/files/" (job.id) "/events" } {
            label { "Screening " progress max=[(job.lines > 0).then_some(job.lines)] value=[(job.lines > 0).then_some(rows)] {} }
            p.status data-says="" role="status" { @if let Phase::Running(since) = job.phase() { (says(job, since)) } }
            div data-hits="" {}
        }
        noscript { p { a href={ "/screen/files/" (job.id) } { "Look again" } } }
    }
}

/// Progress and the hits as they come, until it is done.
pub async fn events(
    State(app): State<Arc<Shared>>,
    FromPath(id): FromPath<String>,
) -> Result<Sse<impl futures_util::Stream<Item = Result<Event, Infallible>>>, PageProblem> {
    let job = app.jobs.find(&id)?;
    let start = (job, 0u64, VecDeque::<Event>::new(), false);
    let stream = futures_util::stream::unfold(start, |(job, mut offset, mut waiting, over)| async move {
        if let Some(event) = waiting.pop_front() {
            return Some((Ok(event), (job, offset, waiting, over)));
        }
        if over {
            return None;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        let phase = job.phase();
        let over = !matches!(phase, Phase::Running(_) | Phase::Taken);
        match phase {
            Phase::Done(..) => {
                let path = format!("/screen/files/{}", job.id);
                waiting.push_back(event("done", &serde_json::json!({ "path": path })));
            }
            Phase::Failed(why) => waiting.push_back(event("failed", &serde_json::json!({ "says": why }))),
            Phase::Running(since) => {
                for hit in fresh(&job.spooled(), &mut offset) {
                    let shown = hits::hit(&hit, &Visitor::default(), true).into_string();
                    waiting.push_back(Event::default().event("hit").data(shown.replace('\n', " ")));
                }
                let progress = serde_json::json!({
                    "done": job.rows.load(Ordering::Relaxed), "of": job.lines, "says": says(&job, since),
                });
                waiting.push_back(event("progress", &progress));
            }
            Phase::Taken => {}
        }
        let next = waiting
            .pop_front()
            .unwrap_or_else(|| Event::default().comment("waiting"));
        Some((Ok(next), (job, offset, waiting, over)))
    });
    Ok(Sse::new(stream))
}

fn event(name: &str, data: &serde_json::Value) -> Event {
    Event::default().event(name).data(data.to_string())
}

fn done(
    job: &Job,
    manifest: &Manifest,
    took: Duration,
    found: &(usize, Vec<Hit>),
    at: usize,
    visitor: &Visitor,
) -> Markup {
    let report = &manifest.report;
    let base = format!("/screen/files/{}", job.id);
    let speed = report.rows as f64 / took.as_secs_f64().max(0.001);
    let pages: Vec<(String, String, bool)> = (0..found.0.div_ceil(SHOWN))
        .take(20)
        .map(|p| (format!("{base}?at={}", p * SHOWN), (p + 1).to_string(), at / SHOWN == p))
        .collect();
    html! {
        h1 { (words::name(&job.name)) }
        p.lead {
            (words::count(report.hits as usize, "hit", "hits")) " in " (number(report.rows_with_hits)) " of " (words::count(report.rows as usize, "row", "rows"))
            ", among " (words::count(manifest.names, "listed name", "listed names")) "; " (number(speed as u64)) " names a second."
        }
        @if report.rejected > 0 {
            div.problem { p { (number(report.rejected)) " rows were not screened:" } ul.plain { @for (why, n) in &report.rejected_by_reason { li { (number(*n)) " × " (words::visible(why)) } } } }
        }
        p {
            a.button href={ (base) "/hits.jsonl" } download { "Hits (JSON lines)" } " "
            a.button href={ (base) "/hits.csv" } download { "Hits (CSV)" } " "
            a.button href={ (base) "/manifest.json" } download { "Manifest, to keep" }
        }
        p.dim { "Run " span.ref { (manifest.run) } ", ledger transaction " (manifest.index.recorded) ". The manifest with the same file proves these bytes again: " code { "standing replay" } "." }
        @if report.hits > 0 {
            @if visitor.may(crate::tokens::Scope::Judge) { p.kbd.dim { "Keys: " kbd { "n" } " next, " kbd { "p" } " previous, " kbd { "s" } " same, " kbd { "d" } " different, " kbd { "u" } " unsure." } }
            @else { p.dim { "To decide hits, " a href="/access" { "enter a token" } " with the scope judge." } }
        }
        @if pages.len() > 1 { (choices("Page", &pages)) }
        @for hit in &found.1 { (hits::hit(hit, visitor, true)) }
        @if pages.len() > 1 { (choices("Page", &pages)) }
    }
}

/// What a finished job gives to keep.
pub async fn download(
    State(app): State<Arc<Shared>>,
    FromPath((id, file)): FromPath<(String, String)>,
) -> Result<Response, PageProblem> {
    let job = app.jobs.find(&id)?;
    let Phase::Done(manifest, _) = job.phase() else {
        return Err(refused("file", "the screening is not done"));
    };
    let fail = |e: std::io::Error| PageProblem::new(PART, Problem::internal(&e));
    let (kind, body) = match file.as_str() {
        "hits.jsonl" => ("application/x-ndjson", std::fs::read(job.output()).map_err(fail)?),
        "hits.csv" => {
            let csv = job.directory.path().join("hits.csv");
            let (from, to) = (job.output(), csv.clone());
            tokio::task::spawn_blocking(move || standing::screen::batch::output::convert_file(&from, &to))
                .await
                .map_err(|e| Problem::internal(&e))
                .in_part(PART)?
                .map_err(|e| PageProblem::new(PART, Problem::internal(&e)))?;
            ("text/csv; charset=utf-8", std::fs::read(csv).map_err(fail)?)
        }
        "manifest.json" => (
            "application/json",
            serde_json::to_vec_pretty(&manifest)
                .map_err(|e| Problem::internal(&e))
                .in_part(PART)?,
        ),
        other => return Err(refused("file", format!("there is no {other}"))),
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{file}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_known_ending_of_a_name_is_used() {
        assert_eq!(ending("customers.PARQUET"), "parquet");
        assert_eq!(ending("../../etc/passwd"), "csv");
        assert_eq!(ending("x.csv.exe"), "csv");
    }
}
