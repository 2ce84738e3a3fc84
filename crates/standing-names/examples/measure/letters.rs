//! How well a word in another script meets its Latin spelling: the transliteration pairs under `data/names`, and for each of them a Latin word of another pair.

use standing_model::{PartyKind, Script};
use standing_names::{pair_similarity, prepare};

use crate::figures::Dice;
use crate::{Failure, Task, data};

pub fn letters(task: &Task) -> Result<(), Failure> {
    for language in ["arabic", "hebrew", "russian", "katakana", "korean", "chinese"] {
        let rows = data::letters(&task.shared, language)?;
        let mut dice = Dice(42);
        let (mut met, mut strong, mut strangers, mut weight, mut n) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (latin, other, seen) in rows.iter().step_by(3) {
            if Script::of(other).is_none_or(|s| s == Script::Latin) {
                continue;
            }
            let alike = |a: &str, b: &str| {
                let (Ok(x), Ok(y)) = (prepare(a, PartyKind::Unknown), prepare(b, PartyKind::Unknown)) else {
                    return 0.0;
                };
                let (Some(x), Some(y)) = (x.tokens().first(), y.tokens().first()) else {
                    return 0.0;
                };
                pair_similarity(&x.view(), &y.view(), &task.params).value
            };
            let value = alike(latin, other);
            let w = f64::from(*seen).sqrt();
            n += 1.0;
            weight += w;
            met += w * f64::from(u8::from(value > 0.0));
            strong += w * f64::from(u8::from(value >= 0.8));
            strangers += f64::from(u8::from(alike(&rows[dice.below(rows.len())].0, other) > 0.0));
            if task.show && value <= 0.0 && *seen >= 5 {
                println!("  {language} missed {latin} {other} {seen}");
            }
        }
        println!(
            "letters, {language} ({n}): met {:.3}, at .8 or more {:.3}, strangers met {:.4}",
            met / weight,
            strong / weight,
            strangers / n
        );
    }
    Ok(())
}
