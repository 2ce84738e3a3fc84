//! By keys alone: Tab reaches each control in turn and leaves the page again, each shows that it has the focus, and the key that people
//! expect uses it. The walk over all pages ([`crate::walk`]) goes through each of them so; what needs a token or comes of a form is here.

use std::time::Duration;

use serde_json::{Value, json};

use crate::browser::place::{Place, token};
use crate::browser::{Browser, Window, key, wait};
use crate::walk::{read_article, screened_file};

/// Notes what happens to controls: which there are, where the focus goes, what is used. What would leave the page or redraw it is held back.
const WATCH: &str = r#"
const shown = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden' && !e.disabled && e.tabIndex >= 0;
const name = (e) => `${e.localName}${e.id ? '#' + e.id : ''} "${(e.getAttribute('aria-label') ?? e.textContent ?? '').trim().slice(0, 40)}"`;
window.controls = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')].filter(shown);
window.seen = []; window.used = null;
document.addEventListener('click', (e) => {
  const control = e.target.closest('a[href], button, summary, input, [role=option]');
  if (!control) return;
  window.used = control;
  if (control.matches('a[href], button:not([type=button])')) e.preventDefault();
}, true);
document.addEventListener('input', (e) => { window.used = e.target; e.stopPropagation(); }, true);
document.addEventListener('change', (e) => e.stopPropagation(), true);
window.here = () => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const within = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return { at: window.controls.indexOf(e), name: name(e), kind: e.localName === 'input' ? e.type : e.localName, outlined, within, drag: e.getAttribute('role') === 'region' };
};
window.usedHere = () => window.used !== null && (window.used === document.activeElement || document.activeElement.contains(window.used) || window.used.contains(document.activeElement) || (window.used.form && window.used.form === document.activeElement.form));
return window.controls.map(name);
"#;

/// The key that uses a control of a kind; `None` for those that have nothing to be used beyond what the focus itself gives.
fn using(kind: &str) -> Option<&'static str> {
    match kind {
        "a" | "button" | "submit" | "summary" => Some(key::ENTER),
        "checkbox" | "radio" => Some(" "),
        "range" => Some(key::LEFT),
        "select" => Some(key::DOWN),
        "text" | "search" | "password" | "textarea" | "number" | "date" => Some("1"),
        // A chooser of files belongs to the system, and a region that scrolls is moved by arrows.
        _ => None,
    }
}

/// Goes through a page with Tab; uses each control. Gives how many there were.
pub fn through(browser: &Browser, what: &str) -> usize {
    let all = browser.run(WATCH);
    let all: Vec<String> = all
        .as_array()
        .unwrap_or_else(|| panic!("{what}: {all}"))
        .iter()
        .map(|n| n.as_str().unwrap().to_owned())
        .collect();
    let mut reached = vec![false; all.len()];
    let mut order = Vec::new();
    // Groups of radio buttons are one stop, so there may be fewer stops than controls, and never more than that and one round's end.
    for _ in 0..all.len() + 2 {
        browser.press(key::TAB);
        let here = browser.run("return window.here()");
        let Some(at) = here["at"].as_i64() else {
            break;
        };
        assert!(at >= 0, "{what}: the focus is on what is no control: {here}");
        let at = at as usize;
        if reached[at] {
            break;
        }
        reached[at] = true;
        order.push(at);
        assert!(
            here["outlined"] == true,
            "{what}: nothing shows the focus on {}",
            all[at]
        );
        assert!(here["within"] == true, "{what}: {} has the focus out of sight", all[at]);
        if let Some(pressed) = using(here["kind"].as_str().unwrap()).filter(|_| here["drag"] != true) {
            browser.run("window.used = null");
            browser.press(pressed);
            assert!(
                browser.run("return window.usedHere()") == true,
                "{what}: {} is not used by its key",
                all[at]
            );
            assert_eq!(
                browser.run("return window.here()?.at ?? null"),
                json!(at),
                "{what}: using {} by key moved the focus",
                all[at]
            );
        }
    }
    let missed: Vec<&String> = all.iter().zip(&reached).filter(|(_, r)| !**r).map(|(n, _)| n).collect();
    let radios = browser.run("return window.controls.filter((c) => c.type === 'radio' && !c.checked).length");
    assert!(
        missed.len() as i64 <= radios.as_i64().unwrap_or_default(),
        "{what}: Tab does not reach {missed:?}"
    );
    assert!(
        order.windows(2).all(|w| w[0] < w[1]),
        "{what}: the order is not that of the page"
    );
    // And back again: no control holds the focus.
    if order.len() > 1 {
        let last = *order.last().unwrap();
        browser.run(&format!("window.controls[{last}].focus()"));
        browser.press_with(key::SHIFT, key::TAB);
        assert_eq!(
            browser.run("return window.here()?.at ?? null"),
            json!(order[order.len() - 2]),
            "{what}: Shift and Tab do not lead back"
        );
    }
    all.len()
}

