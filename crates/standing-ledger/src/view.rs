//! Questions to the ledger at one of its states.
//!
//! A [`View`] fixes two clocks: *recorded* (the last transaction that counts) and *known* (the last day whose publications count). The
//! third, *on*, belongs to each question.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use rusqlite::OptionalExtension;
use standing_model::{Day, Grade, ListingId, PartialDate, Record, Standing, Step, Truth};

use crate::chain::Marks;
use crate::cluster::Horizon;
use crate::derive::{self, Subject, Trace};
use crate::error::LedgerError;
use crate::fold::{self, RowKey};
use crate::history::{self, Entries, ListHistory, SnapshotRow};
use crate::merge::merge;
use crate::open::Ledger;
use crate::parties::Party;
use crate::record::Records;
use crate::register::{self, RegisterFacts};

/// The ledger as of a transaction, knowing what was public by a day.
pub struct View<'a> {
    pub(crate) ledger: &'a Ledger,
    pub(crate) marks: Marks,
    pub(crate) transaction: i64,
    known: Day,
    register: Arc<RegisterFacts>,
    pub(crate) records: Records<'a>,
    lists: RefCell<HashMap<String, Rc<ListHistory>>>,
}

/// What the ledger knows about one listing.
#[derive(Debug, Clone, PartialEq)]
pub struct ListingView {
    /// Its id.
    pub id: ListingId,
    /// Its last record.
    pub record: Record,
    /// The snapshot that last showed it.
    pub last_seen: SnapshotRow,
    /// The date of the newest snapshot of its list that says anything about it.
    pub list_date: PartialDate,
    /// The days on which snapshots first and last showed it.
    pub first_seen: PartialDate,
    /// Whether the last snapshot that says anything shows it.
    pub present: bool,
}

impl Ledger {
    /// The ledger at a transaction (the last one if `None`), knowing what was public by the end of a day.
    pub fn view(&self, recorded: Option<i64>, known: Day) -> Result<View<'_>, LedgerError> {
        let last = self.last_transaction()?;
        let transaction = recorded.unwrap_or(last).min(last);
        let marks = self.marks_at(transaction)?;
        let register = self.register_edition(marks.0[Marks::REGISTER])?;
        Ok(View {
            ledger: self,
            marks,
            transaction,
            known,
            register,
            records: Records::new(&self.connection),
            lists: RefCell::default(),
        })
    }

    /// The register's newest edition up to a mark. Decoding it costs more than most questions, so the last one is kept.
    fn register_edition(&self, up_to: i64) -> Result<Arc<RegisterFacts>, LedgerError> {
        if let Some((mark, facts)) = &*self.edition.borrow()
            && *mark == up_to
        {
            return Ok(Arc::clone(facts));
        }
        let facts = Arc::new(register::load(&self.connection, up_to)?);
        *self.edition.borrow_mut() = Some((up_to, Arc::clone(&facts)));
        Ok(facts)
    }

    /// The last transaction recorded at or before a time (RFC 3339 or its beginning, UTC); 0 if there is none.
    pub fn transaction_at(&self, time: &str) -> Result<i64, LedgerError> {
        // A prefix such as a day stands for its end: every time that begins with it sorts before it and this last character.
        let limit = format!("{time}\u{10FFFF}");
        Ok(self.connection.query_row(
            "SELECT coalesce(max(n), 0) FROM tx WHERE recorded <= ?1",
            [limit],
            |row| row.get(0),
        )?)
    }
}

