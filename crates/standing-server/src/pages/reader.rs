//! Articles: one read with its claims underlined and set beside the record, and those that the ledger keeps.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use standing::model::{Action, ClaimType, Day};
use standing::read::claims::Said;
use standing::read::files::FileRead;
use standing::read::words::{meeting, status_sign, status_words, what, who};
use standing::read::{ClaimRow, Desk, ReadArticle, ReadInput, ReadOptions, Verdict, beside, parse_published, store};
use standing::{Question, StandingError, View};

use super::access::Visitor;
use super::answers::{Answer, InPart, PageProblem};
use super::layout::{Page, Part, empty, page};
use super::words::{self, evidence_path, party_path};
use crate::shared::Shared;
use crate::tokens::Scope;
use crate::writing;

const PART: Part = Part::Reader;

/// Rules and names of the state that was asked for last: making them takes longer than reading an article.
#[derive(Default)]
pub struct KeptDesk(Mutex<Option<(i64, Day, Arc<Desk>)>>);

impl std::fmt::Debug for KeptDesk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeptDesk")
    }
}

/// The desk of a view's state.
pub fn desk(app: &Shared, view: &View<'_>) -> Result<Arc<Desk>, StandingError> {
    let key = (view.transaction(), view.known());
    {
        let kept = app.desk.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, desk)) = kept.as_ref().filter(|(t, d, _)| (*t, *d) == key) {
            return Ok(Arc::clone(desk));
        }
    }
    let desk = Arc::new(Desk::new(view, None)?);
    *app.desk.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((key.0, key.1, Arc::clone(&desk)));
    Ok(desk)
}

/// An article to read.
#[derive(Debug, Clone, Deserialize)]
pub struct Pasted {
    #[serde(default)]
    text: String,
    #[serde(default)]
    published: String,
    #[serde(default)]
    outlet: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    keep: String,
    #[serde(default)]
    guard: String,
}

impl Pasted {
    fn options(&self) -> Result<ReadOptions, PageProblem> {
        let filled = |t: &str| Some(t.trim().to_owned()).filter(|t| !t.is_empty());
        Ok(ReadOptions {
            published: filled(&self.published)
                .map(|t| parse_published(&t))
                .transpose()
                .map_err(|e| PageProblem::field(PART, "published", e))?,
            outlet: filled(&self.outlet),
            url: filled(&self.url),
        })
    }
}

/// The form, and the articles that are kept.
pub async fn show(State(app): State<Arc<Shared>>, headers: HeaderMap) -> Answer {
    let today = app.today();
    let (kept, transaction) = app
        .readers
        .ask(move |ledger| {
            let (view, clocks) = Question::default().view(ledger, today)?;
            Ok((store::articles(&view, None)?, clocks.recorded))
        })
        .await
        .in_part(PART)?;
    let visitor = Visitor::of(&app, &headers);
    let body = html! {
        h1 { "Reader" }
        p.lead { "What does an article say that authorities do, with which status, on whose word, and how does it meet the record?" }
        (form(&visitor))
        h2 { "Articles in the ledger" }
        @if kept.is_empty() {
            (empty("None is kept.", &html! { "Read one above and keep it, or on the command line: " code { "standing read FILE --store" } "." }))
        } @else {
            ul.plain { @for article in kept.iter().rev().take(200) {
                li {
                    a href={ "/read/" (article.read.digest) } { (words::name(article.read.article.title.as_deref().unwrap_or(&article.name))) }
                    " " span.dim { @if let Some(known) = article.known { (known) " · " } (words::visible(article.read.article.outlet.as_deref().unwrap_or(""))) " · " (words::count(article.read.reading.claims.len(), "claim", "claims")) }
                }
            } }
        }
    };
    Ok(page(&Page {
        title: "Reader",
        part: PART,
        transaction: Some(transaction),
        body,
    }))
}

