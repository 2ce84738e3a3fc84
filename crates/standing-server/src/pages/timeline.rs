//! The timeline of a party as a picture: a lane for each row of its standing, from the first proposal to the effect.
//!
//! Pure: steps in, SVG out, without scripts or inline styles, so that it prints and passes a strict content policy. What is certain is drawn
//! solid, an edge that only an interval bounds fades, a suspension is hatched; official steps are solid marks, earlier stages and claims
//! hollow ones above, and a thin line leads from an announcement to the effect that it led to.

use std::collections::HashMap;
use std::fmt::Write as _;

use maud::{Markup, PreEscaped, html};
use standing::model::{Day, Grade, ListingId, Measure, Stage, State, Step};
use standing::words::{action_words, date, state_words};
use standing::{legal_date, periods};

use super::words::{self, evidence_path};

/// A lane: one row of a party's standing with its steps.
#[derive(Debug, Clone)]
pub struct Lane {
    /// Who decides, as shown.
    pub authority: String,
    /// What is done.
    pub measure: Measure,
    /// The listing it rests on.
    pub listing: Option<ListingId>,
    /// All steps, oldest first.
    pub steps: Vec<Step>,
    /// What articles say.
    pub claims: Vec<ClaimMark>,
}

/// A claim above a lane.
#[derive(Debug, Clone)]
pub struct ClaimMark {
    /// When it was published.
    pub known: Day,
    /// In words: who says what.
    pub words: String,
    /// Where the article is read.
    pub path: String,
}

/// The years shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First year.
    pub from: i16,
    /// Last year.
    pub until: i16,
}

/// Above the first lane.
const TOP: f64 = 30.0;

/// For which width it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// For screens and paper: who decides stands before the lane.
    Wide,
    /// For phones: it stands above the lane.
    Narrow,
}

impl Shape {
    fn width(self) -> f64 {
        if self == Self::Wide { 1000.0 } else { 360.0 }
    }

    fn left(self) -> f64 {
        if self == Self::Wide { 190.0 } else { 6.0 }
    }

    fn right(self) -> f64 {
        self.width() - if self == Self::Wide { 10.0 } else { 8.0 }
    }

    fn lane(self) -> f64 {
        if self == Self::Wide { 46.0 } else { 66.0 }
    }

    /// From the top of a lane to its bar.
    fn bar(self) -> f64 {
        if self == Self::Wide { 22.0 } else { 42.0 }
    }

    /// Both are on one page, so what they define needs names of its own.
    fn word(self) -> &'static str {
        if self == Self::Wide { "wide" } else { "narrow" }
    }
}

struct Scale {
    span: Span,
    shape: Shape,
}

impl Scale {
    /// Where a day lies, cut to the picture.
    fn x(&self, day: Day) -> f64 {
        let years = f64::from(self.span.until - self.span.from + 1).max(1.0);
        let of_year = f64::from(day.day_of_year() - 1) / f64::from(day.days_in_year());
        let at = f64::from(day.year() - self.span.from) + of_year;
        let (left, right) = (self.shape.left(), self.shape.right());
        (left + at / years * (right - left)).clamp(left, right)
    }
}

/// The years that a party's steps need: from the year before the first to the year of `today`.
pub fn natural_span(lanes: &[Lane], today: Day) -> Span {
    let first = lanes
        .iter()
        .flat_map(|l| &l.steps)
        .filter_map(|s| legal_date(s)?.earliest())
        .filter(|d| d.year() > 1900)
        .min();
    let last = lanes
        .iter()
        .flat_map(|l| &l.steps)
        .filter_map(|s| legal_date(s)?.latest())
        .filter(|d| d.year() < 2200)
        .max();
    let until = last.map_or(today.year(), |d| d.year().max(today.year()));
    Span {
        from: first.map_or(today.year() - 5, Day::year).min(today.year()),
        until,
    }
}

/// Draws the lanes for screens and for phones; the style shows the one that fits.
pub fn svg(lanes: &[Lane], span: Span, on: Day, today: Day, basis: Grade) -> Markup {
    html! {
        (draw(lanes, &Scale { span, shape: Shape::Wide }, on, today, basis))
        (draw(lanes, &Scale { span, shape: Shape::Narrow }, on, today, basis))
    }
}

