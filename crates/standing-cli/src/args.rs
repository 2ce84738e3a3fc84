//! The command line: one definition for help, completions and the man page.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use standing::model::{Day, Grade, PartialDate, PartyKind};

/// Who lists whom, since when, by which act, on whose word, and what is about to change.
#[derive(Debug, Parser)]
#[command(name = "standing", version, propagate_version = true, max_term_width = 110)]
pub struct Cli {
    /// The ledger's file
    #[arg(
        long,
        global = true,
        env = "STANDING_DB",
        default_value = "standing.db",
        value_name = "FILE"
    )]
    pub db: PathBuf,
    #[command(subcommand)]
    pub command: Command,
}

/// The three clocks of a question.
#[derive(Debug, Args, Clone)]
pub struct Clocks {
    /// When a source had made it public: 2024-10-04 (a month or year means its last day)
    #[arg(long, value_name = "DAY", value_parser = standing::parse_day)]
    pub known: Option<Day>,
    /// What the ledger had learned: a transaction's number, or a time such as 2026-11-23
    #[arg(long, value_name = "WHEN")]
    pub recorded: Option<String>,
}

/// A share in percent. What is no number, or lies outside, would switch the guard off without a word.
fn percent(text: &str) -> Result<f64, String> {
    let share = text.trim().trim_end_matches('%').trim_end().parse::<f64>();
    share
        .ok()
        .filter(|share| (0.0..=100.0).contains(share))
        .ok_or_else(|| format!("\"{text}\" is no share: give 0 to 100; 100 holds nothing"))
}

