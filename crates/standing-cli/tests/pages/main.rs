//! The pages, tried in a real browser and by hand-made requests against the built program.

mod attack;
mod browser;
mod walk;
