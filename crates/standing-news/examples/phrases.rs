//! Prints the phrases of each sentence of a text, with subjects and what stands over each verb: for whoever writes rules.

use std::io::{Read as _, Write as _};

use standing_news::clause::Clauses;
use standing_news::gazetteer::Gazetteer;
use standing_news::offices::Offices;
use standing_news::phrase::Source;
use standing_news::{RuleSet, mention, text};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    let rules = RuleSet::embedded();
    let gazetteer = Gazetteer::embedded();
    let cut = text::cut(&input, &rules.lexicon);
    let mentions = mention::find(&input, &cut, &gazetteer, &rules.lexicon, &Offices::embedded());
    let source = Source {
        text: &input,
        tokens: &cut.tokens,
        mentions: &mentions,
    };
    let mut out = std::io::stdout().lock();
    for sentence in &cut.sentences {
        let clauses = Clauses::new(&source, sentence.start as usize, sentence.end as usize);
        for (i, p) in clauses.phrases.iter().enumerate() {
            let words: Vec<&str> = (p.start..p.end).map(|t| source.word(t as usize)).collect();
            let entity = mentions
                .entity_at(p.head as usize)
                .map(|e| format!(" {:?} {} {:?}", e.kind, e.name, e.code))
                .unwrap_or_default();
            let link = clauses.links[i]
                .as_ref()
                .map(|l| format!(" subject {:?} {:?} object {:?}", l.subject, l.over, l.object))
                .unwrap_or_default();
            let group = p
                .group
                .map(|g| {
                    format!(
                        " {:?} {:?}{}{}",
                        g.form,
                        g.mood,
                        if g.passive { " passive" } else { "" },
                        if g.negated { " not" } else { "" }
                    )
                })
                .unwrap_or_default();
            writeln!(out, "{i:3} {:?} [{}]{group}{entity}{link}", p.kind, words.join(" "))?;
        }
        writeln!(out)?;
    }
    Ok(())
}
