//! What must not get through the pages: markup and script in what comes from outside, forms sent by other sites, frames, redirects.

use std::time::Duration;

use crate::browser::place::{Place, token};
use crate::browser::{Browser, Window, wait};

/// Status, headers and body of a request, made without a browser.
fn ask(method: &str, address: &str, headers: &[(&str, &str)], body: &str) -> (u16, ureq::http::HeaderMap, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let answer = if method == "POST" {
        let mut request = agent
            .post(address)
            .header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send(body)
    } else {
        let mut request = agent.get(address);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.call()
    };
    let mut answer = answer.unwrap();
    let headers = answer.headers().clone();
    let text = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), headers, text)
}

/// Every form that changes something, with what it would send.
const FORMS: &[(&str, &str)] = &[
    ("/review/r:2", "verdict=accept&why=because"),
    ("/screen/judge", "customer=c1&party=un:QDi.317&verdict=same&why=because"),
    ("/review/judge", "a=un:QDi.502&b=un:QDi.503&verdict=same&why=because"),
    ("/read", "text=Russia+banned+the+Taliban.&keep=yes"),
];

#[test]
fn no_form_is_taken_from_elsewhere() {
    let place = Place::new();
    let secret = token(&place);
    let cookie = format!("standing_token={secret}");
    // The tokens are looked at five times a second.
    assert!(wait(Duration::from_secs(10), || ask(
        "GET",
        &place.at("/access"),
        &[("cookie", &cookie)],
        ""
    )
    .2
    .contains("You are")));
    let review = ask("GET", &place.at("/review/r:2"), &[("cookie", &cookie)], "").2;
    let guard = review
        .split("name=\"guard\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    for (path, body) in FORMS {
        let with = format!("{body}&guard={guard}");
        let post = |headers: &[(&str, &str)], body: &str| ask("POST", &place.at(path), headers, body).0;
        assert_eq!(post(&[], body), 401, "{path} without a token");
        assert_eq!(
            post(&[("cookie", &cookie)], body),
            403,
            "{path} without the form's word"
        );
        assert_eq!(
            post(&[("cookie", &cookie)], &format!("{body}&guard={}", "0".repeat(32))),
            403,
            "{path} with a wrong word"
        );
        assert_eq!(
            post(&[("cookie", &cookie), ("origin", "http://evil.example")], &with),
            403,
            "{path} from another site"
        );
        assert_eq!(
            post(&[("cookie", &cookie), ("origin", "null")], &with),
            403,
            "{path} from nowhere"
        );
        assert_eq!(
            post(&[("cookie", &cookie), ("sec-fetch-site", "cross-site")], &with),
            403,
            "{path} across sites"
        );
    }
    // Nothing of that was done; the same form from its own page is.
    assert!(ask("GET", &place.at("/review"), &[], "").2.contains("r:2"));
    let (path, body) = FORMS[0];
    let (status, headers, _) = ask(
        "POST",
        &place.at(path),
        &[("cookie", &cookie)],
        &format!("{body}&guard={guard}"),
    );
    assert_eq!((status, headers["location"].to_str().unwrap()), (303, "/review"));
}

#[test]
fn a_token_with_less_may_do_less() {
    let place = Place::new();
    let made = crate::browser::place::standing(&place.db(), &["token", "new", "--scope", "read", "--note", "reader"]);
    let said = String::from_utf8(made.stdout).unwrap();
    let secret = said.split_whitespace().find(|w| w.starts_with("standing_")).unwrap();
    let cookie = format!("standing_token={secret}");
    assert!(wait(Duration::from_secs(10), || ask(
        "GET",
        &place.at("/access"),
        &[("cookie", &cookie)],
        ""
    )
    .2
    .contains("You are")));
    let page = ask("GET", &place.at("/review/r:2"), &[("cookie", &cookie)], "").2;
    assert!(page.contains("enter a token") && !page.contains("value=\"accept\""));
    for (path, body) in FORMS {
        assert_eq!(
            ask("POST", &place.at(path), &[("cookie", &cookie)], body).0,
            403,
            "{path}"
        );
    }
}

#[test]
fn no_page_may_be_framed_or_load_from_elsewhere() {
    let place = Place::new();
    for path in [
        "/",
        "/party/standing:taliban",
        "/read",
        "/access",
        "/party/nobody",
        "/nothing/here",
    ] {
        let (_, headers, body) = ask("GET", &place.at(path), &[("accept", "text/html")], "");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(headers["x-frame-options"], "DENY", "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert!(
            !body.contains(" style=\"") && !body.contains(" onclick"),
            "{path} holds inline style or script"
        );
        for tag in body.split("<script").skip(1) {
            assert!(
                tag.starts_with(" src=\"/assets/"),
                "{path}: <script{}",
                &tag[..tag.len().min(60)]
            );
        }
    }
}

