//! Parameters of a query string as that API takes them: lists by repetition, unknown ones without effect.

use super::Detail;

/// The pairs of a query string.
#[derive(Debug)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads a query string.
    pub fn read(query: Option<&str>) -> Self {
        // Every query string is a list of pairs; what is no UTF-8 becomes replacement characters.
        Self(serde_urlencoded::from_str(query.unwrap_or_default()).unwrap_or_default())
    }

    /// The last value of a parameter.
    pub fn last(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// All values of a parameter.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
            .collect()
    }

    /// A number within bounds.
    pub fn number(&self, name: &str, otherwise: usize, most: usize) -> Result<usize, Detail> {
        let Some(text) = self.last(name) else {
            return Ok(otherwise);
        };
        text.parse::<usize>().ok().filter(|n| *n <= most).ok_or_else(|| {
            Detail::invalid(
                &["query", name],
                format!("Input should be a valid integer from 0 to {most}"),
            )
        })
    }

    /// A share.
    pub fn share(&self, name: &str) -> Result<Option<f64>, Detail> {
        self.last(name)
            .map(|text| {
                text.parse::<f64>()
                    .ok()
                    .filter(|n| (0.0..=1.0).contains(n))
                    .ok_or_else(|| Detail::invalid(&["query", name], "Input should be a valid number from 0 to 1"))
            })
            .transpose()
    }

    /// Yes or no, in the words that API knows.
    pub fn flag(&self, name: &str, otherwise: bool) -> Result<bool, Detail> {
        match self.last(name).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(otherwise),
            Some("true" | "1" | "on" | "yes" | "t" | "y") => Ok(true),
            Some("false" | "0" | "off" | "no" | "f" | "n") => Ok(false),
            Some(_) => Err(Detail::invalid(&["query", name], "Input should be a valid boolean")),
        }
    }

    /// The time that `changed_since` names: a day, or a day with a time.
    pub fn changed_since(&self) -> Result<Option<String>, Detail> {
        let Some(text) = self.last("changed_since") else {
            return Ok(None);
        };
        // `YYYY-MM-DD`, with `Thh`, `Thh:mm` or `Thh:mm:ss` after it.
        let shape = "dddd-dd-ddTdd:dd:dd";
        let fits = matches!(text.len(), 10 | 13 | 16 | 19)
            && text
                .bytes()
                .zip(shape.bytes())
                .all(|(b, s)| if s == b'd' { b.is_ascii_digit() } else { b == s });
        if fits {
            Ok(Some(text.to_owned()))
        } else {
            Err(Detail::invalid(
                &["query", "changed_since"],
                "String should look like 2024-10-04 or 2024-10-04T10:00:00",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_by_repetition() {
        let parameters = Parameters::read(Some("topics=a&topics=b&limit=7&x=%FF"));
        assert_eq!(parameters.all("topics"), ["a", "b"]);
        assert_eq!(parameters.number("limit", 5, 500).unwrap(), 7);
        assert!(Parameters::read(Some("limit=501")).number("limit", 5, 500).is_err());
        for (text, fits) in [
            ("2024-01-02", true),
            ("2024-01-02T10", true),
            ("2024-01-02T10:00:00", true),
            ("2024", false),
            ("2024-01-0x", false),
        ] {
            assert_eq!(
                Parameters::read(Some(&format!("changed_since={text}")))
                    .changed_since()
                    .is_ok(),
                fits,
                "{text}"
            );
        }
    }
}
