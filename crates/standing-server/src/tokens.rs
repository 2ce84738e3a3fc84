//! Tokens: who may do what.
//!
//! They lie in a file beside the ledger, `<ledger>.tokens`, readable by its owner alone: they are no facts about anybody's standing
//! and must be revocable, so they have no place in the ledger. A token is 32 random bytes; what is kept is its BLAKE3 hash, which
//! cannot be turned back. (A slow password hash would add nothing: there is nothing to guess in 256 random bits.)
//!
//! The file is JSON, replaced as a whole by renaming; the server notices a new one within a second.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// How every token begins, so that scanners of leaked secrets can know it.
const PREFIX: &str = "standing_";
/// Requests a second for a token that was made without its own figure.
pub const DEFAULT_RATE: u32 = 200;

/// What a token may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Ask the ledger.
    Read,
    /// Screen names.
    Screen,
    /// Decide: judgements and reviews.
    Judge,
    /// Bring in lists and articles.
    Ingest,
    /// Everything, and what concerns the server itself.
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Read, Self::Screen, Self::Judge, Self::Ingest, Self::Admin];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Screen => "screen",
            Self::Judge => "judge",
            Self::Ingest => "ingest",
            Self::Admin => "admin",
        }
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u8);

impl Scopes {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Reading and screening: nothing is changed by either.
    pub const READING: Self = Self(0b11);

    /// With one more.
    #[must_use]
    pub fn with(self, scope: Scope) -> Self {
        Self(self.0 | 1 << scope as u8)
    }

    /// Is it allowed? `admin` allows everything.
    pub fn allow(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8 | 1 << Scope::Admin as u8) != 0
    }

    /// Does it hold nothing?
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The scopes in it.
    pub fn each(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |s| self.0 & 1 << *s as u8 != 0)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        scopes.into_iter().fold(Self::NONE, Self::with)
    }
}

impl std::str::FromStr for Scopes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(|word| {
                Scope::ALL
                    .into_iter()
                    .find(|s| s.word() == word)
                    .ok_or_else(|| format!("\"{word}\" is not a scope: read, screen, judge, ingest, admin"))
            })
            .collect()
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.each().map(Scope::word).collect::<Vec<_>>().join(","))
    }
}

impl Serialize for Scopes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.each())
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Scope>::deserialize(deserializer)?.into_iter().collect())
    }
}

/// A token as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its number: `t:1`. Never used again.
    pub id: String,
    /// What it is for, in words.
    pub note: String,
    /// What it allows.
    pub scopes: Scopes,
    /// Requests a second; 0 for no limit.
    pub rate: u32,
    /// When it was made, RFC 3339.
    pub created: String,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<String>,
    /// BLAKE3 of the secret, in hexadecimal digits.
    pub hash: String,
}

/// The tokens of a ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// All that were ever made, the oldest first.
    pub tokens: Vec<Token>,
}

/// Why tokens cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file does not hold tokens.
    #[error("{path} holds no tokens: {why}. Move it away, and make new ones: standing token new")]
    Form {
        /// The file.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// There is none with this id.
    #[error("there is no token {0}. Which there are: standing token list")]
    Unknown(String),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
}

/// The file of tokens that belongs to a ledger.
pub fn file_of(ledger: &Path) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(".tokens");
    PathBuf::from(name)
}

/// The hash under which a secret is kept.
fn hash(secret: &str) -> blake3::Hash {
    blake3::hash(secret.as_bytes())
}

