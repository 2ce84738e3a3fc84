//! The arrows between the crates, read from `cargo metadata`: only downwards, as `docs/ARCHITECTURE.md` has them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test stops where something is not as it must be

use std::process::Command;

/// Each crate with what it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("standing-model", &[]),
    ("standing-names", &["standing-model"]),
    ("standing-lists", &["standing-model"]),
    ("standing-register", &["standing-model"]),
    ("standing-news", &["standing-model", "standing-names"]),
    ("standing-ledger", &["standing-model"]),
    ("standing-screen", &["standing-model", "standing-names"]),
    (
        "standing",
        &[
            "standing-model",
            "standing-names",
            "standing-lists",
            "standing-register",
            "standing-news",
            "standing-ledger",
            "standing-screen",
        ],
    ),
    ("standing-server", &["standing"]),
    ("standing-cli", &["standing", "standing-server"]),
];

#[test]
fn crates_use_only_what_lies_below_them() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() >= 6);
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let (_, may_use) = MAY_USE
            .iter()
            .find(|(n, _)| *n == name)
            .unwrap_or_else(|| panic!("{name} has no place in the house"));
        for dependency in package["dependencies"].as_array().unwrap() {
            let used = dependency["name"].as_str().unwrap();
            let ours = used == "standing" || used.starts_with("standing-");
            assert!(!ours || may_use.contains(&used), "{name} must not use {used}");
        }
    }
}
