//! Figures of quality and their standard errors.

/// The answer to one query: the best score of a right party, the best of any.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked {
    pub own: f32,
    pub top: f32,
}

pub fn share(part: usize, of: usize) -> f64 {
    part as f64 / of.max(1) as f64
}

/// The standard error of a share; a bootstrap of a share has this as its limit.
pub fn share_error(part: usize, of: usize) -> f64 {
    let p = share(part, of);
    (p * (1.0 - p) / of.max(1) as f64).sqrt()
}

/// Found and first at a threshold.
pub fn at(asked: &[Asked], threshold: f32) -> (f64, f64) {
    let found = asked.iter().filter(|a| a.own >= threshold).count();
    let first = asked.iter().filter(|a| a.own >= threshold && a.own >= a.top).count();
    (share(found, asked.len()), share(first, asked.len()))
}

/// The best F1 over thresholds from .3 to 1 and where it is.
pub fn best_f1(scored: &[(f32, bool)]) -> (f64, f32) {
    let yes = scored.iter().filter(|s| s.1).count();
    (60u8..200).map(|t| f32::from(t) / 200.0).fold((0.0, 0.0), |best, t| {
        let hit = scored.iter().filter(|s| s.1 && s.0 >= t).count();
        let wrong = scored.iter().filter(|s| !s.1 && s.0 >= t).count();
        let f1 = 2.0 * hit as f64 / (hit + wrong + yes).max(1) as f64;
        if f1 > best.0 { (f1, t) } else { best }
    })
}

/// The area under the curve: how often a true pair scores above a false one, ties counting half.
pub fn area(scored: &[(f32, bool)]) -> f64 {
    let mut sorted = scored.to_vec();
    sorted.sort_by(|x, y| x.0.total_cmp(&y.0));
    let (mut below, mut wins, mut at) = (0.0, 0.0, 0);
    while at < sorted.len() {
        let tied: Vec<_> = sorted[at..]
            .iter()
            .take_while(|s| s.0.to_bits() == sorted[at].0.to_bits())
            .collect();
        let no = tied.iter().filter(|s| !s.1).count() as f64;
        wins += tied.iter().filter(|s| s.1).count() as f64 * (below + no / 2.0);
        below += no;
        at += tied.len();
    }
    let yes = scored.iter().filter(|s| s.1).count() as f64;
    wins / (yes * (scored.len() as f64 - yes)).max(1.0)
}

/// A small generator of numbers, the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

/// The bootstrap standard error of a figure, over 300 draws with replacement.
pub fn bootstrap(scored: &[(f32, bool)], figure: impl Fn(&[(f32, bool)]) -> f64) -> f64 {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let values: Vec<f64> = (0..300)
        .map(|_| {
            let drawn: Vec<_> = (0..scored.len()).map(|_| scored[dice.below(scored.len())]).collect();
            figure(&drawn)
        })
        .collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}
