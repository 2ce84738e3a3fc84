//! Numbers in cells: which of them are dates, and how they are written.
//!
//! A spreadsheet stores a day as a count and says only by the cell's number format that it is one. The count begins at 1900 with a
//! 29 February that did not exist, or at 1904 (ECMA-376 part 1, 18.17.4.1); the built-in formats are those of 18.8.30.

use jiff::civil::date;

/// From which day a workbook counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Epoch {
    /// 1 is 1 January 1900.
    Of1900,
    /// 0 is 1 January 1904.
    Of1904,
}

/// Is the built-in number format with this id one of a date or time?
pub(super) fn builtin_is_date(id: u32) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Does a format code show a date? It does if a letter of one stands outside quotes, brackets and escapes.
pub(super) fn code_is_date(code: &str) -> bool {
    if code.eq_ignore_ascii_case("general") {
        return false;
    }
    let mut characters = code.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => {
                characters.by_ref().find(|&c| c == '"');
            }
            // `[Red]`, `[$-411]`; but `[h]` and `[mm]` count hours and minutes.
            '[' => {
                let inner: String = characters.by_ref().take_while(|&c| c != ']').collect();
                if !inner.is_empty() && inner.chars().all(|c| matches!(c, 'h' | 'H' | 'm' | 'M' | 's' | 'S')) {
                    return true;
                }
            }
            '\\' | '_' | '*' => {
                characters.next();
            }
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' | 'e' | 'g' => return true,
            // `General` holds an `e`, and `0.00E+00` is a number.
            'G' | 'E' => {
                characters
                    .by_ref()
                    .take_while(|c| c.is_ascii_alphabetic() || *c == '+')
                    .for_each(drop);
            }
            // What follows is the form of negative numbers.
            ';' => return false,
            _ => {}
        }
    }
    false
}

/// A number as a person would write it: whole ones without a point.
pub(super) fn written(number: f64) -> String {
    if number.fract().abs() < f64::MIN_POSITIVE && number.abs() < 1e18 {
        format!("{}", number as i64)
    } else {
        format!("{number}")
    }
}

/// A count of days as `2022-05-04`, with `T14:30:00` where it says more than the day; `None` where it is no date.
pub(super) fn day_written(number: f64, epoch: Epoch) -> Option<String> {
    if !(0.0..2_958_466.0).contains(&number) {
        return None;
    }
    let mut days = number.floor() as i64;
    let mut seconds = ((number - number.floor()) * 86_400.0).round() as i64;
    if seconds == 86_400 {
        days += 1;
        seconds = 0;
    }
    let time = (seconds > 0).then(|| format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
    let day = match epoch {
        Epoch::Of1904 => date(1904, 1, 1).checked_add(jiff::Span::new().days(days)).ok()?,
        // Before 1 March 1900 the count is one short of the true day, because 29 February 1900 is counted.
        Epoch::Of1900 if days == 0 => return time,
        Epoch::Of1900 if days < 60 => date(1899, 12, 31).checked_add(jiff::Span::new().days(days)).ok()?,
        Epoch::Of1900 if days == 60 => return None,
        Epoch::Of1900 => date(1899, 12, 30).checked_add(jiff::Span::new().days(days)).ok()?,
    };
    Some(match time {
        Some(time) => format!("{day}T{time}"),
        None => day.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_dates_from_numbers() {
        for code in [
            "yyyy-mm-dd",
            "d/m/yyyy;@",
            "[$-411]ggge\"年\"m\"月\"d\"日\";@",
            "[h]:mm",
            "mmm\\-yy",
        ] {
            assert!(code_is_date(code), "{code}");
        }
        for code in [
            "General",
            "0.00E+00",
            "#,##0;[Red]-#,##0",
            "\"day\" 0",
            "@",
            "[Red]0",
            "0_d",
            "0\\d",
        ] {
            assert!(!code_is_date(code), "{code}");
        }
    }

    #[test]
    fn writes_days() {
        assert_eq!(day_written(41988.0, Epoch::Of1900).unwrap(), "2014-12-15");
        assert_eq!(day_written(16358.0, Epoch::Of1900).unwrap(), "1944-10-13");
        assert_eq!(day_written(1.0, Epoch::Of1900).unwrap(), "1900-01-01");
        assert_eq!(day_written(0.0, Epoch::Of1904).unwrap(), "1904-01-01");
        assert_eq!(day_written(41988.5, Epoch::Of1900).unwrap(), "2014-12-15T12:00:00");
        assert_eq!(day_written(0.25, Epoch::Of1900).unwrap(), "06:00:00");
        assert_eq!(day_written(60.0, Epoch::Of1900), None);
        assert_eq!(day_written(-1.0, Epoch::Of1900), None);
        assert_eq!(day_written(f64::NAN, Epoch::Of1900), None);
    }

    #[test]
    fn writes_numbers() {
        assert_eq!(written(2.0), "2");
        assert_eq!(written(0.1), "0.1");
        assert_eq!(written(3_230_416_384_111.0), "3230416384111");
    }
}
