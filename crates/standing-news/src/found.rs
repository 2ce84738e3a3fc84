//! The claims of one sentence: each trigger tried with each of its rules, the status and speaker of what fits, and which of several claims on
//! the same words stands.

use standing_model::date::Calendar;
use standing_model::step::Action;
use standing_model::{ClaimStatus, ClaimType};

use crate::clause::{Clauses, Governor};
use crate::near::{self, Flat};
use crate::phrase::{Group, Kind, Mood, VerbForm};
use crate::reader::Reader;
use crate::resolve::{Document, Value, ValueKind};
use crate::rule::Pattern;
use crate::said::{self, Said};
use crate::slots::{Filled, Place};
use crate::status::Judge;
use crate::when::{self, Direction, Said as When};

/// A claim in the making.
pub(crate) struct Found {
    pub kind: ClaimType,
    pub action: Option<Action>,
    pub actor: Option<Value>,
    pub party: Option<Value>,
    pub status: ClaimStatus,
    pub speaker: Option<String>,
    pub via: Vec<String>,
    pub time: Option<(Option<Calendar>, String)>,
    pub tokens: (usize, usize),
    pub weight: i32,
    pub trigger: usize,
    pub rules: Vec<String>,
}

impl Reader<'_> {
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn sentence(
        &self,
        document: &Document,
        clauses: &Clauses,
        said: &[Said],
        carried: Option<&Value>,
        start: usize,
        end: usize,
        found: &mut Vec<Found>,
    ) {
        let flat = Flat::new(document, start, end);
        let place = Place {
            document,
            clauses,
            rules: self.rules,
            flat: &flat,
        };
        let reported = |token: usize| {
            said.iter()
                .any(|s| s.start <= token && token < s.end && s.verb != token)
        };
        let judge = Judge {
            clauses,
            rules: self.rules,
            reported: &reported,
        };
        let times = when::find(clauses.source, start, end);
        let mut here: Vec<Found> = Vec::new();
        for (i, phrase) in clauses.phrases.iter().enumerate() {
            let head = phrase.head as usize;
            let reading = document.cut.tokens[head].reading;
            let mut hits: Vec<(&Pattern, Filled, crate::status::Judged, usize)> = Vec::new();
            if phrase.kind == Kind::Verb {
                for trigger in self.rules.verbs.get(&reading.verb).into_iter().flatten() {
                    let rule = &self.rules.patterns[trigger.rule as usize];
                    if trigger.particle > 0 {
                        let particle = &self.rules.particles[trigger.particle as usize - 1];
                        if !(head + 1..(head + 5).min(end)).any(|t| clauses.source.is(t, particle)) {
                            continue;
                        }
                    }
                    if let Some(filled) = place.at_verb(rule, i, (start, end)) {
                        hits.push((rule, filled, judge.trigger(i), head));
                    }
                }
            }
            if phrase.kind == Kind::Noun && document.mentions.at(head).is_none() {
                for &rule in self
                    .rules
                    .nouns
                    .get(&reading.noun)
                    .filter(|_| reading.noun != 0)
                    .into_iter()
                    .flatten()
                {
                    let rule = &self.rules.patterns[rule as usize];
                    if rule.again {
                        if let Some(filled) = Self::again(&place, rule, i, (start, end), found) {
                            hits.push((rule, filled, judge.noun(i), head));
                        }
                        continue;
                    }
                    if let Some(filled) = place.at_noun(rule, i, (start, end)) {
                        let judged = if rule.nominal { judge.act(i) } else { judge.noun(i) };
                        hits.push((rule, filled, judged, head));
                    }
                }
            }
            if phrase.kind == Kind::Noun {
                for t in phrase.start as usize..phrase.end as usize {
                    let verb = document.cut.tokens[t].reading.verb;
                    for &rule in self
                        .rules
                        .participles
                        .get(&verb)
                        .filter(|_| verb != 0 && t < head)
                        .into_iter()
                        .flatten()
                    {
                        let rule = &self.rules.patterns[rule as usize];
                        if let Some(filled) = place.at_participle(rule, i, t, (start, end)) {
                            hits.push((
                                rule,
                                filled,
                                crate::status::Judged {
                                    status: ClaimStatus::InEffect,
                                    rules: Vec::new(),
                                },
                                t,
                            ));
                        }
                    }
                }
            }
            for (rule, filled, judged, token) in hits {
                let (by, mut via) = said::speaker_at(said, token);
                let quote = usize::from(document.cut.tokens[token].quote);
                let mut speaker = by.map(|s| s.speaker.name.clone());
                if speaker.is_none() && quote > 0 {
                    speaker = document.quote_speakers[quote].as_ref().map(|v| v.name.clone());
                }
                if speaker.is_none() {
                    speaker = carried.map(|v| v.name.clone());
                }
                if speaker
                    .as_deref()
                    .is_some_and(|s| Some(s) == document.publisher.as_deref())
                {
                    speaker = None;
                }
                let mut status = judged.status;
                if rule.kind.tier() == 1 && status == ClaimStatus::InEffect {
                    let group = phrase
                        .group
                        .or_else(|| clauses.verb_of_object(i).and_then(|v| clauses.phrases[v].group));
                    let timed = Self::in_time(&flat, group, (token, filled.end, end), document);
                    // `was extended until May` tells how long it will hold.
                    if rule.action != Some(Action::Maintain) || timed != ClaimStatus::Ended {
                        status = timed;
                    }
                }
                // `reopens its embassy next month`, `announced the recognition of X in September`: the words tell of a day to come.
                let present = phrase.kind == Kind::Noun
                    || phrase.group.is_some_and(|g| {
                        g.mood == Mood::Fact && !g.past && !g.perfect && (g.progressive || !g.passive && !g.copula)
                    });
                // `recognises X on Monday`: a day that is set; what was done on one is told in the past.
                let simple = phrase
                    .group
                    .is_some_and(|g| g.form == VerbForm::Finite && !g.progressive);
                let reach = if phrase.kind == Kind::Noun { 2 } else { 6 };
                if status == ClaimStatus::InEffect
                    && rule.kind.tier() == 1
                    && present
                    && (times.iter().any(|w| {
                        w.start >= filled.start
                            && w.start > token
                            && w.start <= filled.end + reach
                            && (to_come(w.said, document.published) || simple && matches!(w.said, When::Weekday(_)))
                    }) || flat
                        .between(token, (filled.end + 5).min(end))
                        .contains(" by the end of ")
                        || flat.between(token, (filled.end + 4).min(end)).contains(" as early as "))
                {
                    status = ClaimStatus::Planned;
                }
                if status == ClaimStatus::Planned
                    && judged.rules.is_empty()
                    && matches!(
                        rule.kind,
                        ClaimType::Designation | ClaimType::Sanctions | ClaimType::Assets
                    )
                    && phrase.group.is_some_and(|g| g.mood == Mood::Future)
                    && times.iter().any(|w| {
                        matches!(w.said, When::DayOf(..) | When::Date(Calendar::Day(_)))
                            && w.start + 8 >= filled.start
                            && w.start <= filled.end + 6
                    })
                {
                    // `will impose sanctions on June 3`: the day is set, so it is decided.
                    status = ClaimStatus::Decided;
                }
                if !rule.only.is_empty() && !rule.only.contains(&status) {
                    continue;
                }
                if by.is_some_and(|s| s.denies) || (status == ClaimStatus::NotOccurred && speaker.is_some()) {
                    status = ClaimStatus::Denied;
                }
                if let Some(own) = rule.status {
                    status = if own == ClaimStatus::Urged {
                        own
                    } else {
                        crate::status::weaker(status, own)
                    };
                }
                if let Some(s) = speaker.as_deref() {
                    via.retain(|v| v != s);
                }
                let mut ids = vec![rule.id.clone()];
                ids.extend(judged.rules);
                if let Some(s) = by {
                    ids.push(s.rule.clone());
                }
                let direction = if status == ClaimStatus::Planned {
                    Direction::Future
                } else {
                    Direction::Past
                };
                let group = (phrase.kind == Kind::Verb).then_some(phrase.group).flatten();
                let said_now = group.is_some_and(|g| g.progressive && !g.past && g.mood == Mood::Fact);
                let time = times
                    .iter()
                    .filter(|w| w.start + 8 >= filled.start && w.start <= filled.end + 6)
                    .min_by_key(|w| w.start.abs_diff(token))
                    .map(|w| {
                        (
                            when::resolve(w.said, document.published, direction),
                            document.words(w.start, w.end),
                        )
                    })
                    // `is designating`: on the day of publication.
                    .or_else(|| {
                        (said_now && status == ClaimStatus::InEffect && document.published.is_some())
                            .then(|| (document.published.map(Calendar::Day), String::new()))
                    });
                let blank = || vec![None];
                // On a government's own page a measure without a named actor is its own.
                let own = document
                    .publisher
                    .clone()
                    .filter(|_| rule.kind.tier() == 1 && status != ClaimStatus::NotOccurred)
                    // `were designated in 2017` tells of somebody else's act.
                    .filter(|_| !group.is_some_and(|g| g.passive && g.past));
                let own = own.map(|code| Value {
                    name: code.clone(),
                    code: Some(code),
                    kind: ValueKind::State,
                    id: None,
                    tokens: (filled.start, filled.end),
                });
                let inherited = Self::inherited_actor(rule, &filled, by, status, existential(clauses, i), found)
                    // On a government's own page what is done by nobody named is its own.
                    .filter(|_| own.is_none() || !filled.passive || rule.nominal || rule.again);
                if filled.actors.is_empty()
                    && inherited.is_none()
                    && own.is_none()
                    && (rule.needs.iter().any(|n| n == "actor")
                        || rule.kind.tier() == 1 && filled.parties.iter().all(crate::kinds::unnamed))
                {
                    continue;
                }
                let verb = if phrase.kind == Kind::Verb {
                    Some(i)
                } else {
                    clauses.verb_of_object(i)
                };
                let over = rule.action == Some(Action::Impose)
                    && status == ClaimStatus::InEffect
                    && verb.is_some_and(|v| no_longer(clauses, v));
                let by_both = filled.actors.is_empty() && inherited.is_some();
                let actors: Vec<Option<Value>> = if by_both {
                    vec![inherited]
                } else if filled.actors.is_empty() && own.is_some() {
                    vec![own]
                } else if filled.actors.is_empty() {
                    blank()
                } else {
                    filled.actors.into_iter().map(Some).collect()
                };
                let parties: Vec<Option<Value>> = if filled.parties.is_empty() && rule.mutual && by_both {
                    vec![bilateral(found).and_then(|f| f.party.clone())]
                } else if filled.parties.is_empty() {
                    blank()
                } else {
                    filled.parties.into_iter().map(Some).collect()
                };
                for actor in &actors {
                    for party in &parties {
                        here.push(Found {
                            kind: rule.kind,
                            action: if over { Some(Action::Lift) } else { rule.action },
                            actor: actor.clone(),
                            party: party.clone(),
                            status,
                            // `Norway and Ireland said they would`: each of them for itself.
                            speaker: by
                                .and_then(|s| {
                                    s.together
                                        .iter()
                                        .find(|v| v.code.is_some() && actor.as_ref().is_some_and(|a| a.code == v.code))
                                })
                                .map_or_else(|| speaker.clone(), |v| Some(v.name.clone())),
                            via: via.clone(),
                            time: time.clone(),
                            tokens: (filled.start, filled.end),
                            weight: rule.weight,
                            trigger: token,
                            rules: ids.clone(),
                        });
                    }
                }
            }
        }
        // Whoever urges a measure makes one claim of it, not a second of the urging.
        let urging: Vec<usize> = here
            .iter()
            .filter(|f| f.kind.tier() == 1 && f.status == ClaimStatus::Urged)
            .filter_map(|f| {
                here.iter()
                    .filter(|u| u.kind == ClaimType::Urge && u.trigger < f.trigger)
                    .map(|u| u.trigger)
                    .max()
            })
            .collect();
        here.retain(|f| f.kind != ClaimType::Urge || !urging.contains(&f.trigger));
        // On the same words the rule of greater weight stands; of several triggers in one clause the fuller claim.
        here.sort_by(|a, b| {
            b.weight
                .cmp(&a.weight)
                .then(a.trigger.cmp(&b.trigger))
                .then(a.rules.cmp(&b.rules))
        });
        let mut kept: Vec<Found> = Vec::new();
        for f in here {
            let beaten = kept.iter().any(|k| {
                let standing = f.kind.tier() == 1 && k.kind.tier() == 1;
                // `switched recognition from A to B` is a taking and a giving.
                let both = k.weight == f.weight && k.action != f.action && !same(k.party.as_ref(), f.party.as_ref());
                (k.trigger == f.trigger && standing && k.rules[0] != f.rules[0] && !both)
                    // `keeps the assets frozen`: keeping, not freezing.
                    || (standing
                        && k.kind == f.kind
                        && f.action == Some(Action::Impose)
                        && (k.action == Some(Action::Maintain)
                            || k.action != f.action && k.status == ClaimStatus::InEffect)
                        && same(k.party.as_ref(), f.party.as_ref())
                        && (k.trigger < f.trigger && f.trigger <= k.tokens.1
                            // `the sanctions remain in force`: the measure that the verb is said of.
                            || k.tokens.0 <= f.trigger && f.trigger < k.trigger && f.weight < 2))
                    || (k.kind == f.kind
                        && k.action == f.action
                        // `closed its embassy but did not sever relations` is two.
                        && (k.trigger == f.trigger
                            || k.rules[0] == f.rules[0]
                            || (k.status == ClaimStatus::NotOccurred) == (f.status == ClaimStatus::NotOccurred))
                        && same(k.party.as_ref(), f.party.as_ref())
                        && (same_actor(k.actor.as_ref(), f.actor.as_ref()) || f.actor.is_none()))
            });
            if !beaten {
                kept.push(f);
            }
        }
        kept.sort_by_key(|f| f.trigger);
        found.extend(kept);
    }

    /// Who acts where the clause does not say: the official who announces the decision, or whoever the same measure on the same party is from.
    fn inherited_actor(
        rule: &Pattern,
        filled: &Filled,
        by: Option<&Said>,
        status: ClaimStatus,
        existential: bool,
        found: &[Found],
    ) -> Option<Value> {
        if rule.kind.tier() != 1 || !filled.actors.is_empty() {
            return None;
        }
        // `Diplomatic relations were established in 1960`: of the two that the article spoke of.
        if rule.mutual {
            return bilateral(found).and_then(|f| f.actor.clone());
        }
        let announced = by.filter(|s| {
            s.rule == "speech.announce"
                && s.speaker.code.is_some()
                && matches!(
                    status,
                    ClaimStatus::Decided | ClaimStatus::Planned | ClaimStatus::InEffect
                )
        });
        // `The ministry said the group had been taken off the list`: off its own state's.
        let announced = announced.or_else(|| {
            by.filter(|s| {
                filled.passive
                    && matches!(rule.kind, ClaimType::Designation | ClaimType::Mission)
                    && matches!(s.speaker.kind, ValueKind::Body | ValueKind::State | ValueKind::Person)
                    && s.speaker.code.is_some()
                    && filled.parties.iter().all(|p| p.code != s.speaker.code)
                    && matches!(
                        status,
                        ClaimStatus::Decided | ClaimStatus::Planned | ClaimStatus::InEffect | ClaimStatus::Proposed
                    )
            })
        });
        if let Some(s) = announced {
            return Some(Value {
                tokens: (filled.start, filled.start),
                ..s.speaker.clone()
            });
        }
        // `There are no plans to recognise X, an EU spokesman said`: plans of whoever speaks.
        if existential && let Some(s) = by.filter(|s| s.speaker.code.is_some()) {
            return Some(Value {
                tokens: (filled.start, filled.start),
                ..s.speaker.clone()
            });
        }
        // `The new policy bans flights`: whoever made it.
        if filled.instrument {
            return found
                .iter()
                .rev()
                .take(12)
                .find(|f| f.kind == rule.kind && f.actor.is_some())
                .and_then(|f| f.actor.clone());
        }
        let party = filled.parties.first()?;
        if filled.passive && !(rule.nominal || rule.again) {
            let mut others = found.iter().filter(|f| {
                f.kind == rule.kind && f.actor.is_some() && f.party.as_ref().is_some_and(|p| p.name == party.name)
            });
            let one = others.next()?.actor.clone();
            return others
                .all(|f| same_actor(f.actor.as_ref(), one.as_ref()))
                .then_some(one)
                .flatten();
        }
        if !(rule.nominal || rule.again) {
            return None;
        }
        found
            .iter()
            .rev()
            .take(12)
            .find(|f| {
                f.kind == rule.kind && f.actor.is_some() && f.party.as_ref().is_some_and(|p| p.name == party.name)
            })
            .and_then(|f| f.actor.clone())
    }

    /// What the article said last, said again of `this decision`.
    fn again(place: &Place, rule: &Pattern, noun: usize, sentence: (usize, usize), found: &[Found]) -> Option<Filled> {
        let p = place.clauses.phrases[noun];
        let source = place.clauses.source;
        let pointing = ["this", "that", "the"].iter().any(|w| source.is(p.start as usize, w)) && p.end - p.start == 2;
        let last = found.iter().rev().find(|f| f.kind.tier() == 1)?;
        let near = last.tokens.1 + 200 > p.start as usize
            && last.kind == rule.kind
            && last.action == rule.action
            && matches!(
                last.status,
                ClaimStatus::Decided | ClaimStatus::Planned | ClaimStatus::Proposed
            );
        if !pointing || !near || !place.words_fit(rule, sentence, sentence) {
            return None;
        }
        let end = source.tokens[..sentence.1]
            .iter()
            .rposition(crate::text::Token::is_word)
            .map_or(sentence.1, |t| t + 1);
        Some(Filled {
            actors: last.actor.clone().into_iter().collect(),
            parties: last.party.clone().into_iter().collect(),
            start: p.start as usize,
            end,
            passive: false,
            instrument: false,
        })
    }

    /// A fact that is over by the words (`was on the list until 2020`), or not yet one (`which take effect on Friday`).
    fn in_time(
        flat: &Flat,
        group: Option<Group>,
        (trigger, last, end): (usize, usize, usize),
        document: &Document,
    ) -> ClaimStatus {
        if near::takes_effect_later(flat.whole()) {
            return ClaimStatus::Decided;
        }
        let before = flat.between(trigger.saturating_sub(2), trigger);
        if group.is_some_and(|g| g.passive) && [" once ", " formerly "].iter().any(|w| before.contains(w)) {
            return ClaimStatus::Ended;
        }
        let was = group.is_some_and(|g| g.past && (g.copula || g.passive));
        let after = flat.between(trigger, (last + 12).min(end));
        if was && near::until_past(after, document.published.map(jiff::civil::Date::year)) {
            return ClaimStatus::Ended;
        }
        ClaimStatus::InEffect
    }
}

