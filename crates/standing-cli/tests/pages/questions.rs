//! Five questions asked as somebody would who has never seen the pages: from the first page on, by links, fields and buttons alone, by the clock.
//!
//! They are asked of real lists, so this reports itself skipped without `../shared` (or `STANDING_SHARED`).

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::browser::place::standing;
use crate::browser::{Browser, Window, key, serve, wait};

/// The lists that the questions are about, where they are at hand.
fn shared() -> Option<PathBuf> {
    let path = std::env::var_os("STANDING_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    if path.join("data/lists/un/2026-02-27.xml").exists() {
        return Some(path);
    }
    eprintln!("skipped: the real lists are not there (STANDING_SHARED)");
    None
}

/// Who asks: a browser at the first page, and a watch.
struct Asking<'a> {
    browser: &'a Browser,
    question: &'a str,
    begun: Instant,
    steps: usize,
}

impl<'a> Asking<'a> {
    fn from_the_first_page(browser: &'a Browser, base: &str, question: &'a str) -> Self {
        browser.go(&format!("{base}/"));
        Self {
            browser,
            question,
            begun: Instant::now(),
            steps: 0,
        }
    }

    fn click(&mut self, css: &str) {
        self.browser.click(css);
        self.steps += 1;
    }

    /// Clicks the first link in the page's answer that says this.
    fn follow(&mut self, words: &str) {
        let marked = self.browser.run(&format!(
            "const a = [...document.querySelectorAll('main a, header nav a')].find((a) => a.textContent.trim() === {words:?}); if (a) a.dataset.next = ''; return !!a"
        ));
        assert!(marked == true, "{}: no link says {words:?}", self.question);
        self.click("a[data-next]");
    }

    /// Types into a field in place of what it holds.
    fn fill(&mut self, css: &str, text: &str) {
        self.browser.run(&format!("document.querySelector({css:?}).value = ''"));
        self.browser.type_into(css, text);
        self.steps += 1;
    }

    fn choose(&mut self, css: &str, word: &str) {
        self.browser.type_into(css, word);
        self.steps += 1;
    }

    /// Waits until the answer says all of this; tells how long the whole took, the reader's own time apart.
    fn answered(&self, words: &[&str]) {
        let says = || {
            let text = self.browser.text("main");
            words.iter().all(|w| text.contains(w))
        };
        assert!(
            wait(Duration::from_secs(40), says),
            "{}: {}",
            self.question,
            self.browser.text("main")
        );
        let taken = self.begun.elapsed();
        println!(
            "{}: {} actions, {:.1} s",
            self.question,
            self.steps,
            taken.as_secs_f64()
        );
        assert!(taken < Duration::from_secs(60), "{}: {taken:?}", self.question);
        assert_eq!(self.browser.complaints(), Vec::<String>::new());
    }
}

#[test]
fn five_questions_are_answered_from_the_first_page_within_a_minute() {
    let Some(shared) = shared() else { return };
    let Some(browser) = Browser::open(Window::DESK) else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let db = directory.path().join("s.db");
    let lists = shared.join("data/lists");
    for file in [
        "un/2020-11-30.xml",
        "un/2025-04-19.xml",
        "un/2026-02-27.xml",
        "au/regulation8_consolidated.xlsx",
    ] {
        // The guard would hold what is far from the edition before; these are the publishers' own.
        let out = standing(&db, &["ingest", "--guard", "100", lists.join(file).to_str().unwrap()]);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }
    assert!(standing(&db, &["index"]).status.success());
    let site = serve(&db);

    let mut ask = Asking::from_the_first_page(&browser, &site.base, "Was the Taliban banned in Russia on 2025-01-01?");
    ask.follow("Where did a party stand on a day?");
    ask.fill("#on", "2025-01-01");
    ask.fill("#known", "2025-01-01");
    ask.click("form.clocks button");
    ask.answered(&["Russia", "in force since 2003", "suspension proposed 2024-12-28"]);

    let mut ask = Asking::from_the_first_page(&browser, &site.base, "Who still lists HTS?");
    ask.fill("main input[type=search]", "HTS");
    ask.click("main form[role=search] button");
    assert!(wait(Duration::from_secs(40), || browser.address().contains("/search")));
    ask.follow("Hay'at Tahrir al-Sham");
    ask.answered(&["lifted by", "Russia", "UN (1267 committee)", "Australia"]);

    let mut ask = Asking::from_the_first_page(&browser, &site.base, "What did the UN list gain, and what returned?");
    ask.follow("Changes");
    ask.fill("#since", "2025-04-20");
    ask.fill("#until", "2026-02-28");
    ask.choose("#authority", "United Nations");
    ask.click("main form.row button.primary");
    ask.answered(&["130 listed", "121 of them return after an earlier listing"]);

    let report = std::fs::read_to_string(shared.join("reading/report-2024-10-04.txt")).unwrap();
    let mut ask = Asking::from_the_first_page(
        &browser,
        &site.base,
        "What did the report claim that the record lacked?",
    );
    ask.follow("What does an article claim?");
    // As a paste does it: the whole text at once.
    browser.run(&format!(
        "document.querySelector('#text').value = {}",
        serde_json::json!(report)
    ));
    ask.fill("#published", "2024-10-04");
    ask.click("form[action='/read'] button.primary");
    ask.answered(&["Russia lifts designation of Taliban", "decided", "through TASS"]);

    let mut ask = Asking::from_the_first_page(&browser, &site.base, "Is \"Mohamad al Golani\" listed today?");
    ask.follow("Is this name listed?");
    ask.fill("#name", "Mohamad al Golani");
    browser.press(key::ENTER);
    ask.answered(&["un:QDi.317", "formerly listed, lifted 2025-11-06", "hits for 1 name"]);
}