#[test]
fn what_is_asked_comes_back_as_text_and_leads_nowhere_else() {
    let place = Place::new();
    let wicked = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E";
    for path in [
        format!("/?q={wicked}"),
        format!("/search?q={wicked}"),
        format!("/party/{wicked}"),
        format!("/party/standing:taliban?on={wicked}"),
        format!("/party/standing:taliban?measure={wicked}"),
        format!("/changes?since={wicked}"),
        format!("/changes?authority={wicked}"),
        format!("/evidence/{wicked}"),
        format!("/evidence/s:000000?party={wicked}"),
        format!("/listing/{wicked}"),
        format!("/read/{wicked}"),
        format!("/review/{wicked}"),
        format!("/screen?name={wicked}"),
        format!("/screen?name=x&country={wicked}"),
        format!("/screen/files/{wicked}"),
        "/party//evil.example/%2e%2e/%2e%2e/etc/passwd".to_owned(),
        "/assets/..%2f..%2fCargo.toml".to_owned(),
    ] {
        let (status, headers, body) = ask("GET", &place.at(&path), &[("accept", "text/html")], "");
        assert!(!body.contains("<script>alert"), "{path}");
        assert!(status < 500, "{path}: {status}");
        assert!(headers.get("location").is_none(), "{path} redirects");
    }
}

#[test]
fn script_in_names_is_shown_and_never_run() {
    let Some(browser) = Browser::open(Window::DESK) else {
        return;
    };
    let place = Place::new();
    for path in [
        "/search?q=struck",
        "/party/un:QDi.501",
        "/party/un:QDi.501/timeline",
        "/party/un:QDi.501/dossier",
        "/listing/un:QDi.501",
        "/changes?since=1999-01-01",
    ] {
        browser.go(&place.at(path));
        assert!(
            browser
                .text("main")
                .contains("<script>document.title='struck'</script>"),
            "{path}"
        );
        assert_ne!(browser.run("return document.title"), "struck", "{path}");
    }
}

#[test]
fn keys_alone_are_enough() {
    let Some(browser) = Browser::open(Window::DESK) else {
        return;
    };
    let place = Place::new();
    browser.go(&place.at("/party/standing:taliban?on=2024-10-04&known=2024-10-04"));
    browser.press("\u{E004}");
    assert_eq!(browser.run("return document.activeElement.className"), "skip");
    let mut met = Vec::new();
    for _ in 0..60 {
        browser.press("\u{E004}");
        let at = browser.run(
            "const e = document.activeElement; const s = getComputedStyle(e); return [e.tagName, e.id || e.className || e.dataset.for || '', s.outlineStyle]",
        );
        // What has the focus shows it.
        assert!(at[2] != "none" || at[0] == "BODY", "{at}");
        met.push(format!(
            "{} {}",
            at[0].as_str().unwrap_or(""),
            at[1].as_str().unwrap_or("")
        ));
    }
    for wanted in ["INPUT find", "INPUT on", "INPUT known", "A figure", "A pending"] {
        assert!(
            met.iter().any(|m| m.trim() == wanted),
            "{wanted} was not reached: {met:?}"
        );
    }
    // An arrow key moves the slider, and with it the answer.
    browser.run("document.querySelector('input[data-for=on]').focus()");
    browser.press("\u{E010}");
    assert!(
        wait(Duration::from_secs(10), || !browser.address().contains("on=2024-10-04")),
        "{}",
        browser.address()
    );
}

#[test]
fn no_link_leads_nowhere() {
    let place = Place::new();
    let mut links: Vec<(String, String)> = Vec::new();
    for page in crate::walk::PAGES {
        let (_, _, body) = ask("GET", &place.at(page), &[], "");
        for link in body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let link = link.replace("&amp;", "&");
            if link.starts_with('/') && !links.iter().any(|(l, _)| *l == link) {
                links.push((link, (*page).to_owned()));
            }
        }
    }
    assert!(links.len() > 50, "{links:?}");
    let dead: Vec<String> = links
        .iter()
        .filter_map(|(link, from)| {
            let (status, ..) = ask("GET", &place.at(link), &[], "");
            (status >= 400).then(|| format!("{status} {link} on {from}"))
        })
        .collect();
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}
