//! Articles with their claims, as they were recorded. What a body says is the business of whoever wrote it.

use crate::chain::Marks;
use crate::error::LedgerError;
use crate::open::hex;
use crate::view::View;

/// One reading of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredArticle {
    /// Digest of the source document that it was taken from.
    pub source: String,
    /// The document's name as received.
    pub name: String,
    /// The article and its claims, JSON.
    pub body: String,
    /// When it was recorded, RFC 3339, UTC.
    pub recorded: String,
}

impl View<'_> {
    /// Calls `f` for every reading of an article, in the order of recording.
    pub fn each_article(&self, f: &mut dyn FnMut(StoredArticle) -> Result<(), LedgerError>) -> Result<(), LedgerError> {
        let connection = &self.ledger.connection;
        // Which transaction brought an article: the first whose marks reach it.
        let mut transactions: Vec<(i64, String)> = Vec::new();
        let mut statement = connection.prepare_cached("SELECT marks, recorded FROM tx ORDER BY n")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let marks = Marks::decode(&row.get::<_, String>(0)?)?;
            transactions.push((marks.0[Marks::ARTICLE], row.get(1)?));
        }
        drop(rows);
        let mut statement = connection.prepare_cached(
            "SELECT a.id, d.digest, d.name, a.body FROM article a JOIN document d ON d.id = a.document WHERE a.id <= ?1 ORDER BY a.id",
        )?;
        let mut rows = statement.query([self.marks.0[Marks::ARTICLE]])?;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            let at = transactions.partition_point(|(mark, _)| *mark < id);
            f(StoredArticle {
                source: hex(&row.get::<_, Vec<u8>>(1)?),
                name: row.get(2)?,
                body: row.get(3)?,
                recorded: transactions.get(at).map_or_else(String::new, |(_, time)| time.clone()),
            })?;
        }
        Ok(())
    }
}
