//! Plays a target in a process of its own, so that even an abort, an endless loop or all memory taken is one finding.
//!
//! The child writes each input down before it is tried; whatever ends the child, the parent knows the input.

use std::{
    cell::Cell,
    fs::{self, File},
    io::{Read as _, Seek as _, Write as _},
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use crate::fuzz::{TARGETS, mutation::Chance};

/// The test below, by which a target runs in a child.
const CHILD: &str = "fuzz::run::a_target_survives_in_a_process_of_its_own";
/// Without it every run is the same, so that the gate's answer does not depend on luck.
const SEED: u64 = 1;
/// How long one input may take before it is called endless.
const ENDLESS: Duration = Duration::from_mins(1);
/// Kilobytes of address space: some for the test program itself, and no more than a tablet could give.
const MEMORY_KB: u64 = 1_500_000;

/// Something that must survive whatever it is given.
pub(crate) trait Target {
    /// Tries one wrong input, written down first; it panics if the code under test breaks a promise.
    fn round(&mut self, chance: &mut Chance, notes: &mut Notes);
}

/// Writes down what is tried, and counts what was taken.
pub(crate) struct Notes {
    file: File,
    taken: u64,
}

impl Notes {
    /// Writes an input down before it is tried.
    pub(crate) fn trying(&mut self, input: &[u8]) {
        self.file.rewind().unwrap();
        let length = u64::try_from(input.len()).unwrap();
        let head = [
            length.to_be_bytes(),
            SERIAL.fetch_add(1, Ordering::Relaxed).to_be_bytes(),
        ];
        self.file
            .write_all(&[head.as_flattened(), input].concat())
            .unwrap();
    }

    /// An input was taken as if it were right.
    pub(crate) const fn taken(&mut self) {
        self.taken += 1;
    }
}

static SERIAL: AtomicU64 = AtomicU64::new(0);
/// Panics of our own code, and of Automerge's, which the app survives by starting again.
static PANICS: AtomicU64 = AtomicU64::new(0);
static LIBRARY_PANICS: AtomicU64 = AtomicU64::new(0);
thread_local! {
    static LAST_WAS_THE_LIBRARYS: Cell<bool> = const { Cell::new(false) };
}

/// Whether the last panic on this thread was in the library that documents are made with.
pub(crate) fn is_the_librarys() -> bool {
    LAST_WAS_THE_LIBRARYS.get()
}

/// Tells the panics of the library from our own; only ours are shown.
fn sort_panics() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let place = info.location().map(|place| place.file().to_owned());
        let place = place.unwrap_or_default();
        if std::env::var_os("NG_FUZZ_SHOW").is_some() {
            eprintln!("{info}\n{}", std::backtrace::Backtrace::force_capture());
        }
        let is_theirs = place.contains("/automerge-") || place.contains("/hexane-");
        LAST_WAS_THE_LIBRARYS.set(is_theirs);
        if is_theirs {
            LIBRARY_PANICS.fetch_add(1, Ordering::SeqCst);
        } else {
            PANICS.fetch_add(1, Ordering::SeqCst);
            before(info);
        }
    }));
}

/// Plays every target that was asked for, two at a time; panics with all findings.
pub(crate) fn all() {
    let only = std::env::var("NG_FUZZ_TARGET").ok();
    let seed = number("NG_FUZZ_SEED").unwrap_or(SEED);
    let chosen: Vec<&str> = TARGETS
        .iter()
        .map(|(name, ..)| *name)
        .filter(|name| only.as_deref().is_none_or(|only| only == *name))
        .collect();
    assert!(!chosen.is_empty(), "expected a target, found {only:?}");
    println!("seed {seed}");
    let lanes: Vec<Vec<&str>> = (0..2)
        .map(|lane| chosen.iter().skip(lane).step_by(2).copied().collect())
        .collect();
    let findings: Vec<String> = std::thread::scope(|scope| {
        let lanes: Vec<_> = lanes
            .into_iter()
            .map(|lane| {
                scope.spawn(move || {
                    let played = lane.into_iter().filter_map(|name| play(name, seed).err());
                    played.collect::<Vec<_>>()
                })
            })
            .collect();
        lanes
            .into_iter()
            .flat_map(|lane| lane.join().unwrap())
            .collect()
    });
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// One target in a child; what it was trying when it ended badly.
fn play(name: &str, seed: u64) -> Result<(), String> {
    let notes = std::env::temp_dir().join(format!("ng-fuzz-{}-{name}", std::process::id()));
    let mut child = limited(std::env::current_exe().unwrap())
        .args([CHILD, "--exact", "--nocapture", "--test-threads=1"])
        .env("NG_FUZZ_CHILD", name)
        .env("NG_FUZZ_SEED", seed.to_string())
        .env("NG_FUZZ_NOTES", &notes)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (out, err) = (read(child.stdout.take()), read(child.stderr.take()));
    let (ended, said) = watch(&mut child, &notes, &out);
    let complained = err.recv().unwrap();
    let tried = fs::read(&notes).unwrap_or_default();
    let _gone = fs::remove_file(&notes);
    for line in said.lines().filter(|line| line.starts_with("fuzz ")) {
        println!("{line}");
    }
    if ended == Some(true) {
        return Ok(());
    }
    let how = if ended.is_none() {
        "did not end"
    } else {
        "ended badly"
    };
    Err(format!(
        "{name} (seed {seed}) {how}, trying {}\n{complained}",
        hex::encode(tried.get(16..).unwrap_or_default())
    ))
}

/// The program with a limit on its memory, where the system has one.
fn limited(program: PathBuf) -> Command {
    if cfg!(not(unix)) {
        return Command::new(program);
    }
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &format!("ulimit -v {MEMORY_KB}; exec \"$0\" \"$@\"")])
        .arg(program);
    shell
}

