//! Lists brought in by a request, through the same ingest as the command line's.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use standing::StandingError;
use standing::ingest::{Ingest, IngestOptions};
use standing::model::PartialDate;
use utoipa::IntoParams;

use super::words::{IngestRow, ProblemAnswer};
use crate::asked::{self, Asked};
use crate::body::{File, answer};
use crate::problem::Problem;
use crate::shared::Shared;
use crate::writing::note;

/// What the body is.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAsked {
    /// The file's name, such as `sdn.xml`; the last part of a path counts.
    name: Option<String>,
    /// The date of a file that bears none.
    #[param(schema_with = asked::date_schema)]
    date: Option<String>,
    /// The list, where the content does not tell.
    #[param(pattern = "^[a-z0-9-]{1,40}$")]
    list: Option<String>,
    /// It is an excerpt and proves no absence: `true` or `false` (by default).
    #[param(pattern = "^(true|false)$")]
    part: Option<String>,
}

/// The last part of a name, with nothing in it that means something to a file system.
pub fn file_name(name: Option<&str>, otherwise: &str) -> String {
    let last = name.unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
    let safe: String = last
        .chars()
        .filter(|c| c.is_alphanumeric() || "._- ".contains(*c))
        .take(100)
        .collect();
    let safe = safe.trim_matches(['.', ' ']);
    if safe.is_empty() {
        otherwise.to_owned()
    } else {
        safe.to_owned()
    }
}

/// Takes in a list: the body is the file, an archive or not.
#[utoipa::path(post, path = "/v1/lists", tag = "sources", params(ListAsked),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = [IngestRow]), (status = "default", body = ProblemAnswer, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn list(
    State(shared): State<Arc<Shared>>,
    Asked(asked): Asked<ListAsked>,
    File(bytes): File,
) -> Result<Response, Problem> {
    if bytes.is_empty() {
        return Err(Problem::field(
            "body",
            "The body is empty.",
            "Send the list's file as the body.",
        ));
    }
    asked::day("date", asked.date.as_deref())?;
    let list_is_id = |l: &String| {
        !l.is_empty()
            && l.len() <= 40
            && l.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if asked.list.as_ref().is_some_and(|l| !list_is_id(l)) {
        return Err(Problem::field(
            "list",
            "list: it is no list's id.",
            "Write an id such as un or us-sdn.",
        ));
    }
    let options = IngestOptions {
        date: asked
            .date
            .map(|d| d.parse::<PartialDate>())
            .transpose()
            .map_err(|e| Problem::field("date", format!("date: {e}."), "Write 2024-10-04, 2024-10 or 2024."))?,
        list: asked.list,
        part: asked::flag("part", asked.part.as_deref())?,
        ..IngestOptions::default()
    };
    let name = file_name(asked.name.as_deref(), "upload");
    let turn = shared.writing.lock().await;
    let app = Arc::clone(&shared);
    let work = move || {
        let file = |what: &str, source| StandingError::File {
            path: what.to_owned(),
            source,
        };
        let place = tempfile::tempdir().map_err(|e| file("a temporary directory", e))?;
        let path = place.path().join(&name);
        std::fs::write(&path, &bytes).map_err(|e| file("a temporary file", e))?;
        let (now, today) = (app.now(), app.today());
        let ingest = Ingest {
            ledger: &app.options.ledger,
            options: &options,
            today,
            now: &now,
        };
        let mut reports = ingest.run(std::slice::from_ref(&path), &mut |_| {})?;
        for report in &mut reports {
            report.files = vec![name.clone()];
        }
        Ok::<_, StandingError>(reports)
    };
    let app = Arc::clone(&shared);
    let done = tokio::task::spawn_blocking(move || {
        let answer = work();
        note(&app, &answer);
        answer
    })
    .await;
    drop(turn);
    shared.look_now();
    match done {
        Ok(Ok(reports)) => Ok(answer(&reports)),
        Ok(Err(error)) => Err(error.into()),
        Err(failed) => Err(Problem::internal(&failed)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leaves_its_directory() {
        for (given, taken) in [
            (Some("../../etc/passwd"), "passwd"),
            (Some("..\\..\\x.xml"), "x.xml"),
            (Some("2024-01-31 list.xml"), "2024-01-31 list.xml"),
            (Some(".."), "upload"),
            (Some("a\0b\n.csv"), "ab.csv"),
            (Some(""), "upload"),
            (None, "upload"),
        ] {
            assert_eq!(file_name(given, "upload"), taken, "{given:?}");
        }
    }
}
