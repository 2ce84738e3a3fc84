//! Which column of a table is which field of a query, and what its cells may hold.

use std::collections::BTreeMap;

use standing_model::{Calendar, Country, Gender, Identifier, IdentifierKind, PartialDate};

use crate::error::Reject;
use crate::identifiers::kind_named;
use crate::query::{Query, kind_of_schema};

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// The customer's id.
    Id,
    /// A whole name.
    Name,
    /// Further names, parted by `;` or `|`.
    Alias,
    /// Given names.
    Given,
    /// Names between.
    Middle,
    /// Family name.
    Family,
    /// What kind of party.
    Schema,
    /// Birth or founding.
    Birth,
    /// Nationality or country.
    Country,
    /// Gender.
    Gender,
    /// Address.
    Address,
    /// An identifier of a kind.
    Identifier(IdentifierKind),
}

/// The names of the fields, as `--map` takes them.
pub const FIELDS: &str =
    "id, name, alias, given, middle, family, schema, birth_date, country, gender, address, or a kind of identifier";

fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The field that a word means, as a column's heading or in `--map`.
pub fn field_named(heading: &str) -> Option<Field> {
    Some(match plain(heading).as_str() {
        "id" | "ref" | "reference" | "customerid" | "clientid" | "customerref" | "customerreference"
        | "customernumber" | "customerno" | "accountid" | "partyid" | "entityid" | "recordid" => Field::Id,
        "name" | "names" | "fullname" | "customername" | "clientname" | "entityname" | "partyname" | "companyname"
        | "legalname" | "displayname" | "caption" | "beneficiaryname" | "nom" | "nombre" | "имя" | "фио" => {
            Field::Name
        }
        "alias" | "aliases" | "aka" | "othernames" | "othername" | "previousname" | "formername" | "weakalias" => {
            Field::Alias
        }
        "given" | "givenname" | "givennames" | "firstname" | "forename" | "firstnames" | "vorname" | "prenom" => {
            Field::Given
        }
        "middle" | "middlename" | "middlenames" | "secondname" | "patronymic" => Field::Middle,
        "family" | "familyname" | "lastname" | "surname" | "nachname" => Field::Family,
        "schema" | "type" | "kind" | "entitytype" | "partytype" | "customertype" => Field::Schema,
        "birth"
        | "birthdate"
        | "dateofbirth"
        | "dob"
        | "birthday"
        | "yearofbirth"
        | "birthyear"
        | "incorporationdate"
        | "dateofincorporation"
        | "foundingdate" => Field::Birth,
        "country" | "countries" | "nationality" | "nationalities" | "citizenship" | "countrycode" | "jurisdiction"
        | "flag" => Field::Country,
        "gender" | "sex" => Field::Gender,
        "address" | "addresses" | "fulladdress" => Field::Address,
        _ => match kind_named(heading) {
            IdentifierKind::Other(_) => return None,
            kind => Field::Identifier(kind),
        },
    })
}

/// A field and the column that a user names for it: `name=Customer Name`.
pub fn parse_map(text: &str) -> Result<(Field, String), String> {
    let (field, column) = text
        .split_once('=')
        .ok_or("write FIELD=COLUMN, such as name=\"Customer Name\"")?;
    let known = field_named(field).ok_or_else(|| format!("\"{field}\" is no field: {FIELDS}"))?;
    Ok((known, column.trim().to_owned()))
}

/// The columns of a table, understood.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    fields: Vec<Option<Field>>,
    /// Headings that were understood, with their fields; for the report.
    pub understood: BTreeMap<String, String>,
}

