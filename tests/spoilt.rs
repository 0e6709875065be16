//! Every document of the corpus with spoilt bytes: whatever stands in it, there is an answer, and soon.
//!
//! What stands in the parts of a package is spoilt as well as the package, and packed again so that the damage reaches the reader. How
//! long an answer may take is counted in time of the processor, so a busy machine does not matter. `NIANBAO_SPOILT=FIRST..END` runs other
//! seeds than the usual ones; fuzzing (`scripts/fuzz`) goes further and takes longer.

mod harm;

use std::convert::Infallible;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use nianbao::Forms;
use nianbao_tests::case::{self, Case};
use nix::time::{ClockId, clock_gettime};

use crate::dice::Dice;
use crate::package::{Parts, packed, parts};

/// How many times each file is spoilt: some fifteen seconds of the processor in all.
const SEEDS: u64 = 8;

/// Larger files take their time to read, and hold nothing that a smaller one does not.
const LARGEST: usize = 128 << 10;

/// A hundred times what the slowest of these files takes on any of our machines; work without bounds goes past every limit.
const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn spoilt_documents_get_an_answer() {
    let cases: Vec<Case> = case::all().unwrap();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                let forms = Forms::builtin();
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let faults = faults(case, &forms);
                    wrong.lock().unwrap().extend(faults);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of them, such as\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}

fn seeds() -> Range<u64> {
    let asked = std::env::var("NIANBAO_SPOILT").ok();
    let range = asked.as_deref().and_then(|text| text.split_once(".."));
    range.map_or(0..SEEDS, |(first, end)| first.parse().unwrap()..end.parse().unwrap())
}

/// What is wrong with the answers to all that is made of a case.
fn faults(case: &Case, forms: &Forms) -> Vec<String> {
    let sound = case.bytes().unwrap();
    if sound.len() > LARGEST {
        return Vec::new();
    }
    let parts = parts(&sound).filter(|parts| parts.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() < LARGEST * 8);
    let mut faults = Vec::new();
    for seed in seeds() {
        let mut dice = Dice::new(seed);
        let outside = (!sound.is_empty()).then(|| harm::spoilt(&sound, &mut dice));
        let inside = parts.as_ref().and_then(|parts| packed(&with_a_spoilt_part(parts, &mut dice)));
        for (place, bytes) in [("file", outside), ("part", inside)] {
            if let Some(fault) = bytes.and_then(|bytes| fault(&case.name, &bytes, forms)) {
                faults.push(format!("{}, seed {seed}, {place}: {fault}", case.name));
            }
        }
    }
    faults
}

/// The part that holds the text (the largest) every second time; else any.
fn with_a_spoilt_part(parts: &Parts, dice: &mut Dice) -> Parts {
    let mut parts = parts.clone();
    let largest = (0..parts.len()).max_by_key(|&index| parts[index].1.len()).unwrap_or_default();
    let index = if dice.chance(50) { largest } else { dice.below(parts.len()) };
    if let Some((_, bytes)) = parts.get_mut(index).filter(|(_, bytes)| !bytes.is_empty()) {
        *bytes = harm::spoilt(bytes, dice);
    }
    parts
}

/// What is wrong with the answer to a file; none where it has one, of a kind that is no fault of ours, in time.
fn fault(name: &str, bytes: &[u8], forms: &Forms) -> Option<String> {
    let began = used();
    let (mut answers, mut fault) = (0, None);
    let Ok(()) = nianbao::documents(name, bytes, |member| {
        let Ok(bytes) = member.bytes else {
            answers += 1;
            return Ok::<(), Infallible>(());
        };
        for output in nianbao::extract(member.path, bytes, forms) {
            answers += 1;
            assert!(serde_json::to_string(&output).is_ok());
            if let Some(failure) = output.failure().filter(|failure| failure.kind == "crashed") {
                fault = Some(failure.message.clone());
            }
        }
        Ok(())
    });
    let took = used() - began;
    if answers == 0 {
        return Some("no answer".to_owned());
    }
    fault.or_else(|| (took > PATIENCE).then(|| format!("took {took:?}")))
}

/// The time that this thread has had of the processor.
fn used() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).unwrap().into()
}
