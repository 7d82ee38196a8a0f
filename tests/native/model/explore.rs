//! Every state that can be reached, nearest first, so that the first broken one is told by the shortest story.

use std::collections::{BTreeMap, VecDeque};

/// A world that can go on in several ways.
pub(crate) trait World: Clone + Ord {
    /// Everything that can happen next, each with its name.
    fn next(&self) -> Vec<(String, Self)>;

    /// What is broken in this state, if anything is.
    fn broken(&self) -> Option<String>;
}

/// Looks at every state that so many events lead to: how many there are, or the story of the first that is broken.
pub(crate) fn explore<W: World>(first: W, most: usize) -> Result<usize, Vec<String>> {
    let mut came_by: BTreeMap<W, Option<(W, String)>> = BTreeMap::new();
    came_by.insert(first.clone(), None);
    let mut open = VecDeque::from([(first, 0)]);
    while let Some((world, events)) = open.pop_front() {
        if let Some(trouble) = world.broken() {
            return Err(story(&came_by, world, trouble));
        }
        if events == most {
            continue;
        }
        for (name, next) in world.next() {
            if !came_by.contains_key(&next) {
                came_by.insert(next.clone(), Some((world.clone(), name)));
                open.push_back((next, events + 1));
            }
        }
    }
    Ok(came_by.len())
}

fn story<W: World>(
    came_by: &BTreeMap<W, Option<(W, String)>>,
    mut world: W,
    trouble: String,
) -> Vec<String> {
    let mut told = vec![trouble];
    while let Some(Some((before, name))) = came_by.get(&world) {
        told.push(name.clone());
        world = before.clone();
    }
    told.reverse();
    told
}
