//! The journal's file: opened again, refused where it must be, all or nothing.

use std::fs;
use std::path::Path;

use borderwire::config;
use borderwire::feed::FeedId;
use borderwire::journal::{Journal, JournalError, Listener};
use borderwire::message::{Batch, StateRecord, Topic};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use url::Url;

use crate::journal_support::{FIRST_MS, Process, Served, records, settings, wait_until};

fn open(dir: &Path) -> Result<Journal, JournalError> {
    Journal::open(dir, &settings())
}

fn state(name: &str, value: Option<&str>) -> StateRecord {
    let feed = FeedId::of(&Url::parse(&format!("https://{name}.example/")).unwrap());
    StateRecord { feed, value: value.map(|value| value.as_bytes().to_vec()) }
}

fn appended(journal: &Journal, topic: Topic) -> u64 {
    let counts = journal.counts().appended;
    counts.into_iter().find(|(known, _)| *known == topic).unwrap().1
}

/// Opens the file beside the journal, to count or to spoil.
fn file(dir: &Path) -> Connection {
    let connection = Connection::open(dir.join("borderwire.db")).unwrap();
    connection.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    connection
}

fn count(dir: &Path, table: &str) -> i64 {
    let select = format!("SELECT count(*) FROM {table}");
    file(dir).query_row(&select, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_journal_is_as_it_was_when_it_is_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("made/if/need/be");
    let journal = open(&folder).unwrap();
    let mut batch = records(Topic::Events, 0..10);
    batch.messages.extend(records(Topic::Feeds, 0..10).messages);
    batch.states = vec![state("a", Some("1")), state("b", Some("2"))];
    journal.append(&batch).unwrap();
    let states = vec![state("a", None), state("b", Some("3")), state("c", Some("4"))];
    journal.append(&Batch { messages: Vec::new(), states }).unwrap();
    let (table, states) = (journal.table(Topic::Feeds).unwrap(), journal.states().unwrap());
    assert_eq!(table.len(), 10);
    assert_eq!(states.len(), 2);
    assert!(states.contains(&state("b", Some("3"))) && states.contains(&state("c", Some("4"))));
    drop(journal);

    let journal = open(&folder).unwrap();
    assert_eq!(journal.table(Topic::Feeds).unwrap(), table);
    assert_eq!(journal.states().unwrap(), states);
    assert_eq!(appended(&journal, Topic::Events), 10);
    journal.append(&records(Topic::Events, 10..20)).unwrap();
    assert_eq!(appended(&journal, Topic::Events), 20);
}

#[test]
fn partitions_are_those_it_was_made_with() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(open(dir.path()).unwrap().partitions(), 4);
    let other = config::Journal { partitions: 9, ..settings() };
    assert_eq!(Journal::open(dir.path(), &other).unwrap().partitions(), 4);
    let none = config::Journal { partitions: 0, ..settings() };
    let refused = Journal::open(dir.path(), &none).unwrap_err().to_string();
    assert!(refused.contains("`partitions` in [journal] is 0; give a number"), "{refused}");
}

#[test]
fn a_table_has_the_newest_value_of_each_key() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path()).unwrap();
    let mut batch = records(Topic::Feeds, 0..6);
    for (number, message) in batch.messages.iter_mut().enumerate() {
        message.key = ["a", "b", "c"][number % 3].to_owned();
    }
    batch.messages[5].value = None;
    journal.append(&batch).unwrap();
    let mut table = journal.table(Topic::Feeds).unwrap();
    table.sort();
    let row = |key: &str, value: &str| (key.to_owned(), value.as_bytes().to_vec());
    assert_eq!(table, [row("a", "value-3"), row("b", "value-4")]);
    assert!(matches!(journal.table(Topic::Events), Err(JournalError::NoTable(Topic::Events))));
}

#[test]
fn a_second_instance_is_refused_and_told_of_the_first() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path()).unwrap();
    let refused = open(dir.path()).unwrap_err();
    assert!(!refused.can_retry());
    let refused = refused.to_string();
    for part in [&format!("process {}", std::process::id()), "borderwire.lock", "`state-dir`"] {
        assert!(refused.contains(part), "{refused}");
    }
    drop(journal);
    let process = Process::start(dir.path(), 0);
    let refused = open(dir.path()).unwrap_err().to_string();
    assert!(refused.contains(&format!("process {}", process.id())), "{refused}");
    process.kill();
    open(dir.path()).unwrap();
}

