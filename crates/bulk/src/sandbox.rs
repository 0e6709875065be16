//! A worker limits itself before it sees the first foreign byte.
//!
//! None of it is a promise: what the system does not offer is told to the supervisor, which says so once, and the run goes on.

use crate::protocol::Limit;

/// What came of one limit: its name, and why it could not be set.
fn limit(name: &str, result: Result<(), String>) -> Limit {
    Limit { name: name.to_owned(), missing: result.err() }
}

/// Limits this process, whose supervisor is `parent`. `None` where the supervisor is gone already: then there is nothing to do here.
pub(crate) fn enter(parent: u32, memory: u64) -> Option<Vec<Limit>> {
    use rustix::process::Resource;

    let mut limits = vec![limit("death with the supervisor", die_with_parent())];
    // Where the supervisor ended before that was set, somebody else has become our parent.
    if std::os::unix::process::parent_id() != parent {
        return None;
    }
    limits.push(limit("address space", at_most(Resource::As, memory)));
    limits.push(limit("no core files", at_most(Resource::Core, 0)));
    limits.push(limit("no writing to files", at_most(Resource::Fsize, 0)));
    limits.push(limit("landlock", lock()));
    Some(limits)
}

fn at_most(resource: rustix::process::Resource, most: u64) -> Result<(), String> {
    // What the user has limited further stays so.
    let before = rustix::process::getrlimit(resource);
    let most = [before.current, before.maximum].into_iter().flatten().fold(most, u64::min);
    let limit = rustix::process::Rlimit { current: Some(most), maximum: Some(most) };
    rustix::process::setrlimit(resource, limit).map_err(|error| error.to_string())
}

#[cfg(target_os = "linux")]
fn die_with_parent() -> Result<(), String> {
    use rustix::process::{Signal, set_parent_process_death_signal};
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(|error| error.to_string())
}

#[cfg(not(target_os = "linux"))]
fn die_with_parent() -> Result<(), String> {
    Err("not available on this system; the end of its pipe ends a worker".to_owned())
}

/// Files may be read, and nothing else: not written, not made, not run; and no connection may be opened.
#[cfg(target_os = "linux")]
fn lock() -> Result<(), String> {
    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _, RulesetStatus,
        Scope, path_beneath_rules,
    };
    const NEWEST: ABI = ABI::V6;
    let locked = || {
        Ruleset::default()
            .handle_access(AccessFs::from_all(NEWEST))?
            .handle_access(AccessNet::from_all(NEWEST))?
            .scope(Scope::from_all(NEWEST))?
            .create()?
            .add_rules(path_beneath_rules(["/"], AccessFs::ReadFile | AccessFs::ReadDir))?
            .restrict_self()
    };
    match locked() {
        Ok(status) if status.ruleset == RulesetStatus::NotEnforced => Err("not available here".to_owned()),
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(not(target_os = "linux"))]
fn lock() -> Result<(), String> {
    Err("not available on this system".to_owned())
}
