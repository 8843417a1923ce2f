//! Keeps the groups' clock, and brings their answers to the connections that wait.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::clock;
use crate::journal::group::{Answer, Groups, Reply, Ticket};

/// The groups, and who waits for an answer of theirs.
#[derive(Debug)]
pub(super) struct Coordinator {
    started: Instant,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    groups: Groups,
    waiting: HashMap<Ticket, oneshot::Sender<Reply>>,
    tickets: u64,
}

impl Coordinator {
    /// Returns one without groups.
    pub(super) fn new() -> Self {
        let run = (clock::chance() * (1_u64 << 53) as f64) as u64;
        let inner = Inner { groups: Groups::new(run), waiting: HashMap::new(), tickets: 0 };
        Self { started: Instant::now(), inner: Mutex::new(inner) }
    }

    /// Asks the groups something that is answered at once.
    pub(super) fn ask<T>(&self, ask: impl FnOnce(&mut Groups, Duration) -> T) -> T {
        let now = self.started.elapsed();
        ask(&mut self.lock().groups, now)
    }

    /// Asks the groups something whose answers go to whoever waits for them.
    pub(super) fn tell(&self, tell: impl FnOnce(&mut Groups, Duration) -> Vec<Answer>) {
        let now = self.started.elapsed();
        let mut inner = self.lock();
        let answers = tell(&mut inner.groups, now);
        inner.deliver(answers);
    }

    /// Asks `group` something and waits for the answer; dropped before, the group hears of it.
    ///
    /// `None` where the request was overtaken by another of the same member.
    pub(super) async fn wait(
        &self,
        group: &str,
        ask: impl FnOnce(&mut Groups, Duration, Ticket) -> Vec<Answer>,
    ) -> Option<Reply> {
        let now = self.started.elapsed();
        let (send, mut answer) = oneshot::channel();
        let mut waiter = {
            let mut inner = self.lock();
            inner.tickets += 1;
            let ticket = Ticket(inner.tickets);
            inner.waiting.insert(ticket, send);
            let answers = ask(&mut inner.groups, now, ticket);
            inner.deliver(answers);
            Waiter { coordinator: self, group, ticket, answered: false }
        };
        let reply = (&mut answer).await.ok();
        waiter.answered = true;
        reply
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn deliver(&mut self, answers: Vec<Answer>) {
        for answer in answers {
            if let Some(waiting) = self.waiting.remove(&answer.ticket) {
                // Its connection may have ended in this moment; its session will, too.
                let _gone = waiting.send(answer.reply);
            }
        }
    }
}

/// A request that waits for its group.
struct Waiter<'coordinator> {
    coordinator: &'coordinator Coordinator,
    group: &'coordinator str,
    ticket: Ticket,
    answered: bool,
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        if self.answered {
            return;
        }
        self.coordinator.lock().waiting.remove(&self.ticket);
        self.coordinator.tell(|groups, now| groups.gone(now, self.group, self.ticket));
    }
}