impl Columns {
    /// Reads headings. `Err` says in words which column is missing.
    pub fn read(headings: &[String], map: &[(Field, String)]) -> Result<Self, String> {
        let mut fields: Vec<Option<Field>> = headings.iter().map(|h| field_named(h)).collect();
        for (field, column) in map {
            let at = headings
                .iter()
                .position(|h| h == column)
                .or_else(|| headings.iter().position(|h| plain(h) == plain(column)))
                .ok_or_else(|| format!("there is no column \"{column}\"; there are: {}", headings.join(", ")))?;
            // What the user says stands in place of what was guessed.
            for guess in &mut fields {
                if guess.as_ref() == Some(field) {
                    *guess = None;
                }
            }
            fields[at] = Some(field.clone());
        }
        let has = |f: &Field| fields.iter().any(|g| g.as_ref() == Some(f));
        if !has(&Field::Name) && !has(&Field::Family) && !has(&Field::Given) {
            return Err(format!(
                "no column is understood as the name; there are: {}. Say which: --map name=\"{}\"",
                headings.join(", "),
                headings.first().map_or("COLUMN", String::as_str)
            ));
        }
        let understood = headings
            .iter()
            .zip(&fields)
            .filter_map(|(h, f)| f.as_ref().map(|f| (h.clone(), f.word())))
            .collect();
        Ok(Self { fields, understood })
    }

    /// One column of names.
    pub fn names_alone() -> Self {
        Self {
            fields: vec![Some(Field::Name)],
            understood: BTreeMap::new(),
        }
    }

    /// How many columns there are.
    pub fn count(&self) -> usize {
        self.fields.len()
    }

    /// What a column holds.
    pub fn field(&self, at: usize) -> Option<&Field> {
        self.fields.get(at).and_then(Option::as_ref)
    }

    /// A query from a row's cells.
    pub fn query<'a>(&self, row: u64, cells: impl Iterator<Item = &'a str>) -> Result<Query, Reject> {
        let mut query = Query {
            row,
            ..Query::default()
        };
        let mut parts: [Vec<&str>; 3] = Default::default();
        for (cell, field) in cells.zip(&self.fields) {
            let (cell, Some(field)) = (cell.trim(), field) else {
                continue;
            };
            if cell.is_empty() {
                continue;
            }
            match field {
                Field::Given => parts[0].push(cell),
                Field::Middle => parts[1].push(cell),
                Field::Family => parts[2].push(cell),
                field => set(&mut query, field, cell)?,
            }
        }
        if query.names.is_empty() {
            let joined = parts.concat().join(" ");
            query.names.push(joined);
        }
        Ok(query)
    }
}

impl Field {
    /// The word for it, as `--map` takes it.
    pub fn word(&self) -> String {
        match self {
            Self::Id => "id".into(),
            Self::Name => "name".into(),
            Self::Alias => "alias".into(),
            Self::Given => "given".into(),
            Self::Middle => "middle".into(),
            Self::Family => "family".into(),
            Self::Schema => "schema".into(),
            Self::Birth => "birth_date".into(),
            Self::Country => "country".into(),
            Self::Gender => "gender".into(),
            Self::Address => "address".into(),
            // The kinds that a column can have are named by words of one part or by this form, which is read back the same.
            Self::Identifier(kind) => format!("{kind:?}"),
        }
    }
}

fn reject(field: &str, what: impl Into<String>) -> Reject {
    Reject::Field {
        field: field.into(),
        what: what.into(),
    }
}

fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Sets one field from what is written.
pub(crate) fn set(query: &mut Query, field: &Field, value: &str) -> Result<(), Reject> {
    let several = || value.split([';', '|']).map(str::trim).filter(|v| !v.is_empty());
    match field {
        Field::Id => query.id = Some(value.to_owned()),
        Field::Name => query.names.push(value.to_owned()),
        Field::Alias => query.names.extend(several().map(str::to_owned)),
        Field::Given | Field::Middle | Field::Family => {}
        Field::Schema => query.kind = kind_of_schema(value)?,
        Field::Birth => {
            for date in several() {
                query.births.push(birth(date)?);
            }
        }
        Field::Country => {
            for name in several() {
                query.countries.push(country(name)?);
            }
        }
        Field::Gender => query.gender = gender(value)?,
        Field::Address => query.addresses.push(value.to_owned()),
        Field::Identifier(kind) => query
            .identifiers
            .extend(several().map(|v| Identifier::new(kind.clone(), v))),
    }
    Ok(())
}