/// Draws the lanes. `on` is the day that the reader asks about, `today` where open bars end.
fn draw(lanes: &[Lane], scale: &Scale, on: Day, today: Day, basis: Grade) -> Markup {
    let (span, shape) = (scale.span, scale.shape);
    let height = TOP + shape.lane() * lanes.len() as f64 + 24.0;
    let labels = if shape == Shape::Wide { 14 } else { 7 };
    let years = span.until - span.from + 1;
    let every = [1, 2, 5, 10, 20, 50]
        .into_iter()
        .find(|step| years / step <= labels)
        .unwrap_or(100);
    html! {
        svg.timeline.narrow[shape == Shape::Narrow].broad[shape == Shape::Wide] xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {:.0} {height:.0}", shape.width())) role="group" aria-label="Timeline; every step stands in the table below" {
            defs {
                @for state in [State::InForce, State::Suspended, State::Lifted] {
                    linearGradient id=(format!("in-{}-{}", state.word(), shape.word())) class=(state.word()) {
                        stop offset="0" stop-opacity="0" {}
                        stop offset="1" stop-opacity="1" {}
                    }
                    linearGradient id=(format!("out-{}-{}", state.word(), shape.word())) class=(state.word()) {
                        stop offset="0" stop-opacity="1" {}
                        stop offset="1" stop-opacity="0" {}
                    }
                }
                pattern id=(format!("hatch-{}", shape.word())) width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect.suspended width="3" height="6" {}
                }
            }
            @for year in (span.from..=span.until).filter(|y| y % every == 0 || years == 1) {
                @let x = scale.x(jiff::civil::Date::constant(year, 1, 1));
                line.tick x1=(px(x)) x2=(px(x)) y1="20" y2=(px(height - 20.0)) {}
                text.year x=(px(x + 3.0)) y="14" { (year) }
            }
            @for (at, lane) in lanes.iter().enumerate() {
                (draw_lane(lane, TOP + shape.lane() * at as f64, scale, today, basis))
            }
            @if on.year() >= span.from && on.year() <= span.until {
                @let x = scale.x(on);
                line.on x1=(px(x)) x2=(px(x)) y1="18" y2=(px(height - 18.0)) {}
                text.on x=(px(x)) y=(px(height - 6.0)) text-anchor=(if x > shape.right() - 60.0 { "end" } else if x < 60.0 { "start" } else { "middle" }) { (on) }
            }
        }
    }
}

fn px(x: f64) -> String {
    format!("{x:.1}")
}

fn draw_lane(lane: &Lane, top: f64, scale: &Scale, today: Day, basis: Grade) -> Markup {
    let (shape, bar) = (scale.shape, top + scale.shape.bar());
    html! {
        g.lane {
            @let (who, what) = if shape == Shape::Wide { (bar + 2.0, bar + 15.0) } else { (top + 14.0, top + 14.0) };
            text.who x="0" y=(px(who)) { (cut(&lane.authority, 28)) title { (lane.authority) } }
            text.what x=(if shape == Shape::Wide { "0" } else { "360" }) y=(px(what)) text-anchor=[(shape == Shape::Narrow).then_some("end")] { (lane.measure.word()) @if let Some(listing) = &lane.listing { " · " (cut(listing.as_str(), 22)) } }
            line.base x1=(px(shape.left())) x2=(px(shape.right())) y1=(px(bar + 5.0)) y2=(px(bar + 5.0)) {}
            @for period in periods(&lane.steps, basis) {
                @if period.state != State::Lifted && period.state != State::None {
                    (draw_period(&period, bar, scale, today))
                }
            }
            (procedure_lines(&lane.steps, bar, scale))
            @for (step, more) in apart(&lane.steps, scale) { (mark(step, more, bar, scale)) }
            @for claim in &lane.claims {
                @let x = scale.x(claim.known);
                a href=(claim.path) {
                    path.claim d=(format!("M{:.1},{:.1}l4,4l-4,4l-4-4z", x, bar - 21.0)) { title { (claim.words) } }
                }
            }
        }
    }
}

fn draw_period(period: &standing::Period, bar: f64, scale: &Scale, today: Day) -> Markup {
    let word = period.state.word();
    let shape = scale.shape;
    let (left, hatch) = (shape.left(), format!("url(#hatch-{})", shape.word()));
    let fill = if period.state == State::Suspended {
        hatch.as_str()
    } else {
        ""
    };
    let begin = period.from.map(|d| (d.earliest(), d.latest()));
    let (soft_from, from) = match begin {
        Some((first, last)) => (first.map_or(left, |d| scale.x(d)), last.map_or(left, |d| scale.x(d))),
        None => (left, left),
    };
    let end = period.until.map(|d| (d.earliest(), d.latest()));
    let (until, soft_until) = if let Some((first, last)) = end {
        let first = first.map_or(from, |d| scale.x(d)).max(from);
        (first, last.map_or(first, |d| scale.x(d)).max(first))
    } else {
        let now = scale.x(today).max(from);
        (now, now)
    };
    let words = format!(
        "{} {}{}{}",
        state_words(period.state),
        date(period.from),
        period.until.map_or(" to now".into(), |d| format!(" until {d}")),
        if period.counted { "" } else { ", not counted" }
    );
    html! {
        a href=(evidence_path(&period.step, None)) class=(if period.counted { "bar" } else { "bar weak" }) {
            title { (words) }
            @if from - soft_from > 0.5 {
                rect class=(word) x=(px(soft_from)) y=(px(bar)) width=(px(from - soft_from)) height="10" fill=(format!("url(#in-{word}-{})", shape.word())) data-soft="" {}
            }
            rect class=(if fill.is_empty() { word } else { "hatched" }) x=(px(from)) y=(px(bar)) width=(px((until - from).max(1.0))) height="10" fill=[(!fill.is_empty()).then_some(fill)] {}
            @if soft_until - until > 0.5 {
                rect class=(word) x=(px(until)) y=(px(bar)) width=(px(soft_until - until)) height="10" fill=(format!("url(#out-{word}-{})", shape.word())) data-soft="" {}
            }
        }
    }
}

