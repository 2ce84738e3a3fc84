//! What a page says of itself: JSON-LD first, then meta elements, then the canonical link. Where they give different days, that is a doubt.

use serde_json::Value;
use standing_model::date::Day;

use super::iso_day;

/// JSON-LD is looked into no deeper than this.
const DEPTH: usize = 12;

/// What was found, each from the strongest place that has it.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub published: Option<Day>,
    pub title: Option<String>,
    pub outlet: Option<String>,
    pub url: Option<String>,
    /// The article's text as JSON-LD gives it.
    pub body: Option<String>,
    pub doubts: Vec<String>,
}

impl Facts {
    fn date(&mut self, text: &str, whose: &str) {
        let Some(day) = iso_day(text) else { return };
        match self.published {
            None => self.published = Some(day),
            // Zones make a day of difference where one place gives UTC and another local time.
            Some(first) if (first - day).get_days().abs() > 1 => {
                let doubt = format!("the page gives two days of publication: {first}, and {day} ({whose})");
                if self.doubts.len() < 4 && !self.doubts.contains(&doubt) {
                    self.doubts.push(doubt);
                }
            }
            Some(_) => {}
        }
    }

    /// A `<meta>` element: its name or property, and its content.
    pub fn meta(&mut self, name: &str, content: &str) {
        let content = content.trim();
        if content.is_empty() {
            return;
        }
        let keep = |slot: &mut Option<String>| {
            if slot.is_none() {
                *slot = Some(content.to_owned());
            }
        };
        match name.to_ascii_lowercase().as_str() {
            "article:published_time"
            | "datepublished"
            | "og:published_time"
            | "publishdate"
            | "publish-date"
            | "pubdate"
            | "parsely-pub-date"
            | "sailthru.date"
            | "dc.date"
            | "dc.date.issued"
            | "dcterms.date"
            | "dcterms.created"
            | "dcterms.issued"
            | "date" => self.date(content, name),
            "og:title" | "dc.title" => keep(&mut self.title),
            "og:site_name" | "application-name" | "dc.publisher" => keep(&mut self.outlet),
            "og:url" => keep(&mut self.url),
            _ => {}
        }
    }

    /// `<time>` with the property of a publication.
    pub fn time(&mut self, datetime: &str) {
        self.date(datetime, "time");
    }

    /// The canonical link.
    pub fn canonical(&mut self, href: &str) {
        if href.starts_with("http") {
            self.url = Some(href.trim().to_owned());
        }
    }

    /// A JSON-LD script. What is no JSON is passed over.
    pub fn json_ld(&mut self, script: &str) {
        if let Ok(value) = serde_json::from_str::<Value>(script.trim()) {
            self.walk(&value, 0);
        }
    }

    fn walk(&mut self, value: &Value, depth: usize) {
        if depth > DEPTH {
            return;
        }
        match value {
            Value::Array(items) => items.iter().for_each(|v| self.walk(v, depth + 1)),
            Value::Object(fields) => {
                if fields.get("@type").is_some_and(is_article) {
                    let text = |name: &str| {
                        fields
                            .get(name)
                            .and_then(Value::as_str)
                            .map(str::trim)
                            .filter(|t| !t.is_empty())
                    };
                    if let Some(day) = text("datePublished") {
                        self.date(day, "JSON-LD");
                    }
                    if self.title.is_none() {
                        self.title = text("headline").map(str::to_owned);
                    }
                    if self.url.is_none() {
                        let page = fields
                            .get("mainEntityOfPage")
                            .and_then(|m| m.as_str().or_else(|| m.get("@id")?.as_str()));
                        self.url = text("url")
                            .or(page)
                            .filter(|u| u.starts_with("http"))
                            .map(str::to_owned);
                    }
                    if self.outlet.is_none() {
                        self.outlet = fields.get("publisher").and_then(name_of);
                    }
                    if self.body.is_none() {
                        self.body = text("articleBody").map(str::to_owned);
                    }
                }
                if let Some(graph) = fields.get("@graph") {
                    self.walk(graph, depth + 1);
                }
            }
            _ => {}
        }
    }
}

fn is_article(kind: &Value) -> bool {
    let article = |v: &Value| {
        v.as_str()
            .is_some_and(|t| t.ends_with("Article") || t.ends_with("Posting") || matches!(t, "Report" | "WebPage"))
    };
    article(kind) || kind.as_array().is_some_and(|kinds| kinds.iter().any(article))
}

fn name_of(publisher: &Value) -> Option<String> {
    let one = publisher.as_array().and_then(|all| all.first()).unwrap_or(publisher);
    one.as_str().or_else(|| one.get("name")?.as_str()).map(str::to_owned)
}