impl Tokens {
    /// Reads a file of tokens; none are in a file that is not there.
    pub fn read(path: &Path) -> Result<Self, TokenError> {
        match std::fs::read(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(TokenError::File {
                path: path.display().to_string(),
                source,
            }),
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|e| TokenError::Form {
                path: path.display().to_string(),
                why: e.to_string(),
            }),
        }
    }

    /// Writes the file anew; a reader sees the old one or the new one.
    fn write(&self, path: &Path) -> Result<(), TokenError> {
        let file = |source| TokenError::File {
            path: path.display().to_string(),
            source,
        };
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}", std::process::id()));
        let beside = PathBuf::from(name);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = (|| {
            let mut out = options.open(&beside)?;
            out.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
            out.write_all(b"\n")?;
            out.sync_all()?;
            std::fs::rename(&beside, path)
        })();
        if written.is_err() {
            // Best effort: what is left over holds hashes only.
            let _ = std::fs::remove_file(&beside);
        }
        written.map_err(file)
    }

    /// Makes a token and keeps its hash. Gives its id and the secret, which nobody can give again.
    pub fn create(
        path: &Path,
        scopes: Scopes,
        rate: u32,
        note: &str,
        now: &str,
    ) -> Result<(String, String), TokenError> {
        let mut tokens = Self::read(path)?;
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random).map_err(|e| TokenError::Random(e.to_string()))?;
        let secret = format!("{PREFIX}{}", hex(&random));
        let id = format!("t:{}", tokens.tokens.len() + 1);
        tokens.tokens.push(Token {
            id: id.clone(),
            note: note.to_owned(),
            scopes,
            rate,
            created: now.to_owned(),
            revoked: None,
            hash: hash(&secret).to_hex().to_string(),
        });
        tokens.write(path)?;
        Ok((id, secret))
    }

    /// Revokes a token. What was revoked before stays as it was.
    pub fn revoke(path: &Path, id: &str, now: &str) -> Result<Token, TokenError> {
        let mut tokens = Self::read(path)?;
        let token = tokens
            .tokens
            .iter_mut()
            .find(|t| t.id == id)
            .ok_or_else(|| TokenError::Unknown(id.to_owned()))?;
        token.revoked.get_or_insert_with(|| now.to_owned());
        let token = token.clone();
        tokens.write(path)?;
        Ok(token)
    }

    /// The token with this secret, unless it was revoked.
    pub fn find(&self, secret: &str) -> Option<&Token> {
        let given = hash(secret);
        // `blake3::Hash` compares in constant time.
        self.tokens
            .iter()
            .find(|t| t.revoked.is_none() && blake3::Hash::from_hex(t.hash.as_bytes()).is_ok_and(|kept| kept == given))
    }

    /// Is there any that is not revoked?
    pub fn any(&self) -> bool {
        self.tokens.iter().any(|t| t.revoked.is_none())
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_kept_and_a_revoked_token_is_not_found() {
        let place = tempfile::tempdir().unwrap();
        let path = file_of(&place.path().join("s.db"));
        let scopes: Scopes = "read,screen".parse().unwrap();
        let (id, secret) = Tokens::create(&path, scopes, 5, "test", "2026-01-01T00:00:00Z").unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains(&secret) && !text.contains(&secret[PREFIX.len()..]));
        let tokens = Tokens::read(&path).unwrap();
        assert_eq!(tokens.find(&secret).unwrap().id, id);
        assert!(tokens.find("standing_00").is_none());
        Tokens::revoke(&path, &id, "2026-01-02T00:00:00Z").unwrap();
        let tokens = Tokens::read(&path).unwrap();
        assert!(tokens.find(&secret).is_none() && !tokens.any());
        assert_eq!(Tokens::create(&path, scopes, 5, "next", "2026").unwrap().0, "t:2");
        assert!(matches!(
            Tokens::revoke(&path, "t:9", "2026"),
            Err(TokenError::Unknown(_))
        ));
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_the_file() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().unwrap();
        let path = file_of(&place.path().join("s.db"));
        Tokens::create(&path, Scopes::READING, 5, "", "2026").unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn admin_allows_everything_and_others_only_themselves() {
        let admin: Scopes = "admin".parse().unwrap();
        let read: Scopes = "read".parse().unwrap();
        assert!(Scope::ALL.into_iter().all(|s| admin.allow(s)));
        assert_eq!(Scope::ALL.into_iter().filter(|s| read.allow(*s)).count(), 1);
        assert!("read,write".parse::<Scopes>().is_err());
        assert_eq!(Scopes::READING.to_string(), "read,screen");
    }
}