#[derive(Debug, Args)]
pub struct Json {
    /// One JSON object a line (docs/CLI.md)
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tell the Taliban's story from the register alone, in a temporary ledger
    Demo {
        /// Keep the ledger in this file, so that the hints work on it
        #[arg(long, value_name = "FILE")]
        keep: Option<PathBuf>,
    },
    /// Take in lists: files, directories, patterns, archives, or every version of a file in a git repository
    Ingest {
        /// What to take in
        #[arg(required_unless_present = "git", conflicts_with = "git", value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// A git repository: every version of --file, with the day of its commit where it bears no date
        #[arg(long, value_name = "PATH", requires = "file")]
        git: Option<PathBuf>,
        /// A file in the repository, as seen from its PATH; repeated for files that belong together
        #[arg(long, value_name = "FILE", requires = "git")]
        file: Vec<String>,
        /// The date of files that bear none: 2019-01-31, 2019-01
        #[arg(long, value_name = "DATE")]
        date: Option<PartialDate>,
        /// The list, where the content does not tell
        #[arg(long, value_name = "LIST")]
        list: Option<String>,
        /// The files are excerpts: they prove no absence
        #[arg(long)]
        part: bool,
        /// The share of listings, in percent, that may end before a file is held for review
        #[arg(long, value_name = "PERCENT", default_value_t = 5.0, value_parser = percent)]
        guard: f64,
        #[command(flatten)]
        json: Json,
    },
    /// Download lists that have changed, and take them in
    Update(UpdateArgs),
    /// Files that the guard holds: list, look, accept or reject
    Review {
        #[command(subcommand)]
        action: Option<ReviewAction>,
        /// One JSON object a line (docs/CLI.md)
        #[arg(long, global = true)]
        json: bool,
    },
    /// Where a party stands, before every authority
    Show {
        /// An id (un:QDi.317), a reference (QDi.317) or a name as listed
        party: String,
        /// When it is legally so: 2024-10-04 (a month or year means its last day)
        #[arg(long, value_name = "DAY", value_parser = standing::parse_day)]
        on: Option<Day>,
        #[command(flatten)]
        clocks: Clocks,
        /// The weakest grade that counts
        #[arg(long, value_name = "official|stated|reported", default_value = "stated")]
        basis: Grade,
        #[command(flatten)]
        json: Json,
    },
    /// A party's ids, and the records behind them
    Party {
        /// An id, a reference or a name as listed
        party: String,
        #[command(flatten)]
        clocks: Clocks,
        #[command(flatten)]
        json: Json,
    },
    /// The lists that are recorded, and how fresh they are
    Lists {
        #[command(flatten)]
        clocks: Clocks,
        #[command(flatten)]
        json: Json,
    },
    /// Every step about a party, oldest first
    Timeline {
        /// An id, a reference or a name as listed
        party: String,
        #[command(flatten)]
        clocks: Clocks,
        #[command(flatten)]
        json: Json,
    },
    /// What became known in a window
    Changes {
        /// First day of the window
        #[arg(long, value_name = "DAY", value_parser = standing::parse_first_day)]
        since: Option<Day>,
        /// Last day of the window
        #[arg(long, value_name = "DAY", value_parser = standing::parse_day)]
        until: Option<Day>,
        /// Which clock cuts the window
        #[arg(long, value_enum, default_value_t = ByClock::Known)]
        by: ByClock,
        /// An authority's id, or a jurisdiction (UN, EU, US …) for all of its authorities
        #[arg(long, value_name = "AUTHORITY")]
        authority: Option<String>,
        /// A party
        #[arg(long, value_name = "PARTY")]
        party: Option<String>,
        /// Amendments field by field, with old and new values
        #[arg(long)]
        amended: bool,
        #[command(flatten)]
        clocks: Clocks,
        #[command(flatten)]
        json: Json,
    },
    /// Procedures under way: announced, decided, petitioned, not in effect
    Pending {
        /// On which day
        #[arg(long, value_name = "DAY", value_parser = standing::parse_day)]
        on: Option<Day>,
        #[command(flatten)]
        clocks: Clocks,
        #[command(flatten)]
        json: Json,
    },
    /// Source documents: date, digest, records, what was not understood
    Sources {
        #[command(flatten)]
        clocks: Clocks,
        #[command(flatten)]
        json: Json,
    },
    /// Read news: claims of one article or of thousands, each beside the record
    Read(ReadArgs),
    /// Claims that the ledger keeps from news, each beside the record
    Claims {
        /// A party: an id, a reference or a name as listed
        #[arg(long, value_name = "PARTY")]
        party: Option<String>,
        /// An authority's id, or a jurisdiction (UN, EU, US …)
        #[arg(long, value_name = "AUTHORITY")]
        authority: Option<String>,
        /// A status: in_effect, ended, occurred, decided, planned, proposed, urged, possible, denied, not_occurred
        #[arg(long, value_name = "STATUS", value_parser = standing::read::parse_status)]
        status: Option<standing::model::ClaimStatus>,
        /// Published on this day or later
        #[arg(long, value_name = "DAY", value_parser = standing::parse_first_day)]
        since: Option<Day>,
        /// Judge them by the record on this day, not on the day of publication
        #[arg(long, value_name = "DAY", value_parser = standing::parse_day)]
        on: Option<Day>,
        #[command(flatten)]
        clocks: Clocks,
        #[command(flatten)]
        json: Json,
    },
    /// Sources that disagree: other days for one act, claims that the record contradicts
    Contradictions {
        /// A party: an id, a reference or a name as listed
        #[arg(long, value_name = "PARTY")]
        party: Option<String>,
        /// Judge claims by the record on this day, not on the day of publication
        #[arg(long, value_name = "DAY", value_parser = standing::parse_day)]
        on: Option<Day>,
        #[command(flatten)]
        clocks: Clocks,
        #[command(flatten)]
        json: Json,
    },
    /// The bytes behind a step
    Evidence {
        /// A step's id, as `timeline` and `changes` print it, or a claim's (`c:…`), as `claims` prints it
        id: String,
        #[command(flatten)]
        clocks: Clocks,
        #[command(flatten)]
        json: Json,
    },
    /// Parties that may be one: proposals with their evidence, for `same` and `different` to decide
    Candidates {
        /// Only those about a party: an id, a reference or a name as listed
        party: Option<String>,
        /// How many to show, the strongest first; 0 for all
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: usize,
        #[command(flatten)]
        clocks: Clocks,
        #[command(flatten)]
        json: Json,
    },
    /// Two ids are one party
    Same(Judge),
    /// Two ids are different parties
    Different(Judge),
    /// Looked at two ids and left it open
    Unsure(Judge),
    /// Is this name listed, or which names of a file are?
    Screen(Box<crate::screen::ScreenArgs>),
    /// Repeat a screening and prove that it gives the same bytes
    Replay(crate::screen::ReplayArgs),
    /// The screenings that were run, oldest first
    Runs {
        #[command(flatten)]
        json: Json,
    },
    /// Print the default policy: what raises an alert
    Policy,
    /// What screening searches: open or build the index, say what it holds
    Index(crate::screen::IndexArgs),
    /// Prove the chain, the documents' digests and what is derived; print the head
    Verify {
        /// Prove that the ledger still contains the transaction with this hash
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
    },
    /// Write the ledger's content for other programs
    Export {
        /// In which form
        #[arg(long, value_enum)]
        format: ExportFormat,
        /// When it is legally so
        #[arg(long, value_name = "DAY", value_parser = standing::parse_day)]
        on: Option<Day>,
        #[command(flatten)]
        clocks: Clocks,
    },
    /// How alike two names are, and why; or a CSV file of pairs
    Compare {
        /// A name
        #[arg(required_unless_present = "input", value_name = "A")]
        a: Option<String>,
        /// Another name
        #[arg(required_unless_present = "input", value_name = "B")]
        b: Option<String>,
        /// What the names are of: Person, Organization, Company, PublicBody, Vessel, Airplane
        #[arg(long, value_name = "SCHEMA", value_parser = standing::names::parse_schema)]
        schema: Option<PartyKind>,
        /// A CSV file with the columns name1, name2 and, if there, schema; `-` for standard input
        #[arg(long, value_name = "FILE", conflicts_with_all = ["a", "b"])]
        input: Option<PathBuf>,
        #[command(flatten)]
        json: Json,
    },
    /// The formats that can be read
    Formats {
        #[command(flatten)]
        json: Json,
    },
    /// The register of curated facts
    Register {
        #[command(subcommand)]
        action: RegisterAction,
    },
    /// Answer programs, people and assistants over HTTP (docs/SERVER.md)
    Serve(crate::serve::Serve),
    /// Answer one assistant by the Model Context Protocol over standard input and output
    Mcp,
    /// Copy the ledger into a new file, also while a server runs, and prove the copy
    Backup {
        /// The new file
        to: PathBuf,
    },
    /// Put a backup into the ledger's place, after proving it
    Restore {
        /// The backup
        backup: PathBuf,
        /// If a ledger is there, move it aside
        #[arg(long)]
        replace: bool,
    },
    /// Tokens of the server: make, list, revoke
    Token {
        #[command(subcommand)]
        action: crate::serve::TokenAction,
    },
    /// Completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// The man page
    Man,
}

