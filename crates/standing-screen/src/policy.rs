//! The policy: what raises an alert. It belongs to the user; the default is printed by `standing policy`.

use serde::{Deserialize, Serialize};
use standing_model::{Grade, Measure, PartyKind, State};
use standing_names::Params;

use crate::error::ScreenError;
use crate::listed::MeasureLine;

/// What to do with a kind of standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Treatment {
    /// Raise an alert; the hit says where it stands.
    Alert,
    /// Leave it out.
    LeaveOut,
}

/// What to do with weak aliases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WeakAliases {
    /// Like any other name.
    Use,
    /// Take a share of the score away ([`crate::fields::WEAK_ALIAS`]).
    Lower,
    /// Leave them out.
    LeaveOut,
}

/// Which listings are searched. An empty list of names restricts nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Select {
    /// Authorities, by id or by jurisdiction.
    pub authorities: Vec<String>,
    /// Authorities that raise no alert.
    pub leave_out_authorities: Vec<String>,
    /// Lists, by id.
    pub lists: Vec<String>,
    /// Lists that are recorded without being searched.
    pub leave_out_lists: Vec<String>,
    /// Measures.
    pub measures: Vec<Measure>,
    /// Programmes.
    pub programmes: Vec<String>,
    /// Programmes that raise no alert.
    pub leave_out_programmes: Vec<String>,
    /// The weakest grade of evidence.
    pub basis: Grade,
    /// Kinds of party: person, organisation, vessel, aircraft, government, unknown.
    pub schemas: Vec<PartyKind>,
    /// A measure that is suspended.
    pub suspended: Treatment,
    /// A measure that was lifted: "formerly listed until …".
    pub lifted: Treatment,
    /// A measure of which no source says whether it holds on the day.
    pub uncertain: Treatment,
    /// A designation announced or decided, and not in effect.
    pub pending: Treatment,
    /// Aliases that the publisher trusts little.
    pub weak_aliases: WeakAliases,
}

impl Default for Select {
    fn default() -> Self {
        Self {
            authorities: Vec::new(),
            leave_out_authorities: Vec::new(),
            lists: Vec::new(),
            leave_out_lists: Vec::new(),
            measures: vec![Measure::Designation, Measure::Sanctions, Measure::Assets],
            programmes: Vec::new(),
            leave_out_programmes: Vec::new(),
            basis: Grade::Stated,
            schemas: Vec::new(),
            suspended: Treatment::Alert,
            lifted: Treatment::Alert,
            uncertain: Treatment::Alert,
            pending: Treatment::Alert,
            weak_aliases: WeakAliases::Use,
        }
    }
}

/// From which score on a hit is raised.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// Where no other is named.
    pub default: f32,
    /// For queries of this kind.
    pub person: Option<f32>,
    /// For queries of this kind.
    pub organisation: Option<f32>,
    /// For queries of this kind.
    pub vessel: Option<f32>,
    /// For queries of this kind.
    pub aircraft: Option<f32>,
    /// For queries of this kind.
    pub government: Option<f32>,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            default: Params::embedded().threshold,
            person: None,
            organisation: None,
            vessel: None,
            aircraft: None,
            government: None,
        }
    }
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// What to call it.
    pub name: String,
    /// Which listings are searched.
    pub select: Select,
    /// From which score on a hit is raised.
    pub thresholds: Thresholds,
}

impl Policy {
    /// The default.
    pub fn standard() -> Self {
        Self {
            name: "default".into(),
            ..Self::default()
        }
    }

    /// Reads a policy file; `path` names it in errors.
    pub fn read(path: &str, text: &str) -> Result<Self, ScreenError> {
        let wrong = |what: String| ScreenError::Policy {
            path: path.to_owned(),
            what,
        };
        let mut policy: Self = toml::from_str(text).map_err(|e| wrong(e.to_string().trim().to_owned()))?;
        if policy.name.is_empty() {
            let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
            file.trim_end_matches(".toml").clone_into(&mut policy.name);
        }
        let t = policy.thresholds;
        for (which, threshold) in [
            ("default", Some(t.default)),
            ("person", t.person),
            ("organisation", t.organisation),
            ("vessel", t.vessel),
            ("aircraft", t.aircraft),
            ("government", t.government),
        ] {
            if let Some(threshold) = threshold {
                check_threshold(threshold).map_err(|e| wrong(format!("thresholds.{which}: {e}")))?;
            }
        }
        if policy.select.measures.is_empty() {
            return Err(wrong("select.measures is empty: nothing would be searched".into()));
        }
        Ok(policy)
    }