#[test]
fn a_file_of_a_later_version_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()).unwrap());
    file(dir.path()).pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(dir.path().join("borderwire.db")).unwrap();
    let refused = open(dir.path()).unwrap_err();
    assert!(matches!(refused, JournalError::Newer { found: 99, .. }), "{refused}");
    assert!(refused.to_string().contains("run the later version"), "{refused}");
    assert_eq!(fs::read(dir.path().join("borderwire.db")).unwrap(), before);
}

#[test]
fn a_file_that_is_no_journal_is_refused_and_left_as_it_is() {
    for content in ["this is no database, but a text of some length", "database"] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("borderwire.db");
        if content == "database" {
            let connection = Connection::open(&path).unwrap();
            connection.execute_batch("CREATE TABLE theirs(a); PRAGMA user_version = 1").unwrap();
        } else {
            fs::write(&path, content).unwrap();
        }
        let before = fs::read(&path).unwrap();
        let refused = open(dir.path()).unwrap_err();
        assert!(matches!(refused, JournalError::Foreign { .. }), "{refused:?}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

#[test]
fn a_folder_that_cannot_be_made_or_written_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let taken = dir.path().join("file");
    fs::write(&taken, "").unwrap();
    // A file where a folder is to be; and the kernel's own, where not even root writes.
    for folder in [taken.join("state"), Path::new("/proc/sys/kernel").to_owned()] {
        let refused = open(&folder).unwrap_err();
        assert!(matches!(refused, JournalError::Folder { .. }), "{refused:?}");
        assert!(refused.to_string().contains("`state-dir` in [daemon]"), "{refused}");
    }
}

#[test]
fn a_taken_port_is_told() {
    let served = Served::new();
    let dir = tempfile::tempdir().unwrap();
    let same = config::Journal { listen: served.address, ..settings() };
    let journal = std::sync::Arc::new(open(dir.path()).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let refused = runtime.block_on(Listener::bind(journal, &same)).unwrap_err();
    assert!(matches!(refused, JournalError::PortTaken { .. }), "{refused:?}");
    let refused = refused.to_string();
    for part in [&served.address.to_string(), "`listen` in [journal]"] {
        assert!(refused.contains(part), "{refused}");
    }
}

#[test]
fn a_batch_that_fails_leaves_nothing_and_can_be_appended_again() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path()).unwrap();
    journal.append(&records(Topic::Events, 0..5)).unwrap();
    let mut batch = records(Topic::Events, 5..10);
    batch.states = vec![state("a", Some("1")), state("b", Some("2"))];
    // The last of the batch fails, as on a full disk.
    file(dir.path())
        .execute_batch(
            "CREATE TRIGGER spoil BEFORE INSERT ON states WHEN (SELECT count(*) FROM states) = 1
             BEGIN SELECT RAISE(ABORT, 'spoilt'); END",
        )
        .unwrap();
    journal.append(&batch).unwrap_err();
    assert_eq!((count(dir.path(), "records"), count(dir.path(), "states")), (5, 0));
    assert_eq!(appended(&journal, Topic::Events), 5);
    file(dir.path()).execute_batch("DROP TRIGGER spoil").unwrap();
    journal.append(&batch).unwrap();
    assert_eq!((count(dir.path(), "records"), count(dir.path(), "states")), (10, 2));
    assert_eq!(appended(&journal, Topic::Events), 10);
}

#[test]
fn a_message_beyond_the_limit_is_refused_with_its_batch() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path()).unwrap();
    let mut batch = records(Topic::Events, 0..3);
    batch.messages[2].value = Some(vec![b'x'; borderwire::message::MESSAGE_BYTES_MAX]);
    let refused = journal.append(&batch).unwrap_err();
    assert!(matches!(refused, JournalError::TooLarge { .. }) && !refused.can_retry(), "{refused}");
    assert_eq!(count(dir.path(), "records"), 0);
}

#[test]
fn old_records_go_and_new_ones_stay() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path()).unwrap();
    // A record a second from a day in 2023 on; entries are kept for 400 days.
    for topic in [Topic::Entries, Topic::Events, Topic::DeadLetters] {
        journal.append(&records(topic, 0..2_000)).unwrap();
    }
    let begin = Timestamp::from_millisecond(FIRST_MS).unwrap();
    journal.clean(begin + SignedDuration::from_hours(400 * 24)).unwrap();
    assert_eq!(count(dir.path(), "records"), 4_000, "dead letters are kept for 90 days");
    let later = begin + SignedDuration::from_hours(400 * 24) + SignedDuration::from_secs(1_500);
    journal.clean(later).unwrap();
    assert_eq!(count(dir.path(), "records"), 2_500, "entries of the last 500 seconds are left");
    assert_eq!(appended(&journal, Topic::Entries), 2_000, "offsets go on");
}

