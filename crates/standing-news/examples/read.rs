//! Prints the claims of a file as JSON lines: `read FILE [--published D] [--url U]`. `read --check` runs the examples of all rules.

use std::io::Write as _;

use standing_model::date::{Calendar, Day};
use standing_news::{Gazetteer, Hints, Reader, RuleSet, intake};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        args.iter()
            .position(|a| a == name)
            .and_then(|i| args.get(i + 1))
            .cloned()
    };
    let mut out = std::io::stdout().lock();
    if args.iter().any(|a| a == "--check") {
        for error in standing_news::check(&[]) {
            writeln!(out, "{error}")?;
        }
        return Ok(());
    }
    let bytes = std::fs::read(&args[0])?;
    let published: Option<Day> = value("--published")
        .and_then(|d| d.parse::<Calendar>().ok())
        .map(Calendar::first);
    let rules = RuleSet::embedded();
    let gazetteer = Gazetteer::embedded();
    let reader = Reader::new(&rules, &gazetteer);
    let hints = Hints {
        published,
        url: value("--url"),
        outlet: None,
    };
    for article in intake(&bytes, &hints)?.articles {
        for claim in reader.read(&article).claims {
            writeln!(out, "{}", serde_json::to_string(&claim)?)?;
        }
    }
    Ok(())
}