fn read(pipe: Option<impl std::io::Read + Send + 'static>) -> mpsc::Receiver<String> {
    let (done, text) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _broken = pipe.unwrap().read_to_end(&mut bytes);
        let _nobody_waits = done.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    text
}

/// Waits for the child's end: whether it ended well, or nothing if it tried one input all that time; and what it said.
fn watch(child: &mut Child, notes: &Path, out: &mpsc::Receiver<String>) -> (Option<bool>, String) {
    let mut before = None;
    loop {
        match out.recv_timeout(ENDLESS) {
            Ok(said) => return (Some(child.wait().unwrap().success()), said),
            Err(mpsc::RecvTimeoutError::Disconnected) => panic!("expected the reader to tell"),
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let now = head(notes);
                if now.is_some() && now == before {
                    child.kill().unwrap();
                    child.wait().unwrap();
                    return (None, out.recv().unwrap());
                }
                before = now;
            }
        }
    }
}

/// Which input is being tried.
fn head(notes: &Path) -> Option<[u8; 16]> {
    let mut head = [0; 16];
    let mut file = File::open(notes).ok()?;
    file.read_exact(&mut head).ok()?;
    Some(head)
}

/// For how long a target is tried and has been; no test is judged by it.
#[expect(
    clippy::disallowed_methods,
    reason = "a long run is asked for in seconds"
)]
fn now() -> Instant {
    Instant::now()
}

/// How far the child goes.
enum Until {
    Rounds(u64),
    Time(Instant),
}

#[test]
fn a_target_survives_in_a_process_of_its_own() {
    let asked = std::env::var("NG_FUZZ_CHILD").ok();
    // As a test of its own it plays the first target for a moment, here and without a limit.
    let name = asked.as_deref().unwrap_or(TARGETS[0].0);
    let (name, rounds, make) = TARGETS.iter().find(|(found, ..)| *found == name).unwrap();
    let until = match (number("NG_FUZZ_SECONDS"), &asked) {
        (Some(seconds), Some(_)) => Until::Time(now() + Duration::from_secs(seconds)),
        (None, Some(_)) => Until::Rounds(*rounds),
        (_, None) => Until::Rounds(200),
    };
    let notes = std::env::var_os("NG_FUZZ_NOTES").map_or_else(
        || std::env::temp_dir().join(format!("ng-fuzz-{}", std::process::id())),
        PathBuf::from,
    );
    let file = File::create(&notes).unwrap();
    let seed = number("NG_FUZZ_SEED").unwrap_or(SEED);
    let mut target = make();
    let begun = now();
    let mut notes_of = Notes { file, taken: 0 };
    if asked.is_some() {
        sort_panics();
    }
    let mut round = 0;
    while match until {
        Until::Rounds(rounds) => round < rounds,
        Until::Time(end) => now() < end,
    } {
        let mut chance = Chance::new(seed, name, round);
        let tried = panic::catch_unwind(AssertUnwindSafe(|| {
            target.round(&mut chance, &mut notes_of);
        }));
        // Threads of a relay panic by themselves; that counts as well.
        let quiet = PANICS.load(Ordering::SeqCst) == 0;
        assert!(
            tried.is_ok() && quiet,
            "round {round} of {name}, seed {seed}"
        );
        round += 1;
    }
    drop(target);
    let taken = notes_of.taken;
    let seconds = begun.elapsed().as_secs_f32();
    let theirs = match LIBRARY_PANICS.load(Ordering::SeqCst) {
        0 => String::new(),
        panics => format!(", {panics} panics of the library survived"),
    };
    println!(
        "\nfuzz {name}: {round} rounds, {taken} taken, {seconds:.1} s, peak {} MB{theirs}",
        peak()
    );
    if asked.is_none() {
        let _gone = fs::remove_file(&notes);
    }
}

/// The most memory that this process had at once, in megabytes; 0 where the system does not say.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}
