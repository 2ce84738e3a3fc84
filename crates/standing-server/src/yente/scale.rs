//! Scores on the scale that clients of that API know: there .7 is the line from which on a result is a match, whatever the policy's own
//! threshold is. Between 0, the line and 1 the two scales run straight, so the order of results is the same on both.

/// Where a result becomes a match, on the scale of that API.
pub const LINE: f64 = 0.7;

/// The scale of one kind of party.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    threshold: f64,
}

impl Scale {
    /// The scale on which the policy's threshold reads .7.
    pub fn new(threshold: f32) -> Self {
        Self {
            threshold: f64::from(threshold),
        }
    }

    /// A score as clients see it. What reaches the threshold never reads less than .7.
    pub fn shown(self, score: f64) -> f64 {
        let part = |from: f64, to: f64| if to > from { (score - from) / (to - from) } else { 1.0 };
        // Rounded, so that digits that mean nothing do not differ between machines.
        let round = |x: f64| (x.clamp(0.0, 1.0) * 1e6).round() / 1e6;
        if score >= self.threshold {
            round(LINE + (1.0 - LINE) * part(self.threshold, 1.0)).max(LINE)
        } else {
            round(LINE * part(0.0, self.threshold)).min(LINE - 1e-6)
        }
    }

    /// The lowest score that can read as much as a client asks for.
    pub fn asked(self, shown: f64) -> f64 {
        // Rounding may have lifted a score by half a step.
        let shown = (shown - 1e-6).max(0.0);
        if shown >= LINE {
            self.threshold + (1.0 - self.threshold) * (shown - LINE) / (1.0 - LINE)
        } else {
            self.threshold * shown / LINE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_the_threshold_and_the_order_stays() {
        let scale = Scale::new(0.611);
        assert!(scale.shown(f64::from(0.611_f32)) >= LINE);
        assert!(scale.shown(0.6109) < LINE);
        assert!((scale.shown(1.0) - 1.0).abs() < 1e-9);
        assert!(scale.shown(0.0).abs() < 1e-9);
        let mut last = -1.0;
        for step in 0..=1000 {
            let shown = scale.shown(f64::from(step) / 1000.0);
            assert!(shown > last, "{step}");
            last = shown;
        }
    }

    #[test]
    fn nothing_that_reads_enough_is_left_unsearched() {
        let scale = Scale::new(0.611);
        for step in 0..=1000 {
            let score = f64::from(step) / 1000.0;
            assert!(scale.asked(scale.shown(score)) <= score + 1e-9, "{step}");
        }
    }
}
