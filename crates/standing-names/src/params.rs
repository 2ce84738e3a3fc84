//! The parameters of the score, read from `data/parameters.tsv`.

use std::sync::LazyLock;

use crate::table;

macro_rules! params {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// What the score's formula is filled with. The formula stands in `docs/NAMES.md`.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Params { $($(#[$doc])* pub $name: f32),+ }

        impl Params {
            /// The names of all parameters, in the order of the file.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),+];

            /// A parameter by its name.
            pub fn get_mut(&mut self, name: &str) -> Option<&mut f32> {
                match name { $(stringify!($name) => Some(&mut self.$name),)+ _ => None }
            }

            fn zero() -> Self {
                Self { $($name: 0.0),+ }
            }
        }
    };
}

params! {
    /// Similarities of tokens below this are 0.
    floor,
    /// How fast a token's similarity falls with its distance.
    steepness,
    /// How fast it falls between scripts, where no slip of the keyboard is assumed.
    script_steepness,
    /// How much milder a small distance is than a great one: the exponent of the distance.
    curve,
    /// Taken off a word's length before its distance is divided by it.
    grace,
    /// Added to the distance for a first sound that no convention writes so.
    first,
    /// Added to the distance between a script without vowels and a full one for a vowel at the word's edge that one side lacks.
    edge,
    /// Similarity of two spellings of the same sounds.
    same_sound,
    /// Similarity of signs for syllables and a Latin spelling of the same sounds.
    native_sound,
    /// Similarity of a nickname and its name.
    nickname,
    /// What remains of a similarity that rests on a compound whose first half is dropped.
    dropped,
    /// Similarity of an initial and its name.
    initial,
    /// The share of that which holds where the initial ends a name.
    last_initial,
    /// Similarity of an acronym and what it stands for.
    acronym,
    /// Similarity of two tokens and the same written as one.
    joined,
    /// Weight of what separates matched tokens.
    discord,
    /// Weight of what is left over on both sides.
    contradiction,
    /// Share of the score lost where words left over on both sides are far apart in writing.
    strange,
    /// From which likeness in writing on what is left over is near.
    near_from,
    /// The most that letters alone are worth where two lone words did not meet: below all that a search asks for.
    letters,
    /// Weight of what is left over on one side only.
    omission,
    /// What it takes to believe a partial match.
    doubt,
    /// The part of discord that makes doubtful, beside what is left over.
    doubt_discord,
    /// At how much separating weight half of the doubt is reached.
    doubt_half,
    /// Part of the score lost when the order of tokens differs beyond a turn.
    disorder,
    /// Part of the score lost when one name is the other turned round.
    turned,
    /// Part of the score lost when father and son change places.
    reversal,
    /// Lost for what is left over before or after all that met, by its weight.
    outside,
    /// Lost for the first of two surnames that only one side has.
    surname_alone,
    /// Lost for the second of two surnames that only one side has, where the first met.
    second_surname,
    /// Lost for a country in a body's name that only one side has: a daughter or sister elsewhere is another body.
    country_alone,
    /// Lost for a number that only one side has.
    number_alone,
    /// Lost for each light word (article, particle, title, legal form) that only one side has.
    light,
    /// Weight of a word written without vowels, as a share of its rarity's.
    skeleton,
    /// Weight of a word of two letters, as a share of its rarity's.
    short,
    /// From how many letters on a word weighs what its rarity says.
    long_from,
    /// Weight of a generic word, as a share of its rarity's.
    generic,
    /// Weight of a patronymic, as a share of its rarity's.
    patronymic,
    /// Weight of an initial.
    initial_weight,
    /// Weight of a number.
    number,
    /// The least weight of a token.
    least_weight,
    /// Rarity, in bits, at which a token weighs 1.
    full_bits,
    /// The threshold that serves a screening by default.
    threshold,
}

static EMBEDDED: LazyLock<Params> = LazyLock::new(|| Params::read(include_str!("../data/parameters.tsv")));

impl Params {
    /// The parameters that this version carries.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// The similarity at a distance that is a share of the word's length: 1 at none, the floor at [`Params::farthest`], 0 beyond.
    pub(crate) fn curved(&self, distance: f32) -> f32 {
        let most = 1.0 - self.floor;
        1.0 - most * (distance / most).powf(self.curve)
    }

    /// How far apart words are, by steepness and length, at which the floor is reached.
    pub fn farthest(&self) -> f32 {
        1.0 - self.floor
    }

    /// How far apart words may be, by steepness and length, to have at least a similarity: the inverse of [`Params::curved`], a hair above.
    pub fn apart(&self, similarity: f32) -> f32 {
        let most = 1.0 - self.floor;
        let share = ((1.0 - similarity) / most).clamp(0.0, 1.0);
        most * (share.powf(1.0 / self.curve) * 1.001 + 1e-4).min(1.0)
    }

    fn read(data: &'static str) -> Self {
        let mut params = Self::zero();
        for row in table::rows(data) {
            if let [name, value, ..] = row[..]
                && let (Some(place), Ok(value)) = (params.get_mut(name), value.parse())
            {
                *place = value;
            }
        }
        params
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_is_in_the_file_and_no_other() {
        let named: Vec<_> = table::rows(include_str!("../data/parameters.tsv"))
            .map(|row| row[0])
            .collect();
        assert_eq!(named, Params::NAMES);
    }
}
