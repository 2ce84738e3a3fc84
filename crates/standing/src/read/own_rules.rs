//! A user's own rules beside the embedded ones.
//!
//! Every `*.toml` of a directory is a rule file. They are read sorted by name, and entries are sorted by id when loaded, so that how the
//! files are named or ordered means nothing.

use std::path::Path;

use standing_news::{RuleError, RuleFile, RuleSet};

use crate::error::StandingError;

fn borrowed(files: &[(String, String)]) -> Vec<RuleFile<'_>> {
    files.iter().map(|(name, content)| RuleFile { name, content }).collect()
}

/// The rule files (`*.toml`) of a directory, or the one file, by name.
pub fn rule_files(path: &Path) -> Result<Vec<(String, String)>, StandingError> {
    let mut files = Vec::new();
    for found in crate::files::find(&[path.to_path_buf()])? {
        let named = found.named && found.path.is_file();
        if !named && found.path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        let bytes = crate::files::read(&found.path)?;
        let name = found.path.strip_prefix(path).unwrap_or(&found.path);
        let name = if named { found.path.as_path() } else { name }.display().to_string();
        let text = String::from_utf8(bytes).map_err(|e| {
            let at = e.utf8_error().valid_up_to();
            StandingError::Refused(format!("{name}: no UTF-8 text from byte {at} on; save it as UTF-8"))
        })?;
        files.push((name, text));
    }
    if files.is_empty() {
        return Err(StandingError::Question(format!(
            "{} holds no rule files (*.toml); docs/READING.md says how they are written",
            path.display()
        )));
    }
    Ok(files)
}

/// The embedded rules with a user's own; where they are wrong, everything that is wrong with them.
pub(crate) fn rules(files: &[(String, String)]) -> Result<RuleSet, StandingError> {
    RuleSet::with_files(&borrowed(files)).map_err(|errors| StandingError::Refused(lines(&errors)))
}

/// Everything that is wrong with a user's rules: their form, then their examples, each read with all rules. Findings about the embedded
/// rules alone are left out; they are not the user's to mend.
pub fn check_rules(files: &[(String, String)]) -> Vec<RuleError> {
    let mut errors = standing_news::check(&borrowed(files));
    errors.retain(|e| files.iter().any(|(name, _)| *name == e.file));
    errors.sort_by(|a, b| (&a.file, a.line, &a.problem).cmp(&(&b.file, b.line, &b.problem)));
    errors
}

fn lines(errors: &[RuleError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
