//! Requests on their way: from an engine or a push, through one tablet's network, to the relay and back, or not.

use std::rc::Rc;

use neutral_ground::engine::event::{Answer, Event, NoAnswer};
use sync_protocol::{EnvelopeId, frame::PullAnswer};

use crate::simulator::{
    adversary::{Trick, keep_office_page},
    due::{Asker, Due, Request},
    network::{Heard, Signal, passage},
    outbox::{Drain, Wanted},
    relay::{Reply, push_codes},
    tally::Count,
    world::World,
};

impl World {
    /// Pushes the outbox, or remembers to do so again after the push that is under way.
    pub(crate) fn push(&mut self, device: usize) {
        let tablet = &mut self.devices[device];
        if tablet.drain.is_some() {
            tablet.drains_again = true;
            return;
        }
        if let Some(drain) = Drain::begin(&tablet.disk.rows, self.plan.outbox_fault) {
            self.posted += 1;
            tablet.drain = Some((self.posted, drain));
            self.drain_goes_on(device);
        }
    }

    fn drain_goes_on(&mut self, device: usize) {
        let tablet = &mut self.devices[device];
        let Some((number, mut drain)) = tablet.drain.take() else {
            return;
        };
        match drain.go_on(&tablet.disk.rows) {
            Wanted::Post { path, body } => {
                tablet.drain = Some((number, drain));
                self.post(device, Asker::Drain(number), path, None, body);
            }
            Wanted::Report(report) => {
                let life = tablet.life;
                let again = core::mem::take(&mut tablet.drains_again);
                let event = Event::OutboxDrained(report);
                self.agenda.after(1, Due::Engine(device, life, event));
                if again {
                    self.push(device);
                }
            }
        }
    }

    pub(crate) fn post(
        &mut self,
        device: usize,
        asker: Asker,
        path: String,
        authorization: Option<String>,
        body: Vec<u8>,
    ) {
        self.posted += 1;
        let request = Rc::new(Request {
            device,
            number: self.posted,
            asker,
            path,
            authorization,
            body,
        });
        let signal = self.devices[device].signal;
        let passage = passage(signal, self.is_rough, &mut self.network, &mut self.tally);
        let mut heard = Some(passage.heard);
        match passage.heard {
            Heard::Nothing(after) => {
                let nothing = Due::Heard(device, asker, None);
                self.agenda.after(after, nothing);
                heard = None;
            }
            Heard::Page { after, status } => {
                let page = b"<!doctype html><title>Log in</title>".to_vec();
                let reply = Some((status, false, page));
                self.agenda.after(after, Due::Heard(device, asker, reply));
                heard = None;
            }
            Heard::Answer | Heard::HalfOfIt => {}
        }
        for arrival in passage.arrivals {
            let due = Due::Arrival(Rc::clone(&request), heard.take());
            self.agenda.after(arrival, due);
        }
    }

    pub(crate) fn arrive(&mut self, request: &Rc<Request>, heard: Option<Heard>) {
        let latest = self.latest.entry(request.device).or_default();
        if request.number < *latest {
            self.tally.add(Count::Overtaken);
        }
        *latest = request.number.max(*latest);
        let authorization = request.authorization.as_deref();
        let now = self.agenda.now();
        let mut reply = self
            .relay
            .post(now, &request.path, authorization, &request.body);
        self.note_receipts(request, &reply);
        if self.plan.trick == Some(Trick::Misdelivers) {
            keep_office_page(&reply, &mut self.kept_page);
        }
        if let Some(trick) = self.plan.trick.filter(|_| self.is_rough)
            && self.network.chance(400)
            && let Some(changed) = trick.play(
                &reply,
                &self.relay.key,
                self.kept_page.as_ref(),
                &mut self.network,
            )
        {
            self.tally.add(Count::Tampered);
            reply = changed;
        }
        if heard == Some(Heard::HalfOfIt) {
            reply.2.truncate(reply.2.len() / 2);
        }
        if heard.is_some() {
            let wait = self.network.between(5, 120);
            let due = Due::Heard(request.device, request.asker, Some(reply));
            self.agenda.after(wait, due);
        }
    }

    /// What the relay says it holds, it must hold in the end, whether anybody heard it or not.
    fn note_receipts(&mut self, request: &Request, (status, _, answer): &Reply) {
        if *status != 200 || !request.path.ends_with("/push") {
            return;
        }
        let sent = sync_protocol::frame::PushRequest::decode(&request.body).unwrap();
        let codes = push_codes(answer, sent.envelopes.len()).expect("the relay's own form");
        let mut any = false;
        for (bytes, code) in sent.envelopes.iter().zip(codes) {
            let count = match code {
                0 => Count::Accepted,
                1 => Count::AlreadyThere,
                _ => Count::Refused,
            };
            self.tally.add(count);
            any |= code == 0;
            if code < 2 {
                let id = EnvelopeId::from_bytes(*blake3::hash(bytes).as_bytes());
                self.ledger.receipts.insert(id);
                self.ledger.lost.remove(&id);
            }
        }
        if any {
            self.poke_others(request.device);
        }
    }

    fn poke_others(&mut self, author: usize) {
        for device in 0..self.devices.len() {
            let tablet = &self.devices[device];
            let reached = tablet.is_listening && tablet.signal == Signal::There;
            let lost = self.is_rough && self.network.chance(200);
            if device != author && reached && !lost {
                let life = tablet.life;
                let wait = self.network.between(5, 200);
                let poke = Due::Engine(device, life, Event::Poked(Vec::new()));
                self.agenda.after(wait, poke);
            }
        }
    }

    /// True of what an honest relay says in another life than the one in which it lost something.
    fn tells_of_loss(&self, answer: &Answer) -> bool {
        !self.ledger.lost.is_empty()
            && self.plan.trick.is_none()
            && PullAnswer::open(&answer.body)
                .is_ok_and(|pulled| pulled.incarnation == self.relay.incarnation())
    }

    pub(crate) fn hear(&mut self, device: usize, asker: Asker, reply: Option<Reply>) {
        match asker {
            Asker::Engine(life, id) => {
                let answer = reply.map(|(status, binary, body)| Answer {
                    status,
                    binary,
                    body,
                });
                let tells = answer
                    .as_ref()
                    .is_some_and(|answer| self.tells_of_loss(answer));
                let contact = self.devices[device].sync.last_contact;
                let event = Event::Answered(id, answer.ok_or(NoAnswer));
                self.engine_hears(device, life, event);
                let tablet = &mut self.devices[device];
                // Whoever locked meanwhile takes nothing of the answer.
                let listens = tablet.life == life && tablet.sync.last_contact != contact;
                tablet.knows_of_loss |= tells && listens;
            }
            Asker::Drain(number) => {
                let tablet = &mut self.devices[device];
                if let Some((_, drain)) = tablet.drain.as_mut().filter(|(at, _)| *at == number) {
                    drain.hear(reply, &mut tablet.disk.rows);
                    self.drain_goes_on(device);
                }
            }
        }
    }
}