/// The middle of what a date allows, cut to the picture; `None` outside it.
fn place(step: &Step, scale: &Scale) -> Option<f64> {
    let when = legal_date(step)?;
    let first = when.earliest().or(when.latest())?;
    let last = when.latest().unwrap_or(first);
    if last.year() < scale.span.from || first.year() > scale.span.until {
        return None;
    }
    Some(f64::midpoint(scale.x(first), scale.x(last)))
}

/// The steps that can be told apart where they lie, each with how many further ones it stands for. Only of those that look alike one stands for others.
fn apart<'a>(steps: &'a [Step], scale: &Scale) -> Vec<(&'a Step, usize)> {
    let mut marks: Vec<(&Step, usize)> = Vec::new();
    let mut at: HashMap<(i64, bool, Grade, bool), usize> = HashMap::new();
    for step in steps {
        let Some(x) = place(step, scale) else { continue };
        // A third of a mark's width.
        let spot = (x / 2.5).round() as i64;
        let kind = (
            spot,
            step.stage == Stage::Effective,
            step.grade,
            step.contradicted.is_empty(),
        );
        if let Some(known) = at.get(&kind) {
            marks[*known].1 += 1;
        } else {
            at.insert(kind, marks.len());
            marks.push((step, 0));
        }
    }
    marks
}

fn mark(step: &Step, more: usize, bar: f64, scale: &Scale) -> Markup {
    let Some(x) = place(step, scale) else { return html! {} };
    let effective = step.stage == Stage::Effective;
    let class = match (effective, step.grade) {
        (true, Grade::Official) => "mark official",
        (true, Grade::Stated) => "mark stated",
        (true, Grade::Reported) => "mark reported",
        (false, _) => "mark ahead",
    };
    let y = if effective { bar + 5.0 } else { bar - 7.0 };
    let words = format!(
        "{} {}, {}{}{}",
        date(legal_date(step)),
        action_words(step.measure, step.action, step.stage),
        step.grade.word(),
        if step.contradicted.is_empty() {
            ""
        } else {
            "; sources disagree"
        },
        if more == 0 {
            String::new()
        } else {
            format!("; and {} close by", words::count(more, "step", "steps"))
        }
    );
    html! {
        a href=(evidence_path(&step.step, step.listing.as_ref().map(ListingId::as_str).or(Some(step.party.as_str())))) {
            circle class=(class) cx=(px(x)) cy=(px(y)) r="4" { title { (words) } }
            @if !step.contradicted.is_empty() {
                path.contradicted d=(format!("M{:.1},{:.1}l6,6m0-6l-6,6", x - 3.0, y - 13.0)) {}
            }
        }
    }
}

/// A thin line from the first stage of each procedure to its effect: the distance between saying and doing.
fn procedure_lines(steps: &[Step], bar: f64, scale: &Scale) -> Markup {
    let mut lines = String::new();
    for effect in steps.iter().filter(|s| s.stage == Stage::Effective) {
        let Some(procedure) = &effect.procedure else { continue };
        let first = steps
            .iter()
            .filter(|s| s.procedure.as_ref() == Some(procedure) && s.stage != Stage::Effective)
            .filter_map(|s| place(s, scale))
            .min_by(f64::total_cmp);
        if let (Some(from), Some(to)) = (first, place(effect, scale))
            && to - from > 1.0
        {
            let y = bar - 7.0;
            let (bend, foot) = ((to - 6.0).max(from), bar + 1.0);
            // Writing to a text cannot fail.
            let _ = write!(
                lines,
                "<path class=\"led\" d=\"M{from:.1},{y:.1}H{bend:.1}L{to:.1},{foot:.1}\"/>"
            );
        }
    }
    // Numbers alone went into it.
    PreEscaped(lines)
}

/// Cuts a label that would run into the picture.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most - 1).collect();
    short.push('…');
    short
}
