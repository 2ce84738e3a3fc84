//! Every version of a file in a git repository, oldest first, with the day of its commit.
//!
//! The program `git` is asked, rather than a library linked: packs, shallow clones, worktrees, alternates and partial clones are read
//! exactly as their owner's git reads them, whoever has a repository has the program, and no second implementation of its object
//! store joins what must be trusted here. Only plumbing that reads objects is run; no hook, filter or text conversion of the
//! repository's configuration takes part.
//!
//! The day is the committer's, in the committer's own zone: it is never shifted. A commit counts where the content differs from that in
//! each of its parents, so that merges repeat nothing; one that takes the file away is no edition of the list.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use standing_model::{Calendar, PartialDate};

use crate::error::StandingError;

/// One state of the files asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    /// The commit that brought it.
    pub commit: String,
    /// The committer's day.
    pub day: PartialDate,
    /// The files that it holds, by their paths as asked for, with the names of their contents.
    pub files: Vec<(String, String)>,
}

/// The versions of some files.
#[derive(Debug)]
pub(crate) struct History {
    /// Oldest first.
    pub versions: Vec<Version>,
    /// The clone is shallow: what came before its first commit is not there.
    pub shallow: bool,
}

/// Contents out of a repository, one at a time.
pub(crate) struct Contents {
    child: Child,
    ask: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

fn git(repository: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(repository)
        .args(["--no-pager", "--no-replace-objects", "--literal-pathspecs"])
        .args(["-c", "log.showSignature=false", "-c", "core.quotePath=false"])
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn not_started(error: &std::io::Error) -> StandingError {
    StandingError::Refused(if error.kind() == std::io::ErrorKind::NotFound {
        "--git needs the program git, and it was not found; install it, or give the files themselves".into()
    } else {
        format!("the program git could not be run: {error}")
    })
}

/// What a command prints; its complaint as an error.
fn output(repository: &Path, arguments: &[&str]) -> Result<String, StandingError> {
    let out = git(repository).args(arguments).output().map_err(|e| not_started(&e))?;
    if !out.status.success() {
        let complaint = String::from_utf8_lossy(&out.stderr);
        let first = complaint.lines().next().unwrap_or("git gave no reason").trim();
        return Err(StandingError::Refused(format!(
            "{}: git cannot read it: {first}",
            repository.display()
        )));
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// All versions of some files that belong together. `files` are paths as seen from `repository`.
pub(crate) fn history(repository: &Path, files: &[String]) -> Result<History, StandingError> {
    for file in files {
        if file.is_empty() || file.contains('\n') || Path::new(file).is_absolute() {
            return Err(StandingError::Question(format!(
                "--file \"{}\": give the path of a file inside the repository",
                file.escape_debug()
            )));
        }
    }
    let prefix = output(repository, &["rev-parse", "--show-prefix"])?
        .trim_end_matches(['\n', '\r'])
        .to_owned();
    let shallow = output(repository, &["rev-parse", "--is-shallow-repository"])?.trim() == "true";
    if git(repository)
        .args(["rev-parse", "--verify", "--quiet", "HEAD"])
        .output()
        .is_ok_and(|o| !o.status.success())
    {
        return Err(StandingError::Refused(format!(
            "{}: the repository has no commit yet",
            repository.display()
        )));
    }
    let mut arguments = vec![
        "log",
        "--full-history",
        "--topo-order",
        "--reverse",
        "--no-color",
        "--format=%H%x09%cs%x09%P",
        "HEAD",
        "--",
    ];
    arguments.extend(files.iter().map(String::as_str));
    let log = output(repository, &arguments)?;
    let mut names = Names::open(repository, &prefix)?;
    let mut versions = Vec::new();
    for line in log.lines() {
        let mut fields = line.split('\t');
        let (Some(commit), Some(day), Some(parents)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        let here = names.of(commit, files)?;
        if here.is_empty() {
            continue;
        }
        let mut repeated = false;
        for parent in parents.split(' ').filter(|p| !p.is_empty()) {
            repeated |= names.of(parent, files)? == here;
        }
        if repeated {
            continue;
        }
        let day: Calendar = day.parse().map_err(|e| {
            StandingError::Refused(format!(
                "{}: commit {commit} bears the day {day}: {e}",
                repository.display()
            ))
        })?;
        versions.push(Version {
            commit: commit.to_owned(),
            day: day.into(),
            files: here,
        });
    }
    if versions.is_empty() {
        return Err(StandingError::Refused(format!(
            "{}: no commit holds {}. Give its path as seen from there; on another branch, check it out first",
            repository.display(),
            files.join(" or ")
        )));
    }
    Ok(History { versions, shallow })
}

/// Looks up which content a path has in a commit.
struct Names {
    asking: Contents,
    prefix: String,
}

impl Names {
    fn open(repository: &Path, prefix: &str) -> Result<Self, StandingError> {
        Ok(Self {
            asking: Contents::start(repository, "--batch-check")?,
            prefix: prefix.to_owned(),
        })
    }

    fn of(&mut self, commit: &str, files: &[String]) -> Result<Vec<(String, String)>, StandingError> {
        let mut found = Vec::new();
        for file in files {
            // A shallow clone does not have the parents of its first commits: what they hold counts as nothing.
            let line = self.asking.question(&format!("{commit}:{}{file}", self.prefix))?;
            let mut words = line.split(' ');
            if let (Some(name), Some("blob")) = (words.next(), words.next()) {
                found.push((file.clone(), name.to_owned()));
            }
        }
        Ok(found)
    }
}

impl Contents {
    pub fn open(repository: &Path) -> Result<Self, StandingError> {
        Self::start(repository, "--batch")
    }

    fn start(repository: &Path, how: &str) -> Result<Self, StandingError> {
        let mut child = git(repository)
            .args(["cat-file", how])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| not_started(&e))?;
        let (ask, answers) = (child.stdin.take(), child.stdout.take());
        let answers = answers.ok_or_else(gone)?;
        Ok(Self {
            child,
            ask,
            answers: BufReader::new(answers),
        })
    }

    /// Asks for an object; gives the line that describes it.
    fn question(&mut self, object: &str) -> Result<String, StandingError> {
        let ask = self.ask.as_mut().ok_or_else(gone)?;
        ask.write_all(format!("{object}\n").as_bytes())
            .and_then(|()| ask.flush())
            .map_err(|_| gone())?;
        let mut line = Vec::new();
        self.answers.read_until(b'\n', &mut line).map_err(|_| gone())?;
        if line.pop() != Some(b'\n') {
            return Err(gone());
        }
        Ok(String::from_utf8_lossy(&line).into_owned())
    }

    /// The bytes of a content, unless they are more than `limit`.
    pub fn read(&mut self, name: &str, limit: u64) -> Result<Result<Vec<u8>, String>, StandingError> {
        let line = self.question(name)?;
        let size = line.rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
        let Some(size) = size else {
            return Ok(Err(format!(
                "git does not have its content ({line}); a partial clone must fetch it first"
            )));
        };
        if size > limit {
            std::io::copy(&mut (&mut self.answers).take(size + 1), &mut std::io::sink()).map_err(|_| gone())?;
            return Ok(Err(format!("{size} bytes are more than the limit of {limit}")));
        }
        let mut bytes = Vec::with_capacity(size as usize + 1);
        (&mut self.answers)
            .take(size + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| gone())?;
        if bytes.len() as u64 != size + 1 {
            return Err(gone());
        }
        bytes.pop();
        if bytes.starts_with(b"version https://git-lfs.github.com/spec/") {
            return Ok(Err(
                "the repository holds a pointer to large-file storage, not the file itself; fetch the files and take them in by name"
                    .into(),
            ));
        }
        Ok(Ok(bytes))
    }
}

impl Drop for Contents {
    fn drop(&mut self) {
        // The end of its input ends the process; waiting leaves no zombie.
        self.ask = None;
        let _ = self.child.wait();
    }
}

fn gone() -> StandingError {
    StandingError::Refused("git ended before it had answered".into())
}

/// The path under which a version is reported: `list.xml@1a2b3c4d5e`.
pub(crate) fn shown(file: &str, commit: &str) -> PathBuf {
    PathBuf::from(format!("{file}@{}", commit.get(..10).unwrap_or(commit)))
}
