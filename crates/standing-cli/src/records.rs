//! What people read of a party's records, and of the lists that are recorded.

use standing::answers::{ListAnswer, PartyAnswer};
use standing::words::number;

use crate::table::{Look, safe, table};

/// A party's ids and records.
pub fn party(found: &PartyAnswer, look: Look) -> String {
    let mut text = format!("{} ({})\n", look.paint(&safe(&found.name), "1"), found.party);
    for id in found.ids.iter().filter(|id| **id != found.party) {
        text.push_str(&format!("  also {}\n", safe(id)));
    }
    for listing in &found.listings {
        let record = &listing.record;
        text.push_str(&format!(
            "\n{}   first on the list of {}, last on that of {}{}\n",
            look.paint(&safe(&listing.listing.to_string()), "1"),
            listing.first_seen,
            listing.last_seen,
            if listing.present {
                String::new()
            } else {
                format!(", no more on that of {}", listing.list_date)
            }
        ));
        for name in &record.names {
            text.push_str(&format!(
                "  {:<9} {}\n",
                format!("{:?}", name.kind).to_lowercase(),
                safe(&name.text)
            ));
        }
        for birth in record.births.iter().filter_map(|b| b.date) {
            text.push_str(&format!("  born      {birth}\n"));
        }
        let countries: Vec<&str> = record.nationalities.iter().map(|c| c.name()).collect();
        if !countries.is_empty() {
            text.push_str(&format!("  of        {}\n", countries.join(", ")));
        }
        for identifier in &record.identifiers {
            text.push_str(&format!("  number    {}\n", safe(&identifier.value)));
        }
        if !record.programmes.is_empty() {
            text.push_str(&format!("  under     {}\n", safe(&record.programmes.join(", "))));
        }
    }
    if found.listings.is_empty() {
        text.push_str("\nNo list carries it; what is known of it is in the register:  standing show PARTY\n");
    }
    text
}

/// The lists and how fresh they are.
pub fn lists(rows: &[ListAnswer], look: Look) -> String {
    if rows.is_empty() {
        return "No list is recorded. Take one in: standing ingest PATH\n".into();
    }
    let rows: Vec<Vec<(String, &str)>> = rows
        .iter()
        .map(|l| {
            vec![
                (safe(&l.list), ""),
                (l.date.map_or_else(String::new, |d| d.to_string()), ""),
                (if l.outdated { "outdated".into() } else { String::new() }, "38;5;166"),
                (l.interval_days.map_or_else(String::new, |d| format!("{d} days")), ""),
                (l.listings.map_or_else(String::new, |n| number(n.unsigned_abs())), ""),
                (l.snapshots.to_string(), ""),
                (safe(&l.name), ""),
            ]
        })
        .collect();
    table(
        look,
        &["list", "newest", "", "usually", "listings", "editions", "name"],
        &rows,
        &[14, 24, 9, 9, 9, 8, 40],
    )
}