fn form(visitor: &Visitor) -> Markup {
    html! {
        form method="post" action="/read" {
            (visitor.guard())
            div.field { label for="text" { "The article, as text or HTML" } textarea #text name="text" required {} }
            div.row {
                div.field { label for="published" { "Published on" } input #published name="published" size="10" placeholder="2024-10-04" autocomplete="off"; }
                div.field { label for="outlet" { "Outlet" } input #outlet name="outlet" maxlength="200" autocomplete="off"; }
                div.field { label for="url" { "Address" } input #url name="url" type="url" maxlength="2000" autocomplete="off"; }
                @if visitor.may(Scope::Ingest) { div.field { label { input type="checkbox" name="keep" value="yes"; " keep it in the ledger" } } }
                div.field { button.primary { "Read" } }
            }
            p.dim { "Without a day of publication, words like " i { "Friday" } " stay as they are. Nothing is fetched from an address, and nothing is kept unless you say so." }
        }
    }
}

/// Reads what was pasted; keeps it if asked to.
pub async fn read(
    State(app): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(pasted): Form<Pasted>,
) -> Result<Response, PageProblem> {
    let options = pasted.options()?;
    if pasted.text.trim().is_empty() {
        return Err(PageProblem::field(PART, "text", "there is nothing to read".into()));
    }
    let today = app.today();
    let text = pasted.text.clone();
    let (articles, clocks) = app
        .readers
        .ask({
            let app = Arc::clone(&app);
            move |ledger| {
                let (view, clocks) = Question::default().view(ledger, today)?;
                let read = desk(&app, &view)?.read(text.as_bytes(), &options)?;
                let articles = read
                    .articles
                    .into_iter()
                    .map(|article| Ok((beside(&view, &article, None, today)?, article)))
                    .collect::<Result<Vec<_>, StandingError>>()?;
                Ok((articles, clocks))
            }
        })
        .await
        .in_part(PART)?;
    if !pasted.keep.is_empty() {
        Visitor::of(&app, &headers).check(Scope::Ingest, &pasted.guard, &headers, PART)?;
        let file = FileRead {
            path: "pasted text".into(),
            bytes: pasted.text.into_bytes(),
            articles: Ok(ReadInput {
                articles: articles.iter().map(|(_, a)| a.clone()).collect(),
                passed: Vec::new(),
            }),
        };
        writing::write(&app, move |ledger, now| store::store(ledger, now, &[file]))
            .await
            .in_part(PART)?;
        if let [(_, article)] = articles.as_slice() {
            return Ok(Redirect::to(&format!("/read/{}", article.digest)).into_response());
        }
        return Ok(Redirect::to("/read").into_response());
    }
    let body = html! {
        @for (rows, article) in &articles { (article_body(article, rows)) }
        p.no-print { a href="/read" { "Read another" } }
    };
    Ok(page(&Page {
        title: "Reader",
        part: PART,
        transaction: Some(clocks.recorded),
        body,
    })
    .into_response())
}

/// An article that the ledger keeps.
pub async fn kept(State(app): State<Arc<Shared>>, Path(digest): Path<String>) -> Answer {
    let today = app.today();
    let (article, rows, transaction) = app
        .readers
        .ask(move |ledger| {
            let (view, clocks) = Question::default().view(ledger, today)?;
            let found = store::articles(&view, None)?
                .into_iter()
                .find(|a| digest.len() >= 8 && a.read.digest.starts_with(&digest))
                .ok_or_else(|| StandingError::Question(format!("no article {digest} is kept here")))?;
            let rows = beside(&view, &found.read, None, today)?;
            Ok((found, rows, clocks.recorded))
        })
        .await
        .in_part(PART)?;
    Ok(page(&Page {
        title: article.read.article.title.as_deref().unwrap_or("Article"),
        part: PART,
        transaction: Some(transaction),
        body: article_body(&article.read, &rows),
    }))
}

/// Where two neighbouring boundaries of spans cut the text: offsets in code points, ascending.
fn cuts(length: usize, spans: &[[usize; 2]]) -> Vec<usize> {
    let mut cuts: Vec<usize> = spans.iter().flatten().copied().filter(|at| *at < length).collect();
    cuts.extend([0, length]);
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// How the claims about standing meet the record, in one sentence.
fn beside_the_record(rows: &[ClaimRow]) -> String {
    let firm = || rows.iter().filter(|r| r.claim.claim.tier == 1);
    let with = |verdict: Option<Verdict>| {
        firm()
            .filter(|r| r.meets.as_ref().and_then(|m| m.verdict) == verdict)
            .count()
    };
    let parts: Vec<String> = [
        (Some(Verdict::Corroborated), "in the record"),
        (Some(Verdict::Ahead), "ahead of the record, which lacks what they say"),
        (Some(Verdict::Contradicted), "against the record"),
        (Some(Verdict::Stale), "once so in the record, which has moved on"),
        (
            Some(Verdict::Unmatched),
            "about a party or authority that the record does not know",
        ),
        (None, "with nothing in the record to hold them against"),
    ]
    .into_iter()
    .map(|(verdict, words)| (with(verdict), words))
    .filter(|(n, _)| *n > 0)
    .map(|(n, words)| format!("{n} {words}"))
    .collect();
    format!(
        "Of {}: {}.",
        words::count(firm().count(), "claim about standing", "claims about standing"),
        parts.join("; ")
    )
}

fn article_body(read: &ReadArticle, rows: &[ClaimRow]) -> Markup {
    let article = &read.article;
    let letters: Vec<char> = article.text.chars().collect();
    let mut spans: Vec<[usize; 2]> = rows.iter().map(|r| r.claim.claim.evidence).collect();
    spans.extend(read.reading.set_aside.iter().map(|s| s.span));
    let cuts = cuts(letters.len(), &spans);
    let firm = rows.iter().filter(|r| r.claim.claim.tier == 1).count();
    html! {
        h1 { (words::name(article.title.as_deref().unwrap_or("Article"))) }
        p.dim {
            @match article.published { Some(day) => { "Published " (day) }, None => { "Day of publication unknown: times stay as the article puts them" } }
            @if let Some(outlet) = &article.outlet { " · " (words::visible(outlet)) }
            @if let Some(url) = article.url.as_deref().filter(|u| u.starts_with("https://") || u.starts_with("http://")) { " · " a href=(url) rel="noreferrer noopener external" { "where it stands" } }
            " · " (words::count(firm, "claim", "claims")) " about standing, " (rows.len() - firm) " others"
        }
        @if firm > 0 { p.lead { (beside_the_record(rows)) } }
        @for warning in read.reading.warnings.iter().filter(|w| w.claim.is_none()) { div.problem { p { (words::visible(&warning.message)) } } }
        @if rows.is_empty() { (empty("No claim was found in it.", &html! { "The text is kept out of the record; read another article " a href="/read" { "here" } "." })) }
        div.columns {
            div.article tabindex="0" role="region" aria-label="The article" lang="en" dir="auto" {
                @for pair in cuts.windows(2) {
                    @let (from, to) = (pair[0], pair[1]);
                    @let part: String = letters[from..to].iter().collect();
                    @let part = words::visible(&part);
                    @if read.reading.set_aside.iter().any(|s| s.span[0] <= from && to <= s.span[1]) {
                        span.set-aside { (part) }
                    } @else {
                        @match innermost(rows, from, to) {
                            Some(at) => {
                                @let claim = &rows[at].claim.claim;
                                span class=(format!("claim-in {}{}", status_class(rows, at), if claim.tier == 1 { "" } else { " context" })) data-claim=(at + 1) {
                                    @if claim.evidence[0] == from { sup { (at + 1) } } (part)
                                }
                            },
                            None => (part),
                        }
                    }
                }
            }
            div {
                h2 { "Claims" }
                @for (at, row) in rows.iter().enumerate().filter(|(_, r)| r.claim.claim.tier == 1) { (card(at, row)) }
                @if rows.len() > firm {
                    h2 { "What else it says" }
                    @for (at, row) in rows.iter().enumerate().filter(|(_, r)| r.claim.claim.tier != 1) { (card(at, row)) }
                }
                @if !read.reading.set_aside.is_empty() {
                    h2 { "Set aside" }
                    ul.plain { @for s in &read.reading.set_aside {
                        li.dim { @let text: String = letters[s.span[0].min(letters.len())..s.span[1].min(letters.len())].iter().take(80).collect(); "“" (words::visible(text.trim())) "” (" (s.rule) ")" }
                    } }
                }
            }
        }
    }
}

/// What a claim says, with the actor's name where the reader has its country's code.
pub fn claim_words(kind: ClaimType, action: Option<Action>, actor: Option<&str>, party: Option<&str>) -> String {
    let named = actor.map(|code| {
        if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) {
            super::map::country(code)
        } else {
            code.to_owned()
        }
    });
    what(kind, action, named.as_deref(), party)
}

/// The article of a claim of the ledger: its id begins with the digest of the article.
pub fn claim_path(id: &str) -> String {
    let digest = id
        .trim_start_matches("c:")
        .split(['-', '.', ':', '/'])
        .next()
        .unwrap_or_default();
    format!("/read/{digest}")
}

/// Claims of the ledger, as they stand beside a standing; they never count into it.
pub fn said(said: &[Said]) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Claims" {
            table.stack {
                thead { tr { th { "Published" } th { "Claim" } th { "Status" } th { "Who says so" } th { "Beside the record" } } }
                tbody { @for s in said {
                    tr {
                        td data-h="Published" { a href=(claim_path(&s.claim)) { (words::when(s.known)) } @if let Some(o) = &s.outlet { " " span.dim { (words::visible(o)) } } }
                        td data-h="Claim" { (words::visible(&claim_words(s.kind, s.action, s.actor.as_deref(), s.party.as_deref()))) span.note { "“" (words::visible(&s.evidence_text)) "”" } }
                        td data-h="Status" { (status_sign(s.status)) " " (status_words(s.status)) }
                        td data-h="Who says so" { (words::visible(&who(s.speaker.as_deref(), &s.via))) }
                        td data-h="Beside the record" { (words::visible(&meeting(&s.meets))) }
                    }
                } }
            }
        }
    }
}

/// Of the claims over a stretch of text the one with the shortest span, standing types first.
fn innermost(rows: &[ClaimRow], from: usize, to: usize) -> Option<usize> {
    rows.iter()
        .enumerate()
        .filter(|(_, r)| r.claim.claim.evidence[0] <= from && to <= r.claim.claim.evidence[1])
        .min_by_key(|(at, r)| {
            let claim = &r.claim.claim;
            (claim.tier, claim.evidence[1] - claim.evidence[0], *at)
        })
        .map(|(at, _)| at)
}

fn status_class(rows: &[ClaimRow], at: usize) -> String {
    status_words(rows[at].claim.claim.status).replace(' ', "_")
}

fn card(at: usize, row: &ClaimRow) -> Markup {
    let claim = &row.claim.claim;
    html! {
        section.card data-claim=(at + 1) tabindex="0" {
            strong { (at + 1) " " (words::visible(&claim_words(claim.kind, claim.action, claim.actor.as_deref(), claim.party.as_deref()))) }
            br;
            span class=(format!("state {}", tone(row))) { (status_sign(claim.status)) " " (status_words(claim.status)) }
            @if let Some(time) = claim.time { " " (time) } @else if let Some(time) = &row.claim.time_text { " " span.dim { (words::visible(time)) } }
            p.who { (words::visible(&who(claim.speaker.as_deref(), &claim.via))) @if row.grade == standing::model::Grade::Stated { ", the authority's own word" } }
            @if let Some(meets) = &row.meets {
                p {
                    @match (&meets.step, &row.claim.party_id) {
                        (Some(step), party) => a href=(evidence_path(step, party.as_deref())) { (words::visible(&meeting(meets))) },
                        (None, Some(party)) => a href=(party_path(party)) { (words::visible(&meeting(meets))) },
                        (None, None) => (words::visible(&meeting(meets))),
                    }
                }
            }
            @for warning in &row.warnings { p.note { (words::visible(warning)) } }
        }
    }
}

fn tone(row: &ClaimRow) -> &'static str {
    match row.meets.as_ref().and_then(|m| m.verdict) {
        Some(Verdict::Contradicted) => "in_force",
        Some(Verdict::Ahead) => "pending",
        _ => "lifted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_every_boundary_once() {
        assert_eq!(cuts(10, &[[2, 5], [5, 7], [3, 99]]), [0, 2, 3, 5, 7, 10]);
        assert_eq!(cuts(0, &[]), [0]);
    }
}
