//! The article in a page: its paragraphs without menus, lists of links, comments and what else stands around them.
//!
//! The page is taken as a flat stream of tags ([`super::tags`]), never as a tree, so that no nesting is deep enough to harm. Each paragraph speaks for the element that holds it, and half as much for the one around that; the element that most is said
//! for holds the article. What a page says of itself is read by [`super::page`].

use super::page::Facts;
use super::tags::{Piece, Start, pieces};
use crate::article::Article;

/// Elements that never hold an article's words.
const DROPPED: [&str; 22] = [
    "nav", "header", "footer", "aside", "form", "noscript", "svg", "math", "figure", "template", "iframe", "object",
    "button", "select", "option", "textarea", "dialog", "menu", "canvas", "audio", "video", "style",
];
/// Elements that begin a line of their own.
const BLOCKS: [&str; 34] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "body",
    "blockquote",
    "pre",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "tbody",
    "tr",
    "td",
    "th",
    "center",
    "address",
    "details",
    "summary",
    "figcaption",
    "hr",
    "hgroup",
    "fieldset",
    "html",
];
/// Elements that can hold an article.
const HOLDERS: [&str; 9] = [
    "div",
    "section",
    "article",
    "main",
    "body",
    "td",
    "blockquote",
    "center",
    "html",
];
/// Elements without an end.
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
];
/// Words in `class`, `id` or `role` that say that an element is no part of the article.
const AROUND: [&str; 36] = [
    "nav",
    "navbar",
    "navigation",
    "menu",
    "sidebar",
    "footer",
    "masthead",
    "breadcrumb",
    "breadcrumbs",
    "comment",
    "comments",
    "disqus",
    "related",
    "recommended",
    "recirc",
    "trending",
    "popular",
    "share",
    "sharing",
    "social",
    "newsletter",
    "subscribe",
    "subscription",
    "signup",
    "promo",
    "advert",
    "advertisement",
    "ads",
    "sponsored",
    "cookie",
    "banner",
    "popup",
    "modal",
    "paywall",
    "toolbar",
    "skip",
];
/// Words there that say that it is the article.
const ARTICLE: [&str; 11] = [
    "article",
    "articlebody",
    "body",
    "content",
    "entry",
    "main",
    "post",
    "story",
    "storytext",
    "text",
    "prose",
];
/// No deeper nesting is followed; what is deeper counts as part of the last element followed.
const DEEPEST: usize = 256;

/// Does a text, of which this is the head in small letters, look like a page?
pub(super) fn is_page(head: &str) -> bool {
    head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || (head.starts_with('<')
            && ["<head", "<body", "<p>", "<p ", "<div", "<article", "<meta", "<title"]
                .iter()
                .any(|t| head.contains(t)))
        || head.contains("<body")
        || head.matches("<p>").count() > 1
}

/// An element that is open.
struct Open {
    name: String,
    holder: usize,
    drops: bool,
}

/// An element that can hold an article.
struct Holder {
    parent: usize,
    score: f64,
    /// Letters in its own paragraphs.
    letters: usize,
}

/// A line of the page.
struct Line {
    holder: usize,
    text: String,
    linked: usize,
    heading: bool,
}

struct Page {
    facts: Facts,
    open: Vec<Open>,
    holders: Vec<Holder>,
    lines: Vec<Line>,
    text: String,
    linked: usize,
    heading: bool,
    links: usize,
    dropped: usize,
    title: Option<String>,
    in_title: bool,
    script: Option<String>,
}

/// Reads a page or a fragment of one.
pub(super) fn read(text: &str) -> Article {
    let mut page = Page {
        facts: Facts::default(),
        open: Vec::new(),
        holders: vec![Holder {
            parent: 0,
            score: 0.0,
            letters: 0,
        }],
        lines: Vec::new(),
        text: String::new(),
        linked: 0,
        heading: false,
        links: 0,
        dropped: 0,
        title: None,
        in_title: false,
        script: None,
    };
    pieces(text, &mut |piece| match piece {
        Piece::Start(tag) => page.start(&tag),
        Piece::End(name) => page.end(&name),
        Piece::Words(words) => page.words(&words),
    });
    page.flush();
    page.article()
}

impl Page {
    fn holder(&self) -> usize {
        self.open.last().map_or(0, |o| o.holder)
    }

