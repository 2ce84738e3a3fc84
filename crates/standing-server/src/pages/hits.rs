//! A hit on a page: which listing, where it stands, and which token met which, drawn with lines between them.

use maud::{Markup, html};
use standing::model::{NameKind, NameQuality};
use standing::screen::listed::NameSource;
use standing::screen::{Hit, JudgedPair};

use super::access::Visitor;
use super::words::{self, party_path};
use crate::tokens::Scope;

/// A hit with its explanation; with a customer's reference and the right to judge, the keys to decide it.
pub fn hit(hit: &Hit, visitor: &Visitor, named: bool) -> Markup {
    html! {
        article.hit data-hit="" tabindex="-1" {
            p {
                span.score { (format!("{:.2}", hit.score)) } " "
                a href=(party_path(hit.listing.as_deref().unwrap_or(&hit.party))) { (words::brief(&hit.name)) }
                " " span.ref.dim { (hit.listing.as_deref().unwrap_or(&hit.party)) }
                " " span.dim { (alias(hit)) @if hit.caption != hit.name { " of " (words::brief(&hit.caption)) } }
                @if named { br; span.dim { "for " (words::brief(&hit.query.name)) @if let Some(id) = &hit.query.id { " (" (words::visible(id)) ")" } } }
            }
            p { span class=(format!("state {}", hit.standing.word())) { (standing::words::sign(hit.standing)) " " (words::visible(&hit.standing_words())) } }
            @if let Some(judged) = &hit.judged {
                p.note { "Raised again: " (judged.changed.as_deref().unwrap_or("something")) " changed since it was judged " (judged.verdict) " by " (words::visible(&judged.by)) "." }
            }
            details open[!named] {
                summary { "Why" }
                (tokens(hit))
                (table(hit))
            }
            @if let Some(customer) = hit.query.id.as_deref().filter(|_| visitor.may(Scope::Judge)) {
                form.row method="post" action="/screen/judge" data-judge="" {
                    (visitor.guard())
                    input type="hidden" name="customer" value=(customer);
                    input type="hidden" name="party" value=(hit.listing.as_deref().unwrap_or(&hit.party));
                    div.field { label { "Your reason " input name="why" size="30" required maxlength="2000"; } }
                    div.field { button name="verdict" value="same" { "Same" } " " button name="verdict" value="different" { "Different" } " " button name="verdict" value="unsure" { "Unsure" } }
                    span.status data-decided="" role="status" {}
                }
            }
        }
    }
}

/// A pair that was judged and is not raised again.
pub fn judged(pair: &JudgedPair) -> Markup {
    html! {
        p.dim { (format!("{:.2}", pair.score)) " " span.ref { (pair.listing.as_deref().unwrap_or(&pair.party)) }
            " is not raised again: judged " (pair.judged.verdict) " by " (words::visible(&pair.judged.by)) ": " (words::visible(&pair.judged.why)) }
    }
}

fn alias(hit: &Hit) -> String {
    let name = &hit.explanation.listed_name;
    let word = match (name.kind, name.quality) {
        (NameKind::Primary, _) => "primary name",
        (NameKind::Former, _) => "former name",
        (NameKind::Alias, NameQuality::Weak) => "weak alias",
        (NameKind::Alias, NameQuality::Good) => "alias",
    };
    if name.source == NameSource::Register {
        format!("{word} (from the register)")
    } else {
        word.to_owned()
    }
}

/// Both names' tokens, one above the other, with lines between those that met.
fn tokens(hit: &Hit) -> Markup {
    let why = &hit.explanation;
    let mut above: Vec<(&str, bool)> = why.pairs.iter().map(|p| (p.query.as_str(), true)).collect();
    let mut below: Vec<(&str, bool)> = why.pairs.iter().map(|p| (p.listed.as_str(), true)).collect();
    for left in &why.left_over {
        let side = if left.side == "query" { &mut above } else { &mut below };
        side.push((left.written.as_str(), false));
    }
    let row = |tokens: &[(&str, bool)]| -> Vec<(String, bool, f64)> {
        let mut at = 0.0;
        tokens
            .iter()
            .map(|(text, met)| {
                let text = words::visible(&text.chars().take(40).collect::<String>());
                let wide = text.chars().count() as f64 * 9.0 + 22.0;
                let middle = at + wide / 2.0;
                at += wide;
                (text, *met, middle)
            })
            .collect()
    };
    let (above, below) = (row(&above), row(&below));
    let end = |row: &[(String, bool, f64)]| {
        row.last()
            .map_or(0.0, |(t, _, m)| m + t.chars().count() as f64 * 4.5 + 11.0)
    };
    let wide = end(&above).max(end(&below)).max(40.0);
    html! {
        svg.tokens xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {wide:.0} 74")) width=(format!("{wide:.0}")) role="img" aria-label="Which word met which; the table says the same" {
            @for at in 0..why.pairs.len() {
                line x1=(format!("{:.1}", above[at].2)) x2=(format!("{:.1}", below[at].2)) y1="24" y2="50" stroke-dasharray=[(why.pairs[at].how != "equal").then_some("4 3")] {}
            }
            @for (text, met, middle) in &above { text x=(format!("{middle:.1}")) y="18" text-anchor="middle" class=(if *met { "met" } else { "left" }) { (text) } }
            @for (text, met, middle) in &below { text x=(format!("{middle:.1}")) y="66" text-anchor="middle" class=(if *met { "met" } else { "left" }) { (text) } }
        }
    }
}

fn table(hit: &Hit) -> Markup {
    let why = &hit.explanation;
    html! {
        table.stack {
            thead { tr { th { "As asked" } th { "As listed" } th { "How" } th.n { "Alike" } th.n { "Weight" } } }
            tbody {
                @for p in &why.pairs { tr {
                    td data-h="As asked" { (words::name(&p.query)) } td data-h="As listed" { (words::name(&p.listed)) } td data-h="How" { (p.how) }
                    td.n data-h="Alike" { (format!("{:.2}", p.similarity)) } td.n data-h="Weight" { (format!("{:.2}", p.weight)) }
                } }
                @for l in &why.left_over { tr {
                    td data-h="As asked" { @if l.side == "query" { (words::name(&l.written)) } @else { "–" } }
                    td data-h="As listed" { @if l.side == "query" { "–" } @else { (words::name(&l.written)) } }
                    td data-h="How" { "left over: " (l.kind) } td.n {} td.n data-h="Weight" { (format!("{:.2}", l.weight)) }
                } }
            }
        }
        p.dim {
            "Names alone " (format!("{:.2}", hit.name_score))
            @for f in &why.fields { "; " (f.field) " " (f.outcome) " " (format!("{:+.2}", f.amount)) @if !f.query.is_empty() { " (" (words::visible(&f.query)) " against " (words::visible(&f.listed)) ")" } }
            @if !why.not_compared.is_empty() { "; not compared: " @for (at, (field, _)) in why.not_compared.iter().enumerate() { @if at > 0 { ", " } (field) } }
            @for f in &why.folded { "; " (f) }
        }
    }
}