    /// The threshold for a kind of query.
    pub fn threshold(&self, kind: PartyKind) -> f32 {
        let t = &self.thresholds;
        let own = match kind {
            PartyKind::Person => t.person,
            PartyKind::Organisation => t.organisation,
            PartyKind::Vessel => t.vessel,
            PartyKind::Aircraft => t.aircraft,
            PartyKind::Government => t.government,
            PartyKind::Unknown => None,
        };
        own.unwrap_or(t.default)
    }

    /// Does this line of a listing raise an alert? `list` is the list's id; `jurisdiction` that of the authority.
    pub fn selects(&self, list: Option<&str>, line: &MeasureLine, jurisdiction: &str) -> bool {
        let select = &self.select;
        let authority = |names: &[String]| {
            names
                .iter()
                .any(|n| n.eq_ignore_ascii_case(&line.authority) || n.eq_ignore_ascii_case(jurisdiction))
        };
        let any = |names: &[String], wanted: &str| names.iter().any(|n| n.eq_ignore_ascii_case(wanted));
        let programme = |names: &[String]| line.programmes.iter().any(|p| any(names, p));
        let list_fits = match list {
            Some(list) => (select.lists.is_empty() || any(&select.lists, list)) && !any(&select.leave_out_lists, list),
            None => select.lists.is_empty(),
        };
        let all_left_out =
            !line.programmes.is_empty() && line.programmes.iter().all(|p| any(&select.leave_out_programmes, p));
        list_fits
            && select.measures.contains(&line.measure)
            && line.grade >= select.basis
            && (select.authorities.is_empty() || authority(&select.authorities))
            && !authority(&select.leave_out_authorities)
            && (select.programmes.is_empty() || programme(&select.programmes))
            && !all_left_out
            && self.treats(line) == Treatment::Alert
    }

    fn treats(&self, line: &MeasureLine) -> Treatment {
        let select = &self.select;
        match line.standing {
            State::InForce => Treatment::Alert,
            State::Suspended => select.suspended,
            State::Lifted if !line.pending.is_empty() && select.pending == Treatment::Alert => Treatment::Alert,
            State::Lifted => select.lifted,
            State::Uncertain => select.uncertain,
            State::None if line.pending.is_empty() => Treatment::LeaveOut,
            State::None => select.pending,
        }
    }

    /// Does this kind of party raise an alert?
    pub fn selects_kind(&self, kind: PartyKind) -> bool {
        self.select.schemas.is_empty() || self.select.schemas.contains(&kind) || kind == PartyKind::Unknown
    }

    /// Digest of the selection, which decides what an index holds.
    pub fn selection_digest(&self) -> String {
        digest(&serde_json::to_vec(&self.select).unwrap_or_default())
    }

    /// Digest of the whole.
    pub fn digest(&self) -> String {
        digest(&serde_json::to_vec(self).unwrap_or_default())
    }
}

fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..16].to_owned()
}

/// The least threshold at which fast and exhaustive search are promised to agree, and the greatest that means anything.
pub fn check_threshold(threshold: f32) -> Result<f32, String> {
    if (0.5..=1.0).contains(&threshold) {
        Ok(threshold)
    } else {
        Err(format!("{threshold} is not a threshold: give one from 0.5 to 1"))
    }
}

/// The default policy as a file, with what every key means.
pub fn default_text() -> String {
    include_str!("../data/policy.toml").replace("{threshold}", &Params::embedded().threshold.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_file_is_the_default() {
        assert_eq!(
            Policy::read("default.toml", &default_text()).unwrap(),
            Policy::standard()
        );
    }

    #[test]
    fn mistakes_are_named() {
        for (text, says) in [
            ("[select]\nauthoritys = []", "authoritys"),
            ("[thresholds]\nperson = 1.5", "thresholds.person"),
            ("[select]\nmeasures = []", "nothing would be searched"),
            ("[select]\nbasis = \"rumour\"", "rumour"),
        ] {
            let error = Policy::read("p.toml", text).unwrap_err().to_string();
            assert!(error.contains(says) && error.contains("p.toml"), "{error}");
        }
    }
}
