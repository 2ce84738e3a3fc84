//! Lists of other offices of the United States: the Consolidated Screening List of the Department of Commerce, the Denied Persons List
//! of its Bureau of Industry and Security, and the State Department's foreign terrorist organisations.

pub(crate) mod csl;
pub(crate) mod dpl;
pub(crate) mod fto;