    fn start(&mut self, tag: &Start) {
        let name = tag.name.clone();
        match name.as_str() {
            "meta" => {
                let key = tag
                    .attribute("property")
                    .or_else(|| tag.attribute("name"))
                    .or_else(|| tag.attribute("itemprop"));
                if let (Some(key), Some(content)) = (key, tag.attribute("content")) {
                    self.facts.meta(key, content);
                }
            }
            "link"
                if tag
                    .attribute("rel")
                    .is_some_and(|r| r.eq_ignore_ascii_case("canonical")) =>
            {
                if let Some(href) = tag.attribute("href") {
                    self.facts.canonical(href);
                }
            }
            "time" => {
                let published = tag.attribute("itemprop").is_some_and(|p| p == "datePublished")
                    || tag.attribute("pubdate").is_some();
                if let (true, Some(day)) = (published, tag.attribute("datetime")) {
                    self.facts.time(day);
                }
            }
            "title" => self.in_title = self.title.is_none(),
            "script" => {
                let kind = tag.attribute("type").unwrap_or_default();
                self.script = Some(if kind == "application/ld+json" {
                    String::new()
                } else {
                    "\0".to_owned()
                });
            }
            "br" => self.text.push('\n'),
            _ => {}
        }
        if BLOCKS.contains(&name.as_str()) {
            self.flush();
            // A paragraph ends where the next block begins.
            if self.open.last().is_some_and(|o| o.name == "p") {
                self.close(self.open.len() - 1);
            }
            self.heading = name.len() == 2 && name.starts_with('h') && name != "hr";
        }
        if VOID.contains(&name.as_str()) || tag.self_closing || self.open.len() >= DEEPEST {
            return;
        }
        let drops = DROPPED.contains(&name.as_str()) || around(tag, &name);
        self.dropped += usize::from(drops);
        self.links += usize::from(name == "a");
        let mut holder = self.holder();
        if HOLDERS.contains(&name.as_str()) {
            let bonus = match name.as_str() {
                "article" => 10.0,
                "main" => 5.0,
                _ => 0.0,
            };
            let said = tag.attribute("itemprop").is_some_and(|p| p == "articleBody") || named(tag, &ARTICLE);
            self.holders.push(Holder {
                parent: holder,
                score: bonus + if said { 5.0 } else { 0.0 },
                letters: 0,
            });
            holder = self.holders.len() - 1;
        }
        self.open.push(Open { name, holder, drops });
    }

    fn end(&mut self, name: &str) {
        match name {
            "title" => self.in_title = false,
            "script" => {
                if let Some(script) = self.script.take().filter(|s| !s.starts_with('\0')) {
                    self.facts.json_ld(&script);
                }
            }
            _ => {}
        }
        if BLOCKS.contains(&name) {
            self.flush();
            self.heading = false;
        }
        // An end without its beginning is passed over; one that lies further down ends what is above it.
        if let Some(at) = self.open.iter().rposition(|o| o.name == name) {
            self.close(at);
        }
    }

    fn close(&mut self, at: usize) {
        for open in self.open.drain(at..) {
            self.dropped -= usize::from(open.drops);
            self.links -= usize::from(open.name == "a");
        }
    }

    fn words(&mut self, words: &str) {
        if let Some(script) = &mut self.script {
            script.push_str(words);
        } else if self.in_title {
            self.title.get_or_insert_default().push_str(words);
        } else if self.dropped == 0 {
            self.text.push_str(words);
            if self.links > 0 {
                self.linked += words.trim().len();
            }
        }
    }

    /// Ends a line.
    fn flush(&mut self) {
        let raw = std::mem::take(&mut self.text);
        let linked = std::mem::take(&mut self.linked);
        let lines: Vec<String> = raw
            .split('\n')
            .map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        // A single line break in the source is white space; `<br>` made real ones, which stand beside others only where they are meant.
        let text = if raw.contains('\n') {
            joined(&lines)
        } else {
            lines.concat()
        };
        if text.is_empty() {
            return;
        }
        let holder = self.holder();
        if !self.heading && text.len() >= 25 && linked * 2 < text.len() {
            let commas = text.matches(',').count().min(8) as f64;
            let points = 1.0 + commas + (text.len() as f64 / 100.0).min(3.0);
            self.holders[holder].score += points;
            self.holders[holder].letters += text.len();
            let parent = self.holders[holder].parent;
            if parent != holder {
                self.holders[parent].score += points / 2.0;
            }
        }
        self.lines.push(Line {
            holder,
            text,
            linked,
            heading: self.heading,
        });
    }