/// A gender; `None` where it is said to be unknown.
pub fn gender(text: &str) -> Result<Option<Gender>, Reject> {
    match plain(text).as_str() {
        "m" | "male" | "man" => Ok(Some(Gender::Male)),
        "f" | "female" | "w" | "woman" => Ok(Some(Gender::Female)),
        "other" | "x" | "d" => Ok(Some(Gender::Other)),
        "unknown" | "u" => Ok(None),
        _ => Err(reject(
            "gender",
            format!("\"{}\" is none of male, female, other", shown(text)),
        )),
    }
}

/// A country by code or name.
pub fn country(name: &str) -> Result<Country, Reject> {
    Country::from_name(name).ok_or_else(|| {
        reject(
            "country",
            format!("\"{}\" is no known country; give its code or English name", shown(name)),
        )
    })
}

/// A birth date as tables write it. Where day and month cannot be told apart only the year is taken.
pub fn birth(text: &str) -> Result<PartialDate, Reject> {
    let text = text.trim();
    if let Ok(date) = text.parse() {
        return Ok(date);
    }
    let wrong = || {
        reject(
            "birth_date",
            format!("\"{}\" is no date; write 1975-03-02, 1975-03 or 1975", shown(text)),
        )
    };
    // A time after the day says nothing more.
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    let iso = |y: &str, m: &str, d: &str| {
        format!("{y}-{m:0>2}-{d:0>2}")
            .parse::<Calendar>()
            .map(PartialDate::In)
            .map_err(|_| wrong())
    };
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        return iso(&day[..4], &day[4..6], &day[6..]);
    }
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    if let [a, b, c] = parts[..]
        && parts
            .iter()
            .all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
    {
        if a.len() == 4 {
            return iso(a, b, c);
        }
        if c.len() == 4 {
            let number = |t: &str| t.parse::<u32>().unwrap_or(0);
            if day.contains('.') || number(a) > 12 {
                return iso(c, b, a);
            }
            if number(b) > 12 {
                return iso(c, a, b);
            }
            return iso(c, a, b).and(c.parse().map(PartialDate::In).map_err(|_| wrong()));
        }
    }
    Err(wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_no_finer_than_they_are_written() {
        for (text, date) in [
            ("1975-03-02", "1975-03-02"),
            ("1975", "1975"),
            ("02.03.1975", "1975-03-02"),
            ("25/03/1975", "1975-03-25"),
            ("03/25/1975", "1975-03-25"),
            ("02/03/1975", "1975"),
            ("19750302", "1975-03-02"),
            ("1975-03-02T00:00:00", "1975-03-02"),
            ("circa 1975", "circa 1975"),
        ] {
            assert_eq!(birth(text).unwrap().to_string(), date, "{text}");
        }
        for text in ["", "soon", "31/02/1975", "1975-13-01", "99/99/1975"] {
            assert!(birth(text).is_err(), "{text}");
        }
    }

    #[test]
    fn columns_are_understood_or_named() {
        let headings = ["Customer Name", "DOB", "Passport Number", "x"].map(str::to_owned);
        let columns = Columns::read(&headings, &[]).unwrap();
        let query = columns.query(0, ["Ann Lee", "1975", "A12345", ""].into_iter()).unwrap();
        assert_eq!(
            (query.names[0].as_str(), query.births.len(), query.identifiers.len()),
            ("Ann Lee", 1, 1)
        );
        let map = [parse_map("name=x").unwrap()];
        let mapped = Columns::read(&headings, &map).unwrap();
        assert_eq!(mapped.query(0, ["a", "", "", "b"].into_iter()).unwrap().names, ["b"]);
        let missing = Columns::read(&headings, &[parse_map("name=Nom").unwrap()]).unwrap_err();
        assert!(missing.contains("Customer Name, DOB"), "{missing}");
        assert!(
            Columns::read(&["x".into(), "y".into()], &[])
                .unwrap_err()
                .contains("--map")
        );
    }

    #[test]
    fn given_and_family_make_a_name() {
        let columns = Columns::read(&["Surname".into(), "First name".into()], &[]).unwrap();
        assert_eq!(columns.query(0, ["Lee", "Ann"].into_iter()).unwrap().names, ["Ann Lee"]);
    }
}
