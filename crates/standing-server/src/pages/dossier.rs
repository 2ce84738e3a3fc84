//! One party on paper: what it says on every page is which ledger, which clocks, and what each line rests on.

use maud::{Markup, html};
use standing::answers::StepRow;

use super::party::{PartyPage, names, notes};
use super::{matrix, steps, words};

/// The body of the dossier. `head` is the ledger's last transaction and its hash.
pub fn body(page: &PartyPage, rows: &[StepRow], picture: &Markup, head: &(i64, String)) -> Markup {
    let show = &page.show;
    let clocks = show.clocks;
    let line = format!(
        "{} · legally on {} · known by {} · ledger transaction {} of {} · head {}",
        show.party.id, clocks.on, clocks.known, clocks.recorded, head.0, head.1
    );
    html! {
        // The heading row and foot of a table are what browsers repeat on every printed page.
        table.dossier.plain-table {
            thead.every { tr { td.dim { "Standing – " (words::brief(&show.party.name)) " – " (line) } } }
            tbody { tr { td {
                (words::title(&show.party.name, ""))
                p.lead { (matrix::sentence(show)) }
                p.no-print { button type="button" data-print="" hidden { "Print or save as PDF" } " " span.dim { "Your browser's print dialogue also saves it as PDF." } }
                (matrix::table(show))
                (notes(show))
                div.wide { (picture) }
                h2 { "Every step with its act and sources" }
                (steps::table(rows, &show.authorities))
                (names(page))
            } } }
            tfoot.every { tr { td.dim { "Listed, lifted and suspended are legal acts of the authorities named; claims of news are not counted." } } }
        }
    }
}
