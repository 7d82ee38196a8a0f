//! A store in memory. It answers as the browser's does: whole batches, keys in order.

use std::collections::BTreeMap;

use crate::engine::{
    effect::{Batch, Part, Write},
    event::Rows,
    storage::key::{Key, Range, Table},
};

/// Tables in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryStore {
    tables: BTreeMap<Table, BTreeMap<Key, Vec<u8>>>,
}

impl MemoryStore {
    /// Writes a whole batch.
    pub fn commit(&mut self, batch: &Batch) {
        for write in &batch.writes {
            match write {
                Write::Put(table, key, value) => {
                    self.tables
                        .entry(*table)
                        .or_default()
                        .insert(key.clone(), value.clone());
                }
                Write::Delete(table, key) => {
                    self.tables.entry(*table).or_default().remove(key);
                }
                Write::DeleteRange(table, range) => {
                    self.tables
                        .entry(*table)
                        .or_default()
                        .retain(|key, _| !range.holds(key));
                }
            }
        }
    }

    /// Reads ranges, in order.
    pub fn read(&self, ranges: &[(Table, Range, Part)]) -> Vec<Rows> {
        ranges
            .iter()
            .map(|(table, range, part)| self.rows(*table, range, *part))
            .collect()
    }

    /// Every byte held, for a search that must find nothing.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (key, value) in self.tables.values().flatten() {
            bytes.extend_from_slice(&key.0);
            bytes.extend_from_slice(value);
        }
        bytes
    }

    fn rows(&self, table: Table, range: &Range, part: Part) -> Rows {
        let Some(rows) = self.tables.get(&table) else {
            return Rows::new();
        };
        let from = match range {
            Range::All => Key(Vec::new()),
            Range::One(key) => key.clone(),
            Range::Prefix(prefix) => Key(prefix.clone()),
        };
        rows.range(from..)
            .take_while(|(key, _)| range.holds(key))
            .map(|(key, value)| match part {
                Part::Keys => (key.clone(), Vec::new()),
                Part::Rows => (key.clone(), value.clone()),
            })
            .collect()
    }
}
