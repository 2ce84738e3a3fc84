//! Any rule file is taken or refused with a line and a remedy, and what is taken can be read with.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use standing_news::{Article, Gazetteer, Reader, RuleFile, RuleSet};

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::embedded);

fuzz_target!(|content: &str| {
    match RuleSet::with_files(&[RuleFile {
        name: "own.toml",
        content,
    }]) {
        Ok(rules) => {
            let article = Article {
                text: "Canada lifted sanctions on Iran, the minister said.".to_owned(),
                ..Article::default()
            };
            let _ = Reader::new(&rules, &GAZETTEER).read(&article);
        }
        Err(errors) => assert!(errors.iter().all(|e| e.line > 0 && !e.remedy.is_empty())),
    }
});
