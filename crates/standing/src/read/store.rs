//! Keeping articles and their claims in the ledger.
//!
//! The bytes become a source document, each article with its claims one fact beside it. The same article read to the same claims is
//! recorded once; read by better rules, its claims are recorded anew and the newer reading is the one that is shown. How a claim meets the
//! record is never stored: it follows from the record.

use serde::{Deserialize, Serialize};
use standing_ledger::{Ledger, StoredArticle, View};
use standing_model::{Day, Grade, PartialDate, Truth};
use standing_news::{Article, DateOrigin, ReadClaim, Reading, SetAside, Warning};

use super::files::FileRead;
use super::{ReadArticle, hex};
use crate::error::StandingError;

/// What was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Kept {
    /// Articles that are new, or newly read.
    pub articles: u64,
    /// Claims in them.
    pub claims: u64,
    /// Articles that were there already, read alike.
    pub already: u64,
}

/// An article as the ledger keeps it, without what follows from the record.
#[derive(Debug, Serialize, Deserialize)]
struct Body {
    /// Digest of the text that the offsets count in.
    article: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    outlet: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    published: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    published_origin: Option<DateOrigin>,
    /// The text, where it is not the document itself: taken from a page, a feed, one line of many.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    text: Option<String>,
    claims: Vec<ReadClaim>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    set_aside: Vec<SetAside>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    warnings: Vec<Warning>,
    sentences: usize,
}

/// An article of the ledger with its claims.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerArticle {
    /// As it was read.
    pub read: ReadArticle,
    /// The file's name as received.
    pub name: String,
    /// When it was public: its publication, or *by* the day of recording where that is not known.
    pub known: Option<PartialDate>,
}

/// Keeps the articles of some files, in one transaction. Inputs that were refused are passed over.
pub fn store(ledger: &mut Ledger, now: &str, files: &[FileRead]) -> Result<Kept, StandingError> {
    let mut kept = Kept::default();
    let what = match files {
        [] => return Ok(kept),
        [one] => format!("read {}", one.name()),
        [first, ..] => format!("read {} and {} more", first.name(), files.len() - 1),
    };
    let transaction = ledger.begin(now, &what)?;
    for file in files {
        let name = file.name();
        for read in file.articles.iter().flat_map(|input| &input.articles) {
            let text =
                serde_json::to_string(&Body::of(read)).map_err(|e| StandingError::Refused(format!("{name}: {e}")))?;
            let (_, new) = transaction.article(&name, &file.bytes, &text)?;
            if new {
                kept.articles += 1;
                kept.claims += read.reading.claims.len() as u64;
            } else {
                kept.already += 1;
            }
        }
    }
    transaction.commit()?;
    Ok(kept)
}

impl Body {
    fn of(read: &ReadArticle) -> Self {
        let article = &read.article;
        Self {
            article: read.digest.clone(),
            title: article.title.clone(),
            url: article.url.clone(),
            outlet: article.outlet.clone(),
            published: article.published,
            published_origin: article.published_origin,
            text: (read.digest != read.source).then(|| article.text.clone()),
            claims: read.reading.claims.clone(),
            set_aside: read.reading.set_aside.clone(),
            warnings: read.reading.warnings.clone(),
            sentences: read.reading.sentences,
        }
    }
}

/// The articles of a view that were known by its day, the newest reading of each, in the order of recording. With `mentions`, only those
/// in whose stored form one of these texts stands: a cheap way past thousands that are about somebody else.
pub fn articles(view: &View<'_>, mentions: Option<&[String]>) -> Result<Vec<LedgerArticle>, StandingError> {
    let mut found: Vec<(String, LedgerArticle)> = Vec::new();
    let mut newest: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    view.each_article(&mut |stored| {
        if mentions.is_some_and(|m| !m.iter().any(|text| stored.body.contains(text.as_str()))) {
            return Ok(());
        }
        let key_and_article = article(view, stored)?;
        let (key, article) = key_and_article;
        if article.known.is_some_and(|k| k.reached(view.known()) != Truth::Yes) {
            return Ok(());
        }
        if let Some(&at) = newest.get(&key) {
            found[at].1 = article;
        } else {
            newest.insert(key.clone(), found.len());
            found.push((key, article));
        }
        Ok(())
    })?;
    Ok(found.into_iter().map(|(_, a)| a).collect())
}

fn article(view: &View<'_>, stored: StoredArticle) -> Result<(String, LedgerArticle), standing_ledger::LedgerError> {
    let body: Body = serde_json::from_str(&stored.body)?;
    let text = match body.text {
        Some(text) => text,
        None => view
            .document(&stored.source)?
            .map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default(),
    };
    let known = body.published.map_or_else(
        || {
            let day = stored.recorded.get(..10).and_then(|d| d.parse::<Day>().ok());
            PartialDate::bounded(None, day.map(Into::into))
        },
        |day| Some(PartialDate::day(day)),
    );
    let key = format!("{} {}", stored.source, body.article);
    let article = LedgerArticle {
        name: stored.name,
        known,
        read: ReadArticle {
            article: Article {
                text,
                title: body.title,
                url: body.url,
                outlet: body.outlet,
                published: body.published,
                published_origin: body.published_origin,
                doubts: Vec::new(),
            },
            digest: body.article,
            source: stored.source,
            reading: Reading {
                claims: body.claims,
                set_aside: body.set_aside,
                warnings: body.warnings,
                sentences: body.sentences,
            },
        },
    };
    Ok((key, article))
}

/// `stated` where the article stands on a site of the authority that it says acts, else `reported`. Which hosts belong to whom is data of
/// the register.
pub fn grade(view: &View<'_>, url: Option<&str>, claim: &ReadClaim) -> Grade {
    let (Some(url), Some(actor)) = (url, claim.claim.actor.as_deref()) else {
        return Grade::Reported;
    };
    if claim.claim.tier != 1 {
        return Grade::Reported;
    }
    let Some(host) = host(url) else {
        return Grade::Reported;
    };
    let own = view.register().authorities.iter().any(|a| {
        (a.id == actor || a.jurisdiction.to_string() == actor)
            && a.hosts.iter().any(|h| host == *h || host.ends_with(&format!(".{h}")))
    });
    if own { Grade::Stated } else { Grade::Reported }
}

/// The host of an address, in small letters.
fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    (!host.is_empty()).then_some(host)
}

/// A claim's id in the ledger: `c:`, the beginning of its article's digest, its id in the article.
pub fn claim_id(article: &str, claim: &str) -> String {
    format!("c:{}:{claim}", article.get(..12).unwrap_or(article))
}

/// Digest of bytes, as claims name their article.
pub fn digest(bytes: &[u8]) -> String {
    hex(&standing_ledger::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_what_stands_between_scheme_and_path() {
        assert_eq!(host("https://WWW.mid.ru/en/news?x=1").as_deref(), Some("www.mid.ru"));
        assert_eq!(host("https://mid.ru@evil.example/").as_deref(), Some("evil.example"));
        assert_eq!(host("mid.ru:443/x").as_deref(), Some("mid.ru"));
        assert_eq!(host(""), None);
    }
}
