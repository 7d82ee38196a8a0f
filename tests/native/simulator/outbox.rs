//! What `public/outbox.js` does, step by step, so that anything can happen between two of them.
//!
//! It sees finished envelopes only. It lives in a page or in the service worker: it may outlive the engine that asked.

use neutral_ground::engine::{
    effect::{Batch, Part, Write},
    event::{DrainTrouble, Drained},
    storage::{
        key::{Key, Range, Table},
        memory::MemoryStore,
    },
};

use crate::simulator::relay::{Reply, push_codes};

const BATCH_ROWS: usize = 256;
const BATCH_BYTES: usize = 1024 * 1024;
const MOST_SPLITS: u32 = 24;
const MALFORMED: u8 = 7;
const TOO_LARGE: u8 = 9;
const NOT_KNOWN: [u8; 2] = [10, 12];
const SLOW_DOWN: u8 = 13;

type Rows = Vec<(Key, Vec<u8>)>;

/// What a broken push does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutboxFault {
    /// Takes silence for success.
    ForgetsUnanswered,
    /// Takes every page with status 200 for the relay's answer.
    BelievesAnyPage,
}

impl OutboxFault {
    fn forgets(self, answer: Option<&Reply>) -> bool {
        match self {
            Self::ForgetsUnanswered => answer.is_none(),
            Self::BelievesAnyPage => answer.is_some_and(|(status, ..)| *status == 200),
        }
    }
}

/// One drain of the outbox.
pub(crate) struct Drain {
    fault: Option<OutboxFault>,
    path: String,
    after: Option<Key>,
    /// Requests still to make of the rows that were read, next one last.
    to_send: Vec<Rows>,
    under_way: Rows,
    splits: u32,
    report: Drained,
}

/// What a drain wants next.
pub(crate) enum Wanted {
    /// This request answered.
    Post {
        /// Where.
        path: String,
        /// What.
        body: Vec<u8>,
    },
    /// Nothing: it has ended.
    Report(Drained),
}

impl Drain {
    /// Begins with what is durable; `None` where there is no relay to push to yet.
    pub(crate) fn begin(rows: &MemoryStore, fault: Option<OutboxFault>) -> Option<Self> {
        let target = rows
            .read(&[(Table::Meta, Range::One(Key::meta("relay")), Part::Rows)])
            .remove(0);
        let target = String::from_utf8(target.first()?.1.clone()).unwrap();
        let centre = target.split("\"centre\":\"").nth(1).unwrap();
        let centre = centre.trim_end_matches("\"}");
        Some(Self {
            fault,
            path: format!("/v1/{centre}/push"),
            after: None,
            to_send: Vec::new(),
            under_way: Vec::new(),
            splits: 0,
            report: Drained::default(),
        })
    }

    /// Goes on: with the next part of what was read, or with the next rows.
    pub(crate) fn go_on(&mut self, rows: &MemoryStore) -> Wanted {
        if self.report.trouble.is_none() && self.to_send.is_empty() {
            let batch = self.read_batch(rows);
            if let Some((last, _)) = batch.last() {
                self.after = Some(last.clone());
                self.to_send.push(batch);
            }
        }
        match self.to_send.pop() {
            Some(part) if self.report.trouble.is_none() => {
                let body = encode(&part);
                self.under_way = part;
                let path = self.path.clone();
                Wanted::Post { path, body }
            }
            Some(_) | None => {
                let mut report = core::mem::take(&mut self.report);
                if report.trouble.is_none() && !report.refused.is_empty() {
                    report.trouble = Some(DrainTrouble::Refused);
                }
                Wanted::Report(report)
            }
        }
    }

    /// An answer came, or none did; rows that the relay has are forgotten.
    pub(crate) fn hear(&mut self, answer: Option<Reply>, rows: &mut MemoryStore) {
        let sent = core::mem::take(&mut self.under_way);
        if self
            .fault
            .is_some_and(|fault| fault.forgets(answer.as_ref()))
        {
            forget(sent.iter(), rows);
        }
        let Some((status, binary, body)) = answer else {
            self.report.trouble = Some(DrainTrouble::Offline);
            return;
        };
        let whole = binary && (status == 400 || status == 413);
        if whole && sent.len() > 1 && self.splits < MOST_SPLITS {
            self.splits += 1;
            let (first, second) = sent.split_at(sent.len().div_ceil(2));
            self.to_send.push(second.to_vec());
            self.to_send.push(first.to_vec());
            return;
        }
        if whole && let [(key, _)] = &sent[..] {
            let code = if status == 413 { TOO_LARGE } else { MALFORMED };
            self.report.refused.push((key.clone(), code));
            return;
        }
        match judge(status, binary, &body, sent.len()) {
            Ok(codes) => self.take(&sent, &codes, rows),
            Err(trouble) => self.report.trouble = Some(trouble),
        }
    }

    fn take(&mut self, sent: &Rows, codes: &[u8], rows: &mut MemoryStore) {
        let (taken, left): (Vec<_>, Vec<_>) =
            sent.iter().zip(codes).partition(|(_, code)| **code < 2);
        forget(taken.into_iter().map(|(row, _)| row), rows);
        if codes.iter().any(|code| NOT_KNOWN.contains(code)) {
            self.report.trouble = Some(DrainTrouble::UnknownCentre);
        } else if codes.contains(&SLOW_DOWN) {
            self.report.trouble = Some(DrainTrouble::ServerError);
        } else {
            let refused = left
                .into_iter()
                .map(|((key, _), code)| (key.clone(), *code));
            self.report.refused.extend(refused);
        }
    }

    fn read_batch(&self, rows: &MemoryStore) -> Rows {
        let all = rows
            .read(&[(Table::Outbox, Range::All, Part::Rows)])
            .remove(0);
        let mut batch = Rows::new();
        let mut size = 0;
        for (key, bytes) in all {
            let seen = self.after.as_ref().is_some_and(|after| key <= *after);
            let full = !batch.is_empty() && size + bytes.len() > BATCH_BYTES;
            if seen {
                continue;
            }
            if full || batch.len() == BATCH_ROWS {
                break;
            }
            size += bytes.len();
            batch.push((key, bytes));
        }
        batch
    }
}

fn forget<'r>(sent: impl Iterator<Item = &'r (Key, Vec<u8>)>, rows: &mut MemoryStore) {
    let writes = sent.map(|(key, _)| Write::Delete(Table::Outbox, key.clone()));
    rows.commit(&Batch {
        id: 0,
        generation: 0,
        writes: writes.collect(),
    });
}

fn encode(rows: &Rows) -> Vec<u8> {
    let mut body = b"NGP1".to_vec();
    for (_, envelope) in rows {
        body.extend(u32::try_from(envelope.len()).unwrap().to_be_bytes());
        body.extend(envelope);
    }
    body
}

fn judge(status: u16, binary: bool, body: &[u8], count: usize) -> Result<Vec<u8>, DrainTrouble> {
    if status >= 500 || status == 429 {
        return Err(DrainTrouble::ServerError);
    }
    if !binary {
        return Err(DrainTrouble::NotARelay);
    }
    if status != 200 {
        return Err(DrainTrouble::Refused);
    }
    push_codes(body, count).ok_or(DrainTrouble::NotARelay)
}
