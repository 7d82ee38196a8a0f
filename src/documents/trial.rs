//! Remembers which chunks the library is working on, so that one it stumbles over can be left out next time.
//!
//! Automerge takes some bytes that no honest program writes for an error of its own and panics, and a panic ends the
//! program that runs in a browser. Whoever starts it again tells what was on trial: first those chunks are taken one
//! by one, which finds the one at fault, and then that one is refused, and quarantined like any unreadable one.
//! Holds hashes of chunks and nothing else.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

/// The hash of a chunk.
pub type Mark = [u8; 32];

thread_local! {
    // A panic leaves nothing else behind that could tell.
    static TRIAL: RefCell<Trial> = const { RefCell::new(Trial {
        accused: Vec::new(),
        suspects: Vec::new(),
        refused: Vec::new(),
    }) };
}

struct Trial {
    accused: Vec<Mark>,
    suspects: Vec<Mark>,
    refused: Vec<Mark>,
}

/// What earlier runs of the program died of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// One of these; they are taken one by one.
    pub suspects: Vec<Mark>,
    /// Each of these; they are refused.
    pub refused: Vec<Mark>,
}

impl Lesson {
    /// Learns from one more panic what was on trial then; true if that was anything new.
    pub fn learn(&mut self, on_trial: &[Mark]) -> bool {
        match on_trial {
            [] => false,
            [culprit] if self.suspects.contains(culprit) => {
                self.suspects.clear();
                add(&mut self.refused, culprit)
            }
            several => {
                let before = self.suspects.len();
                for mark in several {
                    add(&mut self.suspects, mark);
                }
                self.suspects.len() > before
            }
        }
    }
}

/// Adds a mark; false if it was there.
fn add(marks: &mut Vec<Mark>, mark: &Mark) -> bool {
    let is_new = !marks.contains(mark);
    if is_new {
        marks.push(*mark);
    }
    is_new
}

/// The chunks that the library was given last, on this thread.
pub fn on_trial() -> Vec<Mark> {
    TRIAL.with_borrow(|trial| trial.accused.clone())
}

/// Heeds what earlier runs died of, on this thread.
pub fn heed(lesson: &Lesson) {
    TRIAL.with_borrow_mut(|trial| {
        trial.suspects.clone_from(&lesson.suspects);
        trial.refused.clone_from(&lesson.refused);
        trial.accused.clear();
    });
}

/// What becomes of a chunk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    /// It is taken with the others.
    Good,
    /// It is taken alone.
    Suspect,
    /// It is not taken.
    Refused,
}

/// Puts chunks on trial, until the next ones are; what becomes of each.
pub(super) fn begin(chunks: &[Vec<u8>]) -> Vec<Standing> {
    let marks: Vec<Mark> = chunks
        .iter()
        .map(|chunk| *blake3::hash(chunk).as_bytes())
        .collect();
    TRIAL.with_borrow_mut(|trial| {
        let standings: Vec<Standing> = marks.iter().map(|mark| trial.standing(mark)).collect();
        trial.accused.clear();
        let good = marks.iter().zip(&standings);
        let good = good.filter(|(_, standing)| **standing == Standing::Good);
        trial.accused.extend(good.map(|(mark, _)| *mark));
        standings
    })
}

/// Puts one suspect on trial.
pub(super) fn begin_alone(chunk: &[u8]) {
    let mark = *blake3::hash(chunk).as_bytes();
    TRIAL.with_borrow_mut(|trial| {
        trial.accused.clear();
        trial.accused.push(mark);
    });
}

/// Nothing is on trial: what a suspect could do was tried.
pub(super) fn end() {
    TRIAL.with_borrow_mut(|trial| trial.accused.clear());
}

impl Trial {
    fn standing(&self, mark: &Mark) -> Standing {
        if self.refused.contains(mark) {
            Standing::Refused
        } else if self.suspects.contains(mark) {
            Standing::Suspect
        } else {
            Standing::Good
        }
    }
}