/// Whether a time said of something in the present lies after publication.
fn to_come(said: When, published: Option<standing_model::date::Day>) -> bool {
    match said {
        When::Next(_) | When::Tomorrow => true,
        When::Date(day) => published.is_some_and(|p| day.first() > p),
        When::DayOf(..) | When::Month(_) => published.is_some_and(|p| {
            when::resolve(said, published, Direction::Future).is_some_and(|d| {
                let days = (d.first() - p).get_days();
                (1..150).contains(&days)
            })
        }),
        _ => false,
    }
}

/// Whether a verb or noun hangs on something that is only said to exist: `there are no plans to`.
fn existential(clauses: &Clauses, phrase: usize) -> bool {
    let noun = match clauses.form(phrase) {
        Some(VerbForm::Infinitive | VerbForm::Gerund) => match clauses.governor(phrase) {
            Governor::Noun(n) => Some(n),
            Governor::Preposition(p) => clauses.before(p),
            _ => None,
        },
        _ => None,
    };
    noun.and_then(|n| clauses.verb_of_object(n)).is_some_and(|v| {
        clauses.subject(v).is_empty() && v > 0 && clauses.source.is(clauses.phrases[v].start as usize - 1, "there")
    })
}

/// The last measure that one state took towards another, of the kinds that two states have between them.
fn bilateral(found: &[Found]) -> Option<&Found> {
    found.iter().rev().filter(|f| f.kind.tier() == 1).take(4).find(|f| {
        matches!(f.kind, ClaimType::Recognition | ClaimType::Mission)
            && f.actor.as_ref().is_some_and(|v| v.kind == ValueKind::State)
            && f.party.as_ref().is_some_and(|v| v.kind == ValueKind::State)
    })
}

/// Whether a verb group says that something is no longer so.
fn no_longer(clauses: &Clauses, verb: usize) -> bool {
    let p = clauses.phrases[verb];
    let from = (p.start as usize).saturating_sub(2);
    let to = (p.end as usize + 2).min(clauses.source.tokens.len());
    (from..to).any(|t| clauses.source.is(t, "no") && clauses.source.is(t + 1, "longer"))
}

/// Whether two actors are the same authority, by whatever body it is named.
fn same_actor(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) if a.code.is_some() && a.code == b.code => true,
        _ => same(a, b),
    }
}

fn same(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => {
            a.name == b.name || (a.code.is_some() && a.code == b.code && a.kind == ValueKind::State && b.kind == a.kind)
        }
        (None, None) => true,
        _ => false,
    }
}