    fn article(self) -> Article {
        let mut best = 0;
        for (at, holder) in self.holders.iter().enumerate() {
            if holder.score > self.holders[best].score {
                best = at;
            }
        }
        // Letters within each holder, its own and those of the holders in it.
        let mut within: Vec<usize> = self.holders.iter().map(|h| h.letters).collect();
        for at in (1..self.holders.len()).rev() {
            within[self.holders[at].parent] += within[at];
        }
        // An article cut into several elements is whole only in the one around them.
        while best != 0
            && within[self.holders[best].parent] * 3 > within[best] * 4
            && self.holders[self.holders[best].parent].score > 0.0
        {
            let parent = self.holders[best].parent;
            if parent == 0 && self.holders.len() > 1 {
                break;
            }
            best = parent;
        }
        let inside = |mut at: usize| loop {
            if at == best {
                return true;
            }
            if at == 0 {
                return false;
            }
            at = self.holders[at].parent;
        };
        let mut lines: Vec<&str> = Vec::new();
        for line in &self.lines {
            let menu = line.linked * 2 > line.text.len();
            if inside(line.holder) && !menu && !(line.heading && lines.is_empty()) {
                lines.push(&line.text);
            }
        }
        let mut text = lines.join("\n");
        if let Some(body) = self.facts.body.as_ref().filter(|b| b.len() * 2 > text.len() * 3) {
            text.clone_from(body);
        }
        let title = self.title.map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "));
        Article {
            text,
            title: self.facts.title.or(title).filter(|t| !t.is_empty()),
            url: self.facts.url,
            outlet: self.facts.outlet,
            published: self.facts.published,
            published_origin: None,
            doubts: self.facts.doubts,
        }
    }
}

/// Lines of one block: what `<br>` or the source broke, joined by spaces; an empty line between two ends a paragraph.
fn joined(lines: &[String]) -> String {
    let mut out = String::new();
    let mut gap = false;
    for line in lines {
        if line.is_empty() {
            gap = !out.is_empty();
            continue;
        }
        if !out.is_empty() {
            out.push(if gap { '\n' } else { ' ' });
        }
        out.push_str(line);
        gap = false;
    }
    out
}

/// Does an element say of itself that it stands around the article, or that it is hidden?
fn around(tag: &Start, name: &str) -> bool {
    if matches!(name, "html" | "body" | "main" | "article" | "p") {
        return false;
    }
    let hidden = tag.attribute("hidden").is_some()
        || tag.attribute("aria-hidden").is_some_and(|v| v == "true")
        || tag
            .attribute("style")
            .is_some_and(|s| s.replace(' ', "").to_ascii_lowercase().contains("display:none"));
    hidden || (named(tag, &AROUND) && !named(tag, &ARTICLE))
}

/// Does one of these words stand in the element's class, id or role?
fn named(tag: &Start, words: &[&str]) -> bool {
    ["class", "id", "role"]
        .iter()
        .filter_map(|a| tag.attribute(a))
        .any(|value| {
            value
                .to_ascii_lowercase()
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| words.contains(&word))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!DOCTYPE html><html><head><title>Ban to go - Example</title>
      <meta property="og:site_name" content="Example Times"><link rel="canonical" href="https://example.org/ban">
      <script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","datePublished":"2024-10-04T23:30:00+03:00","headline":"Ban to go"}]}</script>
      </head><body><nav><a href="/">Home</a><a href="/world">World</a></nav>
      <div class="story"><h1>Ban to go</h1><p>The ministry said on Friday, at a meeting, that the ban on the group would go.</p>
      <p>A court must decide, the ministry said &mdash; nobody knows when, and there is no law yet.</div>
      <div class="related-stories"><p>Read also: the ministry said something else last week, and more.</p></div>
      <div><ul><li><a href="/1">Another story about another thing, with commas, and more</a></li></ul></div>
      <footer>© Example Times, all rights reserved, everywhere</footer></body></html>"#;

    #[test]
    fn the_article_is_taken_without_what_stands_around_it() {
        let article = read(PAGE);
        assert_eq!(
            article.text,
            "The ministry said on Friday, at a meeting, that the ban on the group would go.\nA court must decide, the ministry said — nobody knows when, and there is no law yet."
        );
        assert_eq!(article.title.as_deref(), Some("Ban to go"));
        assert_eq!(article.outlet.as_deref(), Some("Example Times"));
        assert_eq!(article.url.as_deref(), Some("https://example.org/ban"));
        assert_eq!(article.published.unwrap().to_string(), "2024-10-04");
    }

    #[test]
    fn deep_nesting_and_broken_tags_are_read_in_linear_time() {
        let deep = format!(
            "<html><body>{}<p>The ministry said that the ban would go.</p>",
            "<div>".repeat(200_000)
        );
        assert!(read(&deep).text.contains("the ban would go"));
        let broken = "<p>One & two <b>three <i>four</b> five <a href='x>six</a> seven.</p> eight";
        assert!(read(broken).text.starts_with("One & two three four five"));
    }

    #[test]
    fn two_days_on_one_page_are_a_doubt() {
        let page = r#"<html><head><meta name="date" content="2024-10-04"><meta property="article:published_time" content="2023-01-02"></head><body><p>Text.</p>"#;
        let article = read(page);
        assert_eq!(article.published.unwrap().to_string(), "2024-10-04");
        assert_eq!(article.doubts.len(), 1);
    }
}
