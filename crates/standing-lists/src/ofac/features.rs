//! What OFAC's feature types mean: the XML formats give each trait of a party as a typed feature, the CSV as a labelled part of a
//! remark. One table serves all, so that the same list gives the same record in every format.

use standing_model::{Calendar, IdentifierKind, PartialDate, Place, Record, Relation, Text};

use crate::country::Countries;
use crate::{dates, identifier, note, ofac};

/// Births and places of a party, to be paired when all are read.
#[derive(Debug, Default)]
pub(crate) struct Traits {
    pub(crate) births: Vec<(Option<PartialDate>, Option<String>)>,
    pub(crate) places: Vec<Place>,
}

/// Reads one feature into the record. False where no rule knows its label: it is kept, and the caller counts it.
pub(crate) fn read(
    record: &mut Record,
    traits: &mut Traits,
    label: &str,
    value: &str,
    date: Option<PartialDate>,
    countries: &mut Countries,
) -> bool {
    let label = label.trim();
    match label {
        "Birthdate" | "Organization Established Date" => {
            let date = date.or_else(|| note::date(record, label, value, dates::english));
            traits.births.push((date, date.is_none().then(|| value.to_owned())));
        }
        "Place of Birth" if !value.is_empty() => traits.places.push(countries.place(value)),
        "Nationality Country" | "Citizenship Country" | "Vessel Flag" => match countries.find(value) {
            Some(country) if record.nationalities.contains(&country) => {}
            Some(country) => record.nationalities.push(country),
            None => note::keep(record, label, value),
        },
        "Gender" => match note::gender(value) {
            Some(gender) => record.gender = Some(gender),
            None => note::keep(record, label, value),
        },
        "Title" => {
            let titles = value.split(';').map(str::trim).filter(|t| !t.is_empty());
            record.positions.extend(titles.map(Text::from));
        }
        "Vessel Owner" if !value.is_empty() => record.relations.push(Relation {
            kind: label.into(),
            name: Some(value.into()),
            reference: None,
        }),
        _ => return labelled(record, label, value, date, countries),
    }
    true
}

fn labelled(
    record: &mut Record,
    label: &str,
    value: &str,
    date: Option<PartialDate>,
    countries: &mut Countries,
) -> bool {
    let plain = label.replace('’', "'");
    let kind = identifier::kind(&plain);
    let known = ofac::remarks::knows(&plain);
    let shown = plain.trim_end_matches([':', '-', ' ']);
    if matches!(kind, IdentifierKind::Other(_)) && known != Some(ofac::remarks::Meaning::Identifier) {
        match date {
            Some(date) if value.is_empty() => note::keep(record, shown, &date.to_string()),
            _ => note::keep(record, shown, value),
        }
        return known.is_some() || is_field(&plain);
    }
    if !value.is_empty() {
        // `Digital Currency Address - XBT` with the address alone as value: the currency stands in the label.
        let found = match (&kind, plain.rsplit_once(" - ")) {
            (IdentifierKind::CryptoAddress, Some((label, currency))) => {
                ofac::remarks::read_identifier(label, kind.clone(), &format!("{currency} {value}"), countries)
            }
            _ => ofac::remarks::read_identifier(&plain, kind, value, countries),
        };
        record.identifiers.push(found);
    }
    true
}

/// Features of vessels and aircraft that the table of remarks does not have, because the CSV has columns for them.
fn is_field(label: &str) -> bool {
    matches!(
        label,
        "VESSEL TYPE"
            | "Vessel Type"
            | "Vessel Tonnage"
            | "Vessel Gross Registered Tonnage"
            | "Vessel Gross Tonnage"
            | "Location"
    )
}

/// The date that runs from the first to the last of these days: a day, a month, a year, or a span of such.
pub(crate) fn period(first: Calendar, last: Calendar, approximate: bool) -> PartialDate {
    let (from, to) = (first.first(), last.last());
    let whole = if from.day() == 1 && from.month() == 1 && to.month() == 12 && to.day() == 31 {
        (Calendar::Year(from.year()), Calendar::Year(to.year()))
    } else if from.day() == 1 && to == to.last_of_month() && (from.year(), from.month()) != (to.year(), to.month()) {
        (
            Calendar::Month(from.year(), from.month()),
            Calendar::Month(to.year(), to.month()),
        )
    } else if from.day() == 1 && to == to.last_of_month() && from != to {
        let month = Calendar::Month(from.year(), from.month());
        (month, month)
    } else {
        (Calendar::Day(from), Calendar::Day(to))
    };
    match whole {
        (a, b) if a == b && approximate => PartialDate::Circa(a),
        (a, b) if a == b || from > to => PartialDate::In(a),
        (a, b) => PartialDate::Span(a, b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_as_precise_as_their_ends() {
        let show =
            |a: &str, b: &str, approximate| period(a.parse().unwrap(), b.parse().unwrap(), approximate).to_string();
        assert_eq!(show("1962-01-01", "1962-12-31", false), "1962");
        assert_eq!(show("1962-01-01", "1962-12-31", true), "circa 1962");
        assert_eq!(show("1962-02-01", "1962-02-28", false), "1962-02");
        assert_eq!(show("1962-02-03", "1962-02-03", false), "1962-02-03");
        assert_eq!(show("1962-01-01", "1964-12-31", false), "1962 to 1964");
        assert_eq!(show("1962-02-03", "1962-02-05", false), "1962-02-03 to 1962-02-05");
        assert_eq!(show("1962-02-01", "1962-04-30", false), "1962-02 to 1962-04");
    }
}