#[derive(Debug, Args)]
pub struct UpdateArgs {
    /// Sources or lists by their ids; all with a verified address if none is named
    #[arg(value_name = "SOURCE")]
    pub sources: Vec<String>,
    /// Ask the servers what they would send, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Take the files from a folder (another machine's downloads, or files named after their sources) and ask no server
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// A file with [[download]] tables of your own (register/README.md); one with the id of a known source takes its place
    #[arg(long, value_name = "FILE", env = "STANDING_SOURCES")]
    pub sources_file: Vec<PathBuf>,
    /// Where downloads are kept, instead of beside the ledger
    #[arg(long, value_name = "DIR")]
    pub downloads: Option<PathBuf>,
    /// Attempts after the first
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub retries: u32,
    /// The wait before the first of them in seconds; it doubles with each
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0)]
    pub back_off: f64,
    /// The longest that one download may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 1800.0)]
    pub timeout: f64,
    /// The longest without a byte, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0)]
    pub idle: f64,
    /// A host that may have a private or local address
    #[arg(long, value_name = "HOST[:PORT]")]
    pub allow_private: Vec<String>,
    /// The share of listings, in percent, that may end before a file is held for review
    #[arg(long, value_name = "PERCENT", default_value_t = 5.0, value_parser = percent)]
    pub guard: f64,
    #[command(flatten)]
    pub json: Json,
}

#[derive(Debug, Args)]
pub struct ReadArgs {
    /// Articles: files, directories, patterns; `-` is standard input. Text, HTML, JSON lines, RSS, Atom, WARC
    #[arg(required_unless_present = "check_rules", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The day of publication, where the articles do not say: 2024-10-04
    #[arg(long, value_name = "DAY", value_parser = standing::read::parse_published)]
    pub published: Option<Day>,
    /// Who published them
    #[arg(long, value_name = "NAME")]
    pub outlet: Option<String>,
    /// The address
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Keep articles and claims in the ledger; they never count towards a standing
    #[arg(long)]
    pub store: bool,
    /// Show the rules that made each claim
    #[arg(long)]
    pub explain: bool,
    /// Check rule files of your own, with their examples, and read with them too
    #[arg(long, value_name = "DIR")]
    pub check_rules: Option<PathBuf>,
    /// Judge claims by the record on this day, not on the day of publication
    #[arg(long, value_name = "DAY", value_parser = standing::parse_day)]
    pub on: Option<Day>,
    #[command(flatten)]
    pub clocks: Clocks,
    #[command(flatten)]
    pub json: Json,
}

#[derive(Debug, Args)]
pub struct Judge {
    /// An id, a reference or a name as listed
    pub a: String,
    /// Another
    pub b: String,
    /// The reason
    #[arg(long)]
    pub why: String,
    /// Who decides
    #[arg(long, env = "USER", default_value = "unknown")]
    pub by: String,
}

#[derive(Debug, Subcommand)]
pub enum ReviewAction {
    /// What would end if a held file were accepted
    Show {
        /// Its id, such as r:17
        id: String,
    },
    /// Count a held file
    Accept {
        /// Its id, such as r:17
        id: String,
        /// The reason
        #[arg(long)]
        why: String,
    },
    /// Do not count a held file
    Reject {
        /// Its id, such as r:17
        id: String,
        /// The reason
        #[arg(long)]
        why: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum RegisterAction {
    /// Check the register that is built in, or a directory of register files
    Check {
        /// A directory with register files
        directory: Option<PathBuf>,
        /// Findings as JSON, one a line
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ByClock {
    /// The day on which it became known
    Known,
    /// The legal day
    On,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ExportFormat {
    /// FollowTheMoney entities, JSON lines
    Ftm,
    /// Statement CSV
    Statements,
}