#[test]
fn tab_reaches_every_control_that_a_token_or_a_form_brings_and_its_key_uses_it() {
    let Some(browser) = Browser::open(Window::DESK) else {
        return;
    };
    let place = Place::new();
    let mut controls = 0;
    let secret = token(&place);
    browser.enter_token(&place, &secret);
    for path in ["/review/r:2", "/review/candidates", "/access", "/read", "/screen"] {
        browser.go(&place.at(path));
        controls += through(&browser, &format!("{path} with a token"));
    }
    read_article(&browser, &place);
    controls += through(&browser, "an article that was read");
    screened_file(&browser, &place, 300);
    controls += through(&browser, "a file that was screened");
    println!("{controls} controls reached and used by keys");
}

fn focused(browser: &Browser) -> Value {
    browser.run("const e = document.activeElement; return e ? (e.id || e.localName) : null")
}

/// Presses Tab until the focus is on what a selector means.
fn tab_to(browser: &Browser, css: &str) {
    for _ in 0..400 {
        browser.press(key::TAB);
        if browser.run(&format!("return document.activeElement.matches({css:?})")) == true {
            return;
        }
    }
    panic!("Tab does not reach {css} on {}", browser.address());
}

#[test]
fn a_whole_walk_needs_no_mouse() {
    let Some(browser) = Browser::open(Window::DESK) else {
        return;
    };
    let place = Place::new();
    // Past the navigation to the answer.
    browser.go(&place.at("/"));
    browser.press(key::TAB);
    browser.press(key::ENTER);
    assert!(
        wait(Duration::from_secs(5), || focused(&browser) == "main"),
        "{}",
        focused(&browser)
    );
    // A suggestion by arrows; Escape closes them.
    tab_to(&browser, "main input[type=search]");
    browser.keys("taliba");
    assert!(wait(Duration::from_secs(10), || browser.has(".suggestions:not([hidden]) li")));
    browser.press(key::ESCAPE);
    assert!(!browser.has(".suggestions:not([hidden]) li"));
    browser.keys("n");
    assert!(wait(Duration::from_secs(10), || browser.has(".suggestions:not([hidden]) li")));
    browser.press(key::DOWN);
    assert_eq!(
        browser.run("return document.querySelectorAll('.suggestions [aria-selected=true]').length"),
        1
    );
    browser.press(key::ENTER);
    assert!(wait(Duration::from_secs(10), || browser
        .address()
        .contains("/party/standing:taliban")));
    // The sliders by arrows: matrix and address follow, without a reload.
    browser.go(&place.at("/party/standing:taliban?on=2025-04-20&known=2025-04-20"));
    assert!(browser.text("[data-live=matrix]").contains("suspended"));
    browser.run("window.stayed = true");
    tab_to(&browser, "input[data-for=on]");
    for _ in 0..4 {
        browser.press(key::LEFT);
    }
    assert!(
        wait(Duration::from_secs(10), || !browser
            .text("[data-live=matrix]")
            .contains("suspended")),
        "{}",
        browser.text("[data-live=matrix]")
    );
    assert!(browser.address().contains("on=2025-04-16"), "{}", browser.address());
    assert_eq!(browser.run("return window.stayed"), true);
    assert!(
        browser.run("return document.activeElement.dataset.for") == "on",
        "the slider keeps the focus"
    );
    // From a figure to what it rests on.
    tab_to(&browser, "[data-live=matrix] a.figure");
    browser.press(key::ENTER);
    assert!(wait(Duration::from_secs(10), || browser
        .text("main")
        .contains("What it rests on")));
    // The timeline's marks are links, and Enter follows them.
    browser.go(&place.at("/party/standing:taliban/timeline"));
    tab_to(&browser, "svg.timeline a");
    browser.press(key::ENTER);
    assert!(
        wait(Duration::from_secs(10), || browser.address().contains("/evidence/")),
        "{}",
        browser.address()
    );
    // The years play and stop by key.
    browser.go(&place.at("/map"));
    tab_to(&browser, "[data-play]");
    browser.press(key::ENTER);
    assert!(wait(Duration::from_secs(5), || browser
        .text("[data-play]")
        .contains("Stop")));
    browser.press(key::ENTER);
    assert!(wait(Duration::from_secs(5), || browser
        .text("[data-play]")
        .contains("Play")));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn hits_are_decided_by_letters() {
    let Some(browser) = Browser::open(Window::DESK) else {
        return;
    };
    let place = Place::new();
    let secret = token(&place);
    browser.enter_token(&place, &secret);
    screened_file(&browser, &place, 300);
    browser.press("n");
    assert!(browser.has("[data-hit].chosen"));
    // The reason is typed, and Enter would be the first button; letters outside of a field decide.
    tab_to(&browser, "[data-hit].chosen input[name=why]");
    browser.keys("another birth date");
    browser.press_with(key::SHIFT, key::TAB);
    browser.press("d");
    assert!(
        wait(Duration::from_secs(10), || browser
            .text("[data-hit].chosen [data-decided]")
            .contains("recorded")),
        "{}",
        browser.text("main")
    );
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
