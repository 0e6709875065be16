//! Times of things done in turn.

use std::time::{Duration, Instant};

/// For how long the things are done over and over, together.
const LONG_ENOUGH: Duration = Duration::from_millis(1500);

/// And how often at least.
const OFTEN_ENOUGH: usize = 20;

/// The shortest time of each thing. Whatever else the machine does can only add to a time, so the shortest says most.
pub(crate) fn shortest<const N: usize>(things: [&dyn Fn(); N]) -> [Duration; N] {
    let mut times = [Duration::MAX; N];
    let start = Instant::now();
    let mut turns = 0;
    while turns < OFTEN_ENOUGH || start.elapsed() < LONG_ENOUGH {
        for (time, thing) in times.iter_mut().zip(things) {
            let start = Instant::now();
            thing();
            *time = start.elapsed().min(*time);
        }
        turns += 1;
    }
    times
}

/// A time in milliseconds.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The geometric mean.
pub(crate) fn mean(ratios: &[f64]) -> f64 {
    (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp()
}