#[test]
fn compaction_leaves_the_newest_of_each_key_and_then_forgets_tombstones() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path()).unwrap();
    journal.append(&records(Topic::Feeds, 0..970)).unwrap();
    let mut tombstones = records(Topic::Feeds, 0..10);
    for message in &mut tombstones.messages {
        message.value = None;
    }
    journal.append(&tombstones).unwrap();
    let now = borderwire::clock::now();
    journal.clean(now).unwrap();
    assert_eq!(count(dir.path(), "records"), 980, "readers that follow see all for a while");
    journal.clean(now + SignedDuration::from_hours(1)).unwrap();
    assert_eq!(count(dir.path(), "records"), 97, "87 values, 10 tombstones");
    let table = journal.table(Topic::Feeds).unwrap();
    assert_eq!(table.len(), 87);
    journal.clean(now + SignedDuration::from_hours(8 * 24)).unwrap();
    assert_eq!(count(dir.path(), "records"), 87);
    assert_eq!(count(dir.path(), "latest"), 87);
    assert_eq!(count(dir.path(), "doomed"), 0);
    assert_eq!(journal.table(Topic::Feeds).unwrap(), table);
}

#[test]
fn the_log_is_copied_into_the_file_while_appends_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path()).unwrap();
    let mut batch = records(Topic::Events, 0..250);
    for message in &mut batch.messages {
        message.value = Some(vec![b'x'; 4_000]);
    }
    wait_until("a long file and a short log", || {
        journal.append(&batch).unwrap();
        let counts = journal.counts();
        counts.file_bytes > 32 << 20 && counts.log_bytes <= 20 << 20
    });
}

#[test]
fn the_file_shrinks_when_records_go() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path()).unwrap();
    let mut batch = records(Topic::DeadLetters, 0..2_000);
    for message in &mut batch.messages {
        message.value = Some(vec![b'x'; 4_000]);
    }
    journal.append(&batch).unwrap();
    journal.clean(Timestamp::from_millisecond(FIRST_MS).unwrap()).unwrap();
    drop(journal);
    let size = || fs::metadata(dir.path().join("borderwire.db")).unwrap().len();
    let full = size();
    assert!(full > 8_000_000, "{full}");
    let journal = open(dir.path()).unwrap();
    journal.clean(borderwire::clock::now()).unwrap();
    drop(journal);
    assert!(size() < full / 10, "{} of {full}", size());
}

#[test]
fn a_reader_comes_to_the_end_though_the_last_records_are_gone() {
    use rdkafka::consumer::{BaseConsumer, Consumer};
    use rdkafka::error::KafkaError;
    let served = Served::new();
    let mut batch = records(Topic::Feeds, 0..40);
    for message in &mut batch.messages[20..] {
        message.key = "gone".to_owned();
        message.value = None;
    }
    served.journal.append(&batch).unwrap();
    let later = borderwire::clock::now() + SignedDuration::from_hours(30 * 24);
    served.journal.clean(later).unwrap();
    let consumer: BaseConsumer = rdkafka::ClientConfig::new()
        .set("bootstrap.servers", served.address.to_string())
        .set("group.id", "end")
        .set("enable.partition.eof", "true")
        .create()
        .unwrap();
    let mut list = rdkafka::TopicPartitionList::new();
    for partition in 0..4 {
        let begin = rdkafka::Offset::Beginning;
        list.add_partition_offset(Topic::Feeds.name(), partition, begin).unwrap();
    }
    consumer.assign(&list).unwrap();
    drop(list);
    let (mut values, mut ends) = (0, std::collections::BTreeSet::new());
    let begun = std::time::Instant::now();
    while ends.len() < 4 {
        assert!(begun.elapsed() < crate::journal_support::PATIENCE, "{values}, {ends:?}");
        match consumer.poll(std::time::Duration::from_millis(100)) {
            Some(Ok(_)) => values += 1,
            Some(Err(KafkaError::PartitionEOF(partition))) => {
                ends.insert(partition);
            }
            _ => {}
        }
    }
    assert_eq!(values, 20);
}
