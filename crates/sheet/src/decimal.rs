//! Numbers as decimal digits: rounding and scaling as people do them on paper, without the surprises of binary fractions.

/// How many digits of a number count: the programs that write workbooks keep as many, and show no more.
const SIGNIFICANT: usize = 15;

/// A number of at least zero as its decimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    /// Its digits, `0` to `9`, without zeros in front.
    digits: Vec<u8>,
    /// How many of the digits stand before the point; may lie outside of them.
    point: i32,
}

impl Decimal {
    /// The size of a number without its sign; `None` for what is no number.
    pub(crate) fn of(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let text = format!("{:.*e}", SIGNIFICANT - 1, value.abs());
        let (mantissa, exponent) = text.split_once('e')?;
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
        let decimal = Self { digits, point: exponent.parse::<i32>().ok()?.saturating_add(1) };
        Some(decimal.trimmed())
    }

    fn trimmed(mut self) -> Self {
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.point = 0;
        }
        self
    }

    /// Whether it is nothing.
    pub(crate) const fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// The power of ten of its first digit: 2 for 345.
    pub(crate) const fn exponent(&self) -> i32 {
        self.point - 1
    }

    /// Ten to the power of `by` times as much.
    pub(crate) const fn shifted(mut self, by: i32) -> Self {
        if !self.is_zero() {
            self.point = self.point.saturating_add(by);
        }
        self
    }

    /// Rounded to so many digits behind the point, halves away from zero; and whether that changed it.
    pub(crate) fn rounded(mut self, decimals: usize) -> (Self, bool) {
        let kept = self.point.saturating_add(i32::try_from(decimals).unwrap_or(i32::MAX));
        let Ok(kept) = usize::try_from(kept) else {
            let changed = !self.is_zero();
            return (Self { digits: Vec::new(), point: 0 }, changed);
        };
        let Some(&next) = self.digits.get(kept) else {
            return (self, false);
        };
        self.digits.truncate(kept);
        if next >= 5 {
            self.count_up();
        }
        (self.trimmed(), true)
    }

    /// One more in the last digit.
    fn count_up(&mut self) {
        for digit in self.digits.iter_mut().rev() {
            if *digit < 9 {
                *digit += 1;
                return;
            }
            *digit = 0;
        }
        self.digits.insert(0, 1);
        self.point = self.point.saturating_add(1);
    }

    /// The digits before the point, first to last; none for 0.5.
    pub(crate) fn whole(&self) -> Vec<char> {
        (0..self.point.max(0)).map(|place| self.at(place)).collect()
    }

    /// The digits behind the point, without zeros at the end.
    pub(crate) fn fraction(&self) -> Vec<char> {
        let end = i32::try_from(self.digits.len()).unwrap_or(i32::MAX);
        (self.point..end).map(|place| self.at(place)).collect()
    }

    fn at(&self, place: i32) -> char {
        let digit = usize::try_from(place).ok().and_then(|place| self.digits.get(place));
        char::from(b'0' + digit.copied().unwrap_or(0))
    }

    /// The number as people write it: `0.05`, `1200`.
    pub(crate) fn plain(&self) -> String {
        let whole: String = self.whole().into_iter().collect();
        let fraction: String = self.fraction().into_iter().collect();
        let whole = if whole.is_empty() { "0" } else { &whole };
        if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rounded(value: f64, decimals: usize) -> (String, bool) {
        let (decimal, changed) = Decimal::of(value).unwrap().rounded(decimals);
        (decimal.plain(), changed)
    }

    #[test]
    fn halves_are_rounded_as_on_paper() {
        assert_eq!(rounded(2.675, 2), ("2.68".into(), true));
        assert_eq!(rounded(0.5, 0), ("1".into(), true));
        assert_eq!(rounded(0.04, 0), ("0".into(), true));
        assert_eq!(rounded(0.004, 1), ("0".into(), true));
        assert_eq!(rounded(99.96, 1), ("100".into(), true));
        assert_eq!(rounded(12.5, 3), ("12.5".into(), false));
        assert_eq!(rounded(0.0, 0), ("0".into(), false));
    }

    #[test]
    fn binary_noise_does_not_show() {
        assert_eq!(Decimal::of(0.1 + 0.2).unwrap().plain(), "0.3");
        assert_eq!(Decimal::of(1e15).unwrap().plain(), "1000000000000000");
        assert_eq!(Decimal::of(-0.000_25).unwrap().plain(), "0.00025");
        assert_eq!(Decimal::of(f64::NAN), None);
    }

    proptest! {
        #[test]
        fn plain_numbers_say_what_they_are(value in -1e12..1e12_f64, decimals in 0..6_usize) {
            let decimal = Decimal::of(value).unwrap();
            let read: f64 = decimal.plain().parse().unwrap();
            prop_assert!((read - value.abs()).abs() <= value.abs() * 1e-14);
            let (round, _) = decimal.rounded(decimals);
            let read: f64 = round.plain().parse().unwrap();
            prop_assert!((read - value.abs()).abs() <= 0.5 * 10_f64.powi(-(decimals as i32)) * 1.001 + value.abs() * 1e-14);
        }
    }
}
