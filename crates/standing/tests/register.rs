//! What the register and the readers must agree on: every list that a reader gives has an authority there.

use std::collections::BTreeSet;

use standing_register::Register;

#[test]
fn every_list_that_a_reader_gives_stands_in_the_register() {
    let register = Register::parse(standing_register::embedded()).expect("the embedded register is sound");
    let known: BTreeSet<&str> = register.lists.iter().map(|list| list.id.as_str()).collect();
    let unknown: BTreeSet<&str> = standing::ingest::known_formats()
        .iter()
        .flat_map(|format| format.lists.iter().copied())
        // A FollowTheMoney file holds somebody's own choice of data sets: no authority stands for it.
        .filter(|list| *list != "ftm" && !known.contains(list))
        .collect();
    assert!(
        unknown.is_empty(),
        "add a [[list]] to register/lists.toml for each of {unknown:?}"
    );
}
