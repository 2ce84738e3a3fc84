//! The pages in a real browser, as people use them.

use std::path::Path;
use std::time::Duration;

use crate::browser::place::{Place, token};
use crate::browser::{Browser, Window, wait};
use crate::keys::through;

/// Every page that can be reached without a token.
pub const PAGES: &[&str] = &[
    "/",
    "/search?q=example",
    "/search?q=nobody+at+all",
    "/party/standing:taliban?on=2024-10-04&known=2024-10-04",
    "/party/un:QDi.317",
    "/party/un:QDi.501",
    "/party/un:QDi.504",
    "/party/standing:taliban/timeline",
    "/party/standing:taliban/dossier",
    "/listing/un:QDi.317",
    "/evidence/r:taliban-ru-ban-effective?party=standing:taliban",
    "/changes",
    "/changes?since=1999-01-01",
    "/pending?on=2024-12-31&known=2024-12-31",
    "/map",
    "/sources",
    "/read",
    "/screen",
    "/screen?name=Mohamad+al+Golani",
    "/review",
    "/review/r:2",
    "/review/candidates",
    "/access",
    "/party/nobody",
    "/no/such-page",
];

/// Those of them that there are not.
const MISSING: [&str; 2] = ["/party/nobody", "/no/such-page"];

#[test]
fn from_search_to_evidence_with_sliders_and_history() {
    let Some(browser) = Browser::open(Window::DESK) else {
        return;
    };
    let place = Place::new();
    browser.go(&place.at("/"));
    browser.type_into("main input[type=search]", "taliba");
    assert!(
        wait(Duration::from_secs(10), || browser.has(".suggestions li")),
        "no suggestion"
    );
    browser.go(&place.at("/party/standing:taliban?on=2024-10-04&known=2024-10-04"));
    let matrix = browser.text("[data-live=matrix]");
    assert!(
        matrix.contains("in force") && matrix.contains("lifting decided"),
        "{matrix}"
    );
    // A slider redraws matrix, map and address without a reload.
    browser.run("window.stayed = true; const r = document.querySelector('input[data-for=on]'); r.value = r.max; r.dispatchEvent(new Event('input')); const k = document.querySelector('input[data-for=known]'); k.value = k.max; k.dispatchEvent(new Event('input'));");
    assert!(
        wait(Duration::from_secs(10), || browser
            .text("[data-live=matrix]")
            .contains("suspended")),
        "{}",
        browser.text("[data-live=matrix]")
    );
    assert_eq!(browser.run("return window.stayed"), true);
    assert!(!browser.address().contains("on=2024-10-04"));
    assert!(browser.has("svg.map use.suspended"), "the map did not follow");
    browser.back();
    assert!(wait(Duration::from_secs(10), || browser
        .text("[data-live=matrix]")
        .contains("lifting decided")));
    browser.forward();
    assert!(wait(Duration::from_secs(10), || browser
        .text("[data-live=matrix]")
        .contains("suspended")));
    // One click from a figure to what it rests on.
    browser.click("[data-live=matrix] a.figure");
    assert!(
        wait(Duration::from_secs(10), || browser
            .text("main")
            .contains("What it rests on")),
        "{}",
        browser.text("main")
    );
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn every_page_is_sound_in_light_dark_on_a_phone_and_by_keys_alone() {
    let phone = Window {
        width: 390,
        height: 800,
        ..Window::DESK
    };
    let dark = Window {
        dark: true,
        ..Window::DESK
    };
    let place = Place::new();
    let mut controls = 0;
    for (name, window) in [("light", Window::DESK), ("dark", dark), ("phone", phone)] {
        let Some(browser) = Browser::open(window) else { return };
        for path in PAGES {
            browser.go(&place.at(path));
            assert!(
                wait(Duration::from_secs(30), || !browser.has("[data-again]")),
                "{path} never finished"
            );
            let wide =
                browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
            assert!(
                wide.as_i64().is_some_and(|w| w <= 0),
                "{path} ({name}) is {wide} too wide"
            );
            assert_ne!(browser.run("return document.title"), "struck");
            let complaints: Vec<String> = browser
                .complaints()
                .into_iter()
                .filter(|c| !(MISSING.contains(path) && c.contains("404")))
                .collect();
            assert_eq!(complaints, Vec::<String>::new(), "{path} ({name})");
            keep_picture(&browser, path, name);
            accessible(&browser, path, name);
            // By keys alone last: it uses every control of the page.
            if name == "light" {
                controls += through(&browser, path);
                // Letters typed where a day belongs are refused, and the console says so.
                browser.complaints();
            }
        }
    }
    println!("{controls} controls reached and used by keys");
}

#[test]
fn proposals_say_which_names_resemble_each_other_without_being_asked_again() {
    let Some(browser) = Browser::open(Window::DESK) else {
        return;
    };
    let place = Place::new();
    browser.go(&place.at("/"));
    browser.click("header nav a[href='/review']");
    browser.click("main a[href='/review/candidates']");
    assert!(
        wait(Duration::from_secs(30), || browser
            .text("main")
            .contains("Alquillani Turki Muhammad")),
        "{}",
        browser.text("main")
    );
    assert!(browser.text("main").contains("acme:7") && !browser.has("[data-again]"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Keeps a picture where `STANDING_PICTURES` says, for people to look at.
fn keep_picture(browser: &Browser, path: &str, window: &str) {
    if let Some(directory) = std::env::var_os("STANDING_PICTURES") {
        let name: String = path
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let name = name.trim_matches('-');
        let name = if name.is_empty() { "home" } else { name };
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(
            Path::new(&directory).join(format!("{name}.{window}.png")),
            browser.picture(),
        )
        .unwrap();
    }
}

/// axe-core finds no violation of level A or AA, where it is at hand (`STANDING_AXE`: the path of `axe.min.js`; `.ci/run` fetches it).
fn accessible(browser: &Browser, path: &str, window: &str) {
    let Some(axe) = std::env::var_os("STANDING_AXE") else {
        eprintln!("skipped: no axe-core; set STANDING_AXE to axe.min.js");
        return;
    };
    let script = std::fs::read_to_string(axe).unwrap();
    browser.run(&script);
    let driver = "const done = []; window.axeDone = null; axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']}).then(r => { window.axeDone = r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? n.all[0]?.message ?? '')).slice(0, 3).join(' | ')); });";
    browser.run(driver);
    assert!(
        wait(Duration::from_secs(20), || !browser
            .run("return window.axeDone")
            .is_null()),
        "axe did not answer on {path}"
    );
    let found = browser.run("return window.axeDone");
    assert_eq!(found, serde_json::json!([]), "{path} ({window})");
}

#[test]
fn without_a_script_every_answer_is_reached() {
    let Some(browser) = Browser::open(Window {
        script: false,
        ..Window::DESK
    }) else {
        return;
    };
    let place = Place::new();
    browser.go(&place.at("/"));
    browser.type_into("main input[type=search]", "QDi.317");
    browser.click("main form[role=search] button");
    assert!(
        wait(Duration::from_secs(10), || browser
            .text("main")
            .contains("Called exactly so")),
        "{}",
        browser.text("main")
    );
    browser.click("main ul a");
    assert!(
        wait(Duration::from_secs(10), || browser.text("main").contains("un:QDi.317")),
        "{}",
        browser.text("main")
    );
    browser.click("[data-live=matrix] a.figure");
    assert!(
        wait(Duration::from_secs(10), || browser.text("main").contains("QDi.317")),
        "{}",
        browser.text("main")
    );
}

#[test]
fn a_held_edition_is_accepted_with_a_token_and_not_without() {
    let Some(browser) = Browser::open(Window::DESK) else {
        return;
    };
    let place = Place::new();
    let secret = token(&place);
    browser.go(&place.at("/review"));
    browser.click("section.card h3 a");
    let path = browser.address();
    assert!(
        wait(Duration::from_secs(10), || browser
            .text("main")
            .contains("enter a token")),
        "{}",
        browser.text("main")
    );
    browser.enter_token(&place, &secret);
    browser.go(&path);
    browser.type_into("#why", "checked with the committee's press release");
    browser.click("button[value=accept]");
    assert!(
        wait(Duration::from_secs(10), || browser
            .text("main")
            .contains("Nothing is held")),
        "{}",
        browser.text("main")
    );
    browser.go(&place.at("/party/un:QDi.502"));
    assert!(
        browser.text("[data-live=matrix]").contains("lifted"),
        "{}",
        browser.text("[data-live=matrix]")
    );
}

const ARTICLE: &str = "MOSCOW, Oct 4, 2024 (Example News) - Russia's Foreign Ministry announced on Friday that the decision to delist the Taliban as a terrorist organization was made at the highest level, according to the state news agency TASS. <script>document.title='struck'</script>";

/// Pastes an article, has it read and kept.
pub fn read_article(browser: &Browser, place: &Place) {
    browser.go(&place.at("/read"));
    browser.type_into("#text", ARTICLE);
    browser.type_into("#published", "2024-10-04");
    browser.click("input[name=keep]");
    browser.click("form[action='/read'] button.primary");
    assert!(
        wait(Duration::from_secs(10), || browser
            .text("main")
            .contains("through TASS")),
        "{}",
        browser.text("main")
    );
}

#[test]
fn an_article_is_pasted_read_and_kept() {
    let Some(browser) = Browser::open(Window::DESK) else {
        return;
    };
    let place = Place::new();
    let secret = token(&place);
    browser.enter_token(&place, &secret);
    read_article(&browser, &place);
    assert!(browser.has(".claim-in.decided"), "{}", browser.text("main"));
    assert!(browser.address().contains("/read/"));
    assert_ne!(browser.run("return document.title"), "struck");
    keep_picture(&browser, "/read/article", "light");
    accessible(&browser, "/read/article", "light");
    browser.go(&place.at("/party/standing:taliban?on=2024-10-04&known=2024-10-04"));
    assert!(browser.text("main").contains("What news said by then"));
    browser.go(&place.at("/party/standing:taliban/timeline"));
    assert!(browser.has("svg.timeline path.claim"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Uploads a file of so many customers and waits until it is screened.
pub fn screened_file(browser: &Browser, place: &Place, rows: usize) {
    let file = place.db().with_file_name("customers.csv");
    let mut text = String::from("Customer No,Customer Name,Geburtsjahr\n");
    for n in 0..rows {
        let name = match n {
            17 => "Mohamad al Golani".to_owned(),
            18 => "<b onclick=x>Example</b> <script>document.title='struck'</script>".to_owned(),
            n => format!("Example{n} Person{}", n * 7 % 1000),
        };
        text.push_str(&format!("c{n},{name},19{:02}\n", n % 100));
    }
    std::fs::write(&file, text).unwrap();
    assert!(
        wait(Duration::from_secs(30), || {
            browser.go(&place.at("/screen?name=Mohamad+al+Golani"));
            browser.text("main").contains("un:QDi.317")
        }),
        "{}",
        browser.text("main")
    );
    browser.go(&place.at("/screen"));
    browser.type_into("#file", file.to_str().unwrap());
    browser.click("form[enctype] button.primary");
    assert!(
        wait(Duration::from_secs(20), || browser
            .text("main")
            .contains("Customer Name")),
        "{}",
        browser.text("main")
    );
    browser.click("main button.primary");
    assert!(
        wait(Duration::from_secs(60), || browser.text("main").contains("among")),
        "{}",
        browser.text("main")
    );
}

#[test]
fn a_file_of_ten_thousand_is_screened_decided_and_downloaded() {
    let Some(browser) = Browser::open(Window::DESK) else {
        return;
    };
    let place = Place::new();
    let secret = token(&place);
    browser.enter_token(&place, &secret);
    screened_file(&browser, &place, 10_000);
    let main = browser.text("main");
    assert!(
        main.contains("10,000 rows") && main.contains("un:QDi.317") && main.contains("names a second"),
        "{main}"
    );
    keep_picture(&browser, "/screen/files/done", "light");
    accessible(&browser, "/screen/files/done", "light");
    let base = browser.address();
    let lines = browser.run(&format!(
        "const x = new XMLHttpRequest(); x.open('GET', '{base}/hits.jsonl', false); x.send(); return x.responseText"
    ));
    assert!(lines.as_str().unwrap().contains("un:QDi.317"), "{lines}");
    // By keys: the next hit, its reason, different.
    browser.press("n");
    assert!(browser.has("[data-hit].chosen"));
    browser.type_into("[data-hit].chosen input[name=why]", "another birth date");
    browser.click("[data-hit].chosen button[value=different]");
    assert!(
        wait(Duration::from_secs(10), || browser
            .text("[data-hit].chosen [data-decided]")
            .contains("recorded")),
        "{}",
        browser.text("main")
    );
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
