//! What every store must do, as steps with expected answers, so that two stores can be held to the same words.

use crate::engine::{
    effect::{Batch, Part, Write},
    event::Rows,
    storage::key::{Key, Range, Table},
};

/// One step: a batch to write, then a read and what it must answer.
#[derive(Clone, Debug)]
pub struct Step {
    /// The sentence that the step proves.
    pub says: &'static str,
    /// Written first, in one transaction.
    pub batch: Batch,
    /// Asked for then, in one transaction.
    pub read: Vec<(Table, Range, Part)>,
    /// The answer, one entry a range.
    pub expected: Vec<Rows>,
}

/// Every step, to be taken in order on an empty store.
pub fn steps() -> Vec<Step> {
    let row = |key: &[u8], value: &[u8]| (Key(key.to_vec()), value.to_vec());
    let put =
        |table, key: &[u8], value: &[u8]| Write::Put(table, Key(key.to_vec()), value.to_vec());
    vec![
        step(
            "rows come back in the order of their bytes, whatever the order of writing",
            vec![
                put(Table::Log, &[2, 0], b"b"),
                put(Table::Log, &[1, 0xFF], b"a"),
                put(Table::Log, &[0xFF], b"c"),
            ],
            vec![(Table::Log, Range::All, Part::Rows)],
            vec![vec![
                row(&[1, 0xFF], b"a"),
                row(&[2, 0], b"b"),
                row(&[0xFF], b"c"),
            ]],
        ),
        step(
            "a prefix holds its own rows and no neighbour's",
            vec![
                put(Table::Log, &[2], b"p"),
                put(Table::Log, &[2, 0xFF, 1], b"q"),
                put(Table::Log, &[3], b"r"),
            ],
            vec![
                (Table::Log, Range::Prefix(vec![2]), Part::Rows),
                (Table::Log, Range::Prefix(vec![0xFF]), Part::Rows),
            ],
            vec![
                vec![
                    row(&[2], b"p"),
                    row(&[2, 0], b"b"),
                    row(&[2, 0xFF, 1], b"q"),
                ],
                vec![row(&[0xFF], b"c")],
            ],
        ),
        step(
            "keys can be asked for without their values",
            vec![],
            vec![(Table::Log, Range::Prefix(vec![2]), Part::Keys)],
            vec![vec![
                row(&[2], b""),
                row(&[2, 0], b""),
                row(&[2, 0xFF, 1], b""),
            ]],
        ),
        step(
            "a row is replaced whole, and an empty one is a row",
            vec![put(Table::Meta, b"k", b"old"), put(Table::Meta, b"k", b"")],
            vec![(Table::Meta, Range::One(Key(b"k".to_vec())), Part::Rows)],
            vec![vec![row(b"k", b"")]],
        ),
        step(
            "one batch reaches several tables, and deletes what it names",
            vec![
                put(Table::Outbox, &[9], b"sent later"),
                Write::Delete(Table::Meta, Key(b"k".to_vec())),
                Write::DeleteRange(Table::Log, Range::Prefix(vec![2])),
                Write::Delete(Table::Log, Key(vec![77])),
            ],
            vec![
                (Table::Outbox, Range::All, Part::Rows),
                (Table::Meta, Range::All, Part::Rows),
                (Table::Log, Range::All, Part::Keys),
            ],
            vec![
                vec![row(&[9], b"sent later")],
                vec![],
                vec![row(&[1, 0xFF], b""), row(&[3], b""), row(&[0xFF], b"")],
            ],
        ),
        step(
            "a whole table can be emptied, and the others stay",
            vec![Write::DeleteRange(Table::Log, Range::All)],
            vec![
                (Table::Log, Range::All, Part::Rows),
                (Table::Outbox, Range::All, Part::Keys),
            ],
            vec![vec![], vec![row(&[9], b"")]],
        ),
    ]
}

fn step(
    says: &'static str,
    writes: Vec<Write>,
    read: Vec<(Table, Range, Part)>,
    expected: Vec<Rows>,
) -> Step {
    Step {
        says,
        batch: Batch {
            id: 1,
            generation: 0,
            writes,
        },
        read,
        expected,
    }
}
