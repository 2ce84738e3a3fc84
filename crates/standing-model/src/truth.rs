//! Three-valued answers: what a partial date allows us to say.

use serde::{Deserialize, Serialize};

/// The answer to a question about something known only in part.
///
/// The order is `No < Maybe < Yes`, so that conjunction is the minimum and disjunction the maximum (Kleene's strong logic).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Truth {
    /// Certainly not.
    No,
    /// What is known allows both.
    Maybe,
    /// Certainly.
    Yes,
}

impl Truth {
    /// `Yes` or `No` for a plain boolean.
    pub fn certain(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// Certain in either way.
    pub fn is_certain(self) -> bool {
        self != Self::Maybe
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }
}
