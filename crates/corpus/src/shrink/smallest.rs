//! Leaving parts out: first half of them, then a quarter, at last one by one, again and again until none can go (delta debugging).

use crate::error::Error;

/// Which of `count` parts must stay for `holds` to hold; it is known to hold with all of them, and is asked with the parts that are kept.
pub(super) fn smallest(
    count: usize,
    holds: &mut dyn FnMut(&[usize]) -> Result<bool, Error>,
) -> Result<Vec<usize>, Error> {
    let mut kept: Vec<usize> = (0..count).collect();
    let mut size = count.div_ceil(2).max(1);
    loop {
        let mut gone = false;
        let mut from = 0;
        while from < kept.len() {
            let end = (from + size).min(kept.len());
            let rest: Vec<usize> = kept.iter().take(from).chain(kept.iter().skip(end)).copied().collect();
            if holds(&rest)? {
                kept = rest;
                gone = true;
            } else {
                from = end;
            }
        }
        match (size, gone) {
            (1, false) => return Ok(kept),
            (1, true) => {}
            _ => size = size.div_ceil(2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_stays_and_nothing_else() {
        for needed in [&[][..], &[0], &[99], &[3, 4, 70], &[0, 50, 51, 99]] {
            let mut tried = 0;
            let kept = smallest(100, &mut |kept| {
                tried += 1;
                Ok(needed.iter().all(|part| kept.contains(part)))
            });
            assert_eq!(kept.unwrap(), needed);
            assert!(tried < 200, "{tried}");
        }
        assert_eq!(smallest(0, &mut |_| Ok(true)).unwrap(), [0; 0]);
    }

    #[test]
    fn parts_that_may_only_go_together_stay() {
        // Three of them must be there, or all ten.
        let kept = smallest(10, &mut |kept| Ok(kept.len() >= 3)).unwrap();
        assert_eq!(kept.len(), 3);
    }
}
