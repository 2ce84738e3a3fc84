//! Reads annotated articles for the scorer, or sentences with their claims beside.
//!
//! `measure GOLD_DIR OUT_DIR` reads every article of a folder of annotations (`NAME.json` with `published` and `source`; the text is `NAME.txt`
//! beside it or in `../wikinews`) and writes `OUT_DIR/NAME.jsonl`, as the scorer wants it. `measure --sentences FILE` reads the sentences of a
//! file in the form of `tests/sentences.txt` and prints those that are read otherwise; `measure --claims FILE` prints all that is read in each.
//! `--rules DIR` before any of these takes the rules of a folder
//! instead of those in the program, so that rules can be tried without building.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use standing_model::date::{Calendar, Day};
use standing_news::{Article, Gazetteer, Reader, RuleFile, RuleSet, sentences};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let rules = if args[0] == "--rules" {
        let folder = args[1].clone();
        args.drain(..2);
        from_folder(Path::new(&folder))?
    } else {
        RuleSet::embedded()
    };
    let gazetteer = Gazetteer::embedded();
    let reader = Reader::new(&rules, &gazetteer);
    let mut out = std::io::stdout().lock();
    if args[0] == "--claims" {
        for case in sentences::parse(&fs::read_to_string(&args[1])?) {
            writeln!(out, "{}", case.text)?;
            for line in sentences::claims(&reader, &case.text) {
                writeln!(out, "    + {line}")?;
            }
        }
        return Ok(());
    }
    if args[0] == "--sentences" {
        let text = fs::read_to_string(&args[1])?;
        let (mut right, mut all) = (0, 0);
        for case in sentences::parse(&text) {
            let outcome = sentences::compare(&reader, &case);
            all += 1;
            right += usize::from(outcome.is_empty());
            if !outcome.is_empty() {
                writeln!(out, "{}", case.text)?;
                for line in outcome {
                    writeln!(out, "    {line}")?;
                }
            }
        }
        writeln!(out, "{right} of {all} sentences read as expected")?;
        return Ok(());
    }
    let (gold, to) = (Path::new(&args[0]), Path::new(&args[1]));
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(gold)? {
        let path = entry?.path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let notes: serde_json::Value = serde_json::from_slice(&fs::read(&path)?)?;
        let beside = path.with_extension("txt");
        let text = match (fs::read_to_string(&beside), path.file_stem()) {
            (Ok(text), _) => text,
            (Err(_), Some(stem)) => fs::read_to_string(gold.join("../wikinews").join(stem).with_extension("txt"))?,
            (Err(e), None) => return Err(e.into()),
        };
        let published: Option<Day> = notes["published"]
            .as_str()
            .and_then(|d| d.parse::<Calendar>().ok())
            .map(Calendar::first);
        let article = Article {
            text,
            url: notes["source"].as_str().map(str::to_owned),
            published,
            ..Article::default()
        };
        let mut lines = String::new();
        for claim in reader.read(&article).claims {
            lines.push_str(&serde_json::to_string(&claim)?);
            lines.push('\n');
        }
        let stem = path.file_stem().unwrap_or_default();
        fs::write(to.join(stem).with_extension("jsonl"), lines)?;
    }
    Ok(())
}

fn from_folder(folder: &Path) -> Result<RuleSet, Box<dyn std::error::Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            files.push((path.display().to_string(), fs::read_to_string(&path)?));
        }
    }
    let files: Vec<RuleFile> = files.iter().map(|(name, content)| RuleFile { name, content }).collect();
    RuleSet::parse(&files).map_err(|errors| {
        let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
        all.join("\n").into()
    })
}