impl View<'_> {
    /// The transaction that it stands for.
    pub fn transaction(&self) -> i64 {
        self.transaction
    }

    /// The last day whose publications count.
    pub fn known(&self) -> Day {
        self.known
    }

    /// Everything that the listings and their parties of this view follow from, in a text that is equal for equal states: what is recorded
    /// of articles and runs plays no part in it.
    pub fn state_of_listings(&self) -> Result<String, LedgerError> {
        let m = &self.marks.0;
        let known: Vec<String> = self
            .snapshots(None)?
            .iter()
            .filter(|s| s.known_by(self.known))
            .map(|s| format!("{}{:?}", s.id, s.state))
            .collect();
        Ok(format!(
            "{} {} {} {} {}",
            m[Marks::LISTING],
            m[Marks::DECISION],
            m[Marks::JUDGEMENT],
            m[Marks::REGISTER],
            known.join(" ")
        ))
    }

    /// The file of the ledger that it shows.
    pub fn place(&self) -> &std::path::Path {
        self.ledger.path()
    }

    /// The register's edition of that state.
    pub fn register(&self) -> &RegisterFacts {
        &self.register
    }

    pub(crate) fn horizon(&self) -> Horizon {
        Horizon {
            snapshot: self.marks.0[Marks::SNAPSHOT],
            judgement: self.marks.0[Marks::JUDGEMENT],
        }
    }

    /// The snapshots of a list, or of all, in the order of recording.
    pub fn snapshots(&self, list: Option<&str>) -> Result<Vec<SnapshotRow>, LedgerError> {
        history::snapshots(
            &self.ledger.connection,
            list,
            self.marks.0[Marks::SNAPSHOT],
            self.marks.0[Marks::DECISION],
        )
    }

    /// The lists that have snapshots, sorted.
    pub fn lists(&self) -> Result<Vec<String>, LedgerError> {
        let mut statement = self
            .ledger
            .connection
            .prepare_cached("SELECT DISTINCT list FROM snapshot WHERE id <= ?1 ORDER BY list")?;
        let lists = statement.query_map([self.marks.0[Marks::SNAPSHOT]], |row| row.get(0))?;
        Ok(lists.collect::<Result<_, _>>()?)
    }

    pub(crate) fn history(&self, list: &str) -> Result<Rc<ListHistory>, LedgerError> {
        if let Some(history) = self.lists.borrow().get(list) {
            return Ok(Rc::clone(history));
        }
        let history = Rc::new(ListHistory::new(self.snapshots(Some(list))?));
        self.lists.borrow_mut().insert(list.to_owned(), Rc::clone(&history));
        Ok(history)
    }

    pub(crate) fn entries(&self, listing: &ListingId) -> Result<Option<Entries>, LedgerError> {
        let id: Option<i64> = self
            .ledger
            .connection
            .prepare_cached("SELECT id FROM listing WHERE reference = ?2 AND list = ?1 AND id <= ?3")?
            .query_row(
                rusqlite::params![listing.list(), listing.reference(), self.marks.0[Marks::LISTING]],
                |row| row.get(0),
            )
            .optional()?;
        id.map(|id| history::entries(&self.ledger.connection, id, self.marks.0[Marks::SNAPSHOT]))
            .transpose()
    }

    /// Does the ledger hold this listing?
    pub fn has_listing(&self, listing: &ListingId) -> Result<bool, LedgerError> {
        Ok(self.entries(listing)?.is_some())
    }

    fn traced(
        &self,
        listing: &ListingId,
        entries: &Entries,
    ) -> Result<(Rc<ListHistory>, Vec<history::Presence>, Trace), LedgerError> {
        let history = self.history(listing.list())?;
        let presences = history.resolve(entries);
        let trace = derive::trace(&history, &presences, self.known);
        Ok((history, presences, trace))
    }

    /// What the ledger knows about a listing; `None` if no accepted snapshot known by then shows it.
    pub fn listing(&self, listing: &ListingId) -> Result<Option<ListingView>, LedgerError> {
        let Some(entries) = self.entries(listing)? else {
            return Ok(None);
        };
        self.listing_from(listing, &entries)
    }

    fn listing_from(&self, listing: &ListingId, entries: &Entries) -> Result<Option<ListingView>, LedgerError> {
        let (history, _, trace) = self.traced(listing, entries)?;
        let Some((at, record)) = trace.last_seen else {
            return Ok(None);
        };
        let first = trace.transitions.first().map_or(at, |t| t.at());
        let list_date = trace
            .last_said
            .map_or(history.snapshots[at].date, |said| history.snapshots[said].date);
        Ok(Some(ListingView {
            id: listing.clone(),
            record: self.records.get(record)?,
            last_seen: history.snapshots[at].clone(),
            list_date,
            first_seen: history.snapshots[first].date,
            present: !matches!(trace.transitions.last(), Some(derive::Transition::Vanishes { .. })),
        }))
    }

    /// Calls `f` for every listing of a list that an accepted snapshot known by then shows, in the order of recording.
    pub fn each_listing(
        &self,
        list: &str,
        mut f: impl FnMut(ListingView) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        for (_, reference, entries) in
            history::all_entries(&self.ledger.connection, list, self.marks.0[Marks::SNAPSHOT])?
        {
            if let Some(view) = self.listing_from(&ListingId::new(list, &reference), &entries)? {
                f(view)?;
            }
        }
        Ok(())
    }

    fn steps_from(
        &self,
        listing: &ListingId,
        entries: &Entries,
        amendments: Amendments,
    ) -> Result<Vec<Step>, LedgerError> {
        let (history, presences, trace) = self.traced(listing, entries)?;
        let subject = Subject {
            list: listing.list(),
            reference: listing.reference(),
            presences: &presences,
        };
        let mut steps = Vec::new();
        for &transition in &trace.transitions {
            // Amendments matter to a standing only through the programmes; reading both records is what costs.
            let amends = matches!(
                transition,
                derive::Transition::Changes { .. } | derive::Transition::Reformatted { .. }
            );
            if amendments == Amendments::Skip && amends {
                continue;
            }
            steps.extend(derive::steps(
                &history,
                &subject,
                transition,
                &self.register,
                &self.records,
            )?);
        }
        Ok(steps)
    }

    fn is_known(&self, step: &Step) -> bool {
        step.known.is_none_or(|known| known.reached(self.known) == Truth::Yes)
    }

    fn same_jurisdiction(&self, a: &str, b: &str) -> bool {
        a == b
            || matches!((self.register.authority(a), self.register.authority(b)), (Some(a), Some(b)) if a.jurisdiction == b.jurisdiction)
    }

    fn register_steps(&self, wanted: impl Fn(&Step) -> bool) -> Vec<Step> {
        let known = |step: &Step| {
            let mut step = step.clone();
            let public = |e: &standing_model::Evidence| e.known.is_none_or(|k| k.reached(self.known) == Truth::Yes);
            step.contradicted.retain(public);
            // What cites the deed later was not there to be known; where nothing else is at hand it stands for what was.
            if step.sources.iter().any(public) {
                step.sources.retain(public);
            }
            step
        };
        self.register
            .steps
            .iter()
            .filter(|s| self.is_known(s) && wanted(s))
            .map(known)
            .collect()
    }

    /// The steps of one listing, from snapshots and the register.
    pub fn listing_steps(&self, listing: &ListingId) -> Result<Vec<Step>, LedgerError> {
        let listed = match self.entries(listing)? {
            Some(entries) => self.steps_from(listing, &entries, Amendments::Read)?,
            None => Vec::new(),
        };
        let register = self.register_steps(|s| s.listing.as_ref() == Some(listing));
        let mut steps = merge(listed, register, |a, b| self.same_jurisdiction(a, b));
        fold::sort(&mut steps);
        Ok(steps)
    }

    /// All steps of a party, oldest first.
    pub fn party_steps(&self, party: &Party) -> Result<Vec<Step>, LedgerError> {
        let mut steps = Vec::new();
        for listing in party.listings() {
            if let Some((list, reference)) = listing.split_once(':') {
                steps.extend(self.listing_steps(&ListingId::new(list, reference))?);
            }
        }
        steps.extend(self.register_steps(|s| s.listing.is_none() && party.ids.contains(&s.party)));
        for step in &mut steps {
            step.party.clone_from(&party.id);
        }
        fold::sort(&mut steps);
        Ok(steps)
    }

    /// The standings of a party on a day, by authority and measure.
    pub fn standings(&self, party: &Party, on: Day, basis: Grade) -> Result<Vec<Standing>, LedgerError> {
        let mut rows: BTreeMap<RowKey, Vec<Step>> = BTreeMap::new();
        for step in self.party_steps(party)? {
            rows.entry((step.authority.clone(), step.measure, step.listing.clone()))
                .or_default()
                .push(step);
        }
        rows.into_iter()
            .map(|(key, steps)| {
                let last_seen = match &key.2 {
                    Some(listing) => self.listing(listing)?.map(|view| view.last_seen.date),
                    None => None,
                };
                Ok(fold::fold(&party.id, &key, steps, on, basis, last_seen))
            })
            .collect()
    }

    /// Every step that the ledger knows of; with `amendments` also the amendments (they cost most).
    pub fn all_steps(&self, amendments: Amendments) -> Result<Vec<Step>, LedgerError> {
        let mut steps = Vec::new();
        self.each_steps(amendments, |some| {
            steps.extend(some);
            Ok(())
        })?;
        fold::sort(&mut steps);
        Ok(steps)
    }

    /// The same, handed on as they are read and never all held at once: first the register's about no listing, then those of each listing together,
    /// as they come. [`fold::order`] sorts them.
    pub fn each_steps(
        &self,
        amendments: Amendments,
        mut f: impl FnMut(Vec<Step>) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let mut by_listing: HashMap<ListingId, Vec<Step>> = HashMap::new();
        let mut unlisted = Vec::new();
        for step in self.register_steps(|_| true) {
            match &step.listing {
                Some(listing) => by_listing.entry(listing.clone()).or_default().push(step),
                None => unlisted.push(step),
            }
        }
        f(unlisted)?;
        for list in self.lists()? {
            for (_, reference, entries) in
                history::all_entries(&self.ledger.connection, &list, self.marks.0[Marks::SNAPSHOT])?
            {
                let listing = ListingId::new(&list, &reference);
                let listed = self.steps_from(&listing, &entries, amendments)?;
                let register = by_listing.remove(&listing).unwrap_or_default();
                f(merge(listed, register, |a, b| self.same_jurisdiction(a, b)))?;
            }
        }
        let mut unread: Vec<_> = by_listing.into_iter().collect();
        unread.sort_by(|a, b| a.0.cmp(&b.0));
        unread.into_iter().try_for_each(|(_, steps)| f(steps))
    }
}

/// Whether a question needs amendments that leave every measure in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amendments {
    /// Leave them out: they change no standing unless a programme comes or goes.
    Skip,
    /// Compare the records.
    Read,
}
