//! The journal's side of the wire: each version of each request, and frames that are none.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use borderwire::journal::wire::frame;
use borderwire::message::Topic;
use bytes::{Buf, Bytes, BytesMut};
use kafka_protocol::messages::describe_configs_request::DescribeConfigsResource;
use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use kafka_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use kafka_protocol::messages::leave_group_request::MemberIdentity;
use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use kafka_protocol::messages::offset_fetch_request::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopic, OffsetFetchRequestTopics,
};
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use kafka_protocol::messages::*;
use kafka_protocol::protocol::{Decodable, Encodable, StrBytes};
use kafka_protocol::records::RecordBatchDecoder;

use crate::journal_support::{PATIENCE, Served, records, settings, wait_until};

/// The number that every request of these tests carries.
const CORRELATION: i32 = 77;

fn text(text: &'static str) -> StrBytes {
    StrBytes::from_static_str(text)
}

fn topic() -> TopicName {
    TopicName(text(Topic::Events.name()))
}

fn group() -> GroupId {
    GroupId(text("group"))
}

/// Returns a request with something in each of its arrays.
fn request(key: ApiKey, version: i16) -> RequestKind {
    match key {
        ApiKey::ApiVersions => RequestKind::ApiVersions(
            ApiVersionsRequest::default()
                .with_client_software_name(text("test"))
                .with_client_software_version(text("1")),
        ),
        ApiKey::Metadata => RequestKind::Metadata(
            MetadataRequest::default()
                .with_topics(Some(vec![MetadataRequestTopic::default().with_name(Some(topic()))])),
        ),
        ApiKey::Produce => {
            RequestKind::Produce(ProduceRequest::default().with_acks(1).with_topic_data(vec![
                TopicProduceData::default().with_name(topic()).with_partition_data(vec![
                    PartitionProduceData::default()
                        .with_records(Some(Bytes::from_static(b"whatever"))),
                ]),
            ]))
        }
        ApiKey::Fetch => RequestKind::Fetch(
            FetchRequest::default()
                .with_replica_id(BrokerId(-1))
                .with_min_bytes(1)
                .with_max_bytes(1 << 20)
                .with_topics(vec![
                    FetchTopic::default().with_topic(topic()).with_partitions(
                        (0..4)
                            .map(|partition| {
                                FetchPartition::default()
                                    .with_partition(partition)
                                    .with_partition_max_bytes(1 << 20)
                            })
                            .collect(),
                    ),
                ]),
        ),
        ApiKey::ListOffsets => RequestKind::ListOffsets(
            ListOffsetsRequest::default().with_replica_id(BrokerId(-1)).with_topics(vec![
                ListOffsetsTopic::default().with_name(topic()).with_partitions(vec![
                    ListOffsetsPartition::default().with_timestamp(-2),
                    ListOffsetsPartition::default().with_partition_index(1).with_timestamp(5),
                ]),
            ]),
        ),
        ApiKey::OffsetCommit => RequestKind::OffsetCommit(
            OffsetCommitRequest::default().with_group_id(group()).with_topics(vec![
                OffsetCommitRequestTopic::default().with_name(topic()).with_partitions(vec![
                    OffsetCommitRequestPartition::default()
                        .with_committed_offset(3)
                        .with_committed_metadata(Some(text("note"))),
                ]),
            ]),
        ),
        ApiKey::OffsetFetch if version < 8 => RequestKind::OffsetFetch(
            OffsetFetchRequest::default().with_group_id(group()).with_topics(Some(vec![
                OffsetFetchRequestTopic::default()
                    .with_name(topic())
                    .with_partition_indexes(vec![0, 1]),
            ])),
        ),
        ApiKey::OffsetFetch => {
            RequestKind::OffsetFetch(OffsetFetchRequest::default().with_groups(vec![
                OffsetFetchRequestGroup::default().with_group_id(group()).with_topics(Some(vec![
                    OffsetFetchRequestTopics::default()
                        .with_name(topic())
                        .with_partition_indexes(vec![0, 1]),
                ])),
            ]))
        }
        ApiKey::FindCoordinator if version < 4 => {
            RequestKind::FindCoordinator(FindCoordinatorRequest::default().with_key(text("group")))
        }
        ApiKey::FindCoordinator => RequestKind::FindCoordinator(
            FindCoordinatorRequest::default().with_coordinator_keys(vec![text("group")]),
        ),
        ApiKey::JoinGroup => RequestKind::JoinGroup(
            JoinGroupRequest::default()
                .with_group_id(GroupId(StrBytes::from_string(format!("joins-{version}"))))
                .with_session_timeout_ms(6000)
                .with_rebalance_timeout_ms(if version > 0 { 6000 } else { -1 })
                .with_protocol_type(text("consumer"))
                .with_protocols(vec![
                    JoinGroupRequestProtocol::default()
                        .with_name(text("range"))
                        .with_metadata(Bytes::from_static(b"metadata")),
                ]),
        ),
        ApiKey::SyncGroup => RequestKind::SyncGroup(
            SyncGroupRequest::default()
                .with_group_id(group())
                .with_member_id(text("nobody"))
                .with_assignments(vec![
                    SyncGroupRequestAssignment::default()
                        .with_member_id(text("nobody"))
                        .with_assignment(Bytes::from_static(b"share")),
                ]),
        ),
        ApiKey::Heartbeat => RequestKind::Heartbeat(
            HeartbeatRequest::default().with_group_id(group()).with_member_id(text("nobody")),
        ),
        ApiKey::LeaveGroup if version < 3 => RequestKind::LeaveGroup(
            LeaveGroupRequest::default().with_group_id(group()).with_member_id(text("nobody")),
        ),
        ApiKey::LeaveGroup => RequestKind::LeaveGroup(
            LeaveGroupRequest::default()
                .with_group_id(group())
                .with_members(vec![MemberIdentity::default().with_member_id(text("nobody"))]),
        ),
        ApiKey::ListGroups => RequestKind::ListGroups(
            ListGroupsRequest::default()
                .with_states_filter(if version >= 4 { vec![text("empty")] } else { vec![] })
                .with_types_filter(if version >= 5 { vec![text("classic")] } else { vec![] }),
        ),
        ApiKey::DescribeGroups => {
            RequestKind::DescribeGroups(DescribeGroupsRequest::default().with_groups(vec![group()]))
        }
        ApiKey::DeleteGroups => RequestKind::DeleteGroups(
            DeleteGroupsRequest::default().with_groups_names(vec![GroupId(text("none"))]),
        ),
        ApiKey::DescribeConfigs => {
            RequestKind::DescribeConfigs(DescribeConfigsRequest::default().with_resources(vec![
                DescribeConfigsResource::default()
                    .with_resource_type(2)
                    .with_resource_name(text(Topic::Events.name()))
                    .with_configuration_keys(Some(vec![text("cleanup.policy")])),
            ]))
        }
        ApiKey::DescribeCluster => RequestKind::DescribeCluster(DescribeClusterRequest::default()),
        ApiKey::InitProducerId => RequestKind::InitProducerId(InitProducerIdRequest::default()),
        other => panic!("{other:?} is served, but not tested"),
    }
}

/// Returns the request as a frame, without its length.
fn frame_of(key: ApiKey, version: i16) -> Vec<u8> {
    let mut out = BytesMut::new();
    let header = RequestHeader::default()
        .with_request_api_key(key as i16)
        .with_request_api_version(version)
        .with_correlation_id(CORRELATION)
        .with_client_id(Some(text("test")));
    header.encode(&mut out, key.request_header_version(version)).unwrap();
    request(key, version).encode(&mut out, version).unwrap();
    out.to_vec()
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

fn send(stream: &mut TcpStream, frame: &[u8]) -> std::io::Result<()> {
    stream.write_all(&(frame.len() as u32).to_be_bytes())?;
    stream.write_all(frame)
}

/// Reads an answer; `None` where the connection was closed instead.
fn receive(stream: &mut TcpStream) -> Option<Bytes> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).ok()?;
    let mut answer = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut answer).ok()?;
    Some(answer.into())
}

fn ask(stream: &mut TcpStream, key: ApiKey, version: i16) -> ResponseKind {
    send(stream, &frame_of(key, version)).unwrap();
    let mut answer = receive(stream).unwrap_or_else(|| panic!("{key:?} {version}: closed"));
    let header = ResponseHeader::decode(&mut answer, key.response_header_version(version)).unwrap();
    assert_eq!(header.correlation_id, CORRELATION);
    let response = ResponseKind::decode(key, &mut answer, version).unwrap();
    assert!(!answer.has_remaining(), "{key:?} {version}: {} bytes are left", answer.len());
    response
}

/// Returns what the journal says that it serves.
fn served_versions(stream: &mut TcpStream) -> Vec<(ApiKey, i16)> {
    let ResponseKind::ApiVersions(versions) = ask(stream, ApiKey::ApiVersions, 3) else {
        panic!("another answer");
    };
    let keys = versions.api_keys.iter();
    keys.flat_map(|api| {
        let key = ApiKey::try_from(api.api_key).unwrap();
        (api.min_version..=api.max_version).map(move |version| (key, version))
    })
    .collect()
}

#[test]
fn each_version_of_each_request_is_answered() {
    let served = Served::new();
    served.journal.append(&records(Topic::Events, 0..100)).unwrap();
    let mut stream = connect(served.address);
    let versions = served_versions(&mut stream);
    assert!(versions.len() > 90, "{versions:?}");
    for (key, version) in versions {
        let answer = ask(&mut stream, key, version);
        match answer {
            ResponseKind::Fetch(fetch) => {
                let partitions = fetch.responses.into_iter().flat_map(|topic| topic.partitions);
                let records = partitions.filter_map(|partition| partition.records);
                let records: usize = records
                    .filter(|records| !records.is_empty())
                    .map(|records| {
                        RecordBatchDecoder::decode(&mut records.clone()).unwrap().records.len()
                    })
                    .sum();
                assert_eq!(records, 100, "version {version}");
            }
            ResponseKind::Produce(produce) => {
                let partition = &produce.responses[0].partition_responses[0];
                assert_eq!(partition.error_code, 29, "version {version}");
            }
            ResponseKind::ListOffsets(list) => {
                assert_eq!(list.topics[0].partitions[0].offset, 0, "version {version}");
            }
            ResponseKind::OffsetFetch(fetch) => {
                let offset = match fetch.topics.first() {
                    Some(topic) => topic.partitions[0].committed_offset,
                    None => fetch.groups[0].topics[0].partitions[0].committed_offset,
                };
                assert_eq!(offset, 3, "version {version}: committed by the request before");
            }
            ResponseKind::ListGroups(list) => {
                assert_eq!(list.groups[0].group_id, group(), "version {version}");
            }
            ResponseKind::Heartbeat(beat) => assert_eq!(beat.error_code, 25),
            _ => {}
        }
    }
}

#[test]
fn newer_versions_are_told_what_is_served() {
    let served = Served::new();
    let mut stream = connect(served.address);
    let mut newer = frame_of(ApiKey::ApiVersions, 4);
    newer[3] = 99;
    send(&mut stream, &newer).unwrap();
    let mut answer = receive(&mut stream).unwrap();
    assert_eq!(answer.get_i32(), CORRELATION);
    let versions = ApiVersionsResponse::decode(&mut answer, 0).unwrap();
    assert_eq!(versions.error_code, 35);
    assert!(versions.api_keys.len() > 15);
    // The connection is good for another try; of other requests, newer versions end it.
    ask(&mut stream, ApiKey::Metadata, 12);
    let mut newer = frame_of(ApiKey::Metadata, 12);
    newer[3] = 99;
    send(&mut stream, &newer).unwrap();
    assert_eq!(receive(&mut stream), None);
}

/// A generator that the same seed makes give the same (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

/// Makes a frame that a client would not send out of one that it would.
fn spoil(frame: &mut Vec<u8>, random: &mut Random) {
    const LIES: [&[u8]; 7] = [
        &[0x7f, 0xff, 0xff, 0xff],
        &[0xff, 0xff, 0xff, 0xff],
        &[0xff, 0xff, 0xff, 0xff, 0x0f],
        &[0xff, 0xff, 0xff, 0xff, 0x7f],
        &[0x80, 0, 0, 0],
        &[0x7f, 0xff],
        &[0, 0, 0x10, 0],
    ];
    for _ in 0..=random.below(3) {
        let place = random.below(frame.len());
        match random.below(5) {
            0 => frame.truncate(place),
            1 => frame[place] = random.below(256) as u8,
            2 => {
                let lie = LIES[random.below(LIES.len())];
                let end = (place + lie.len()).min(frame.len());
                frame[place..end].copy_from_slice(&lie[..end - place]);
            }
            3 => {
                let lie = LIES[random.below(LIES.len())];
                frame.splice(place..place, lie.iter().copied());
            }
            _ => frame.extend((0..random.below(40)).map(|byte| byte as u8)),
        }
        if frame.is_empty() {
            return;
        }
    }
}

#[test]
fn hostile_frames_harm_only_their_connection() {
    const SEEDS: u64 = 3_000;
    let served = Served::new();
    served.journal.append(&records(Topic::Events, 0..100)).unwrap();
    let mut steady = connect(served.address);
    let versions = served_versions(&mut steady);
    eprintln!("seeds 1..={SEEDS}");
    let mut streams: Vec<TcpStream> = Vec::new();
    for seed in 1..=SEEDS {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let (key, version) = versions[random.below(versions.len())];
        let mut frame = frame_of(key, version);
        spoil(&mut frame, &mut random);
        let mut stream = connect(served.address);
        // Some frames have a length that lies, too; an error means that it was closed already.
        let length = match random.below(8) {
            0 => random.below(1 << 31),
            _ => frame.len(),
        };
        let mut bytes = (length as u32).to_be_bytes().to_vec();
        bytes.extend(frame);
        let _closed_early = stream.write_all(&bytes);
        // Some stay open, as clients do that wait.
        if streams.len() < 50 {
            streams.push(stream);
        } else {
            streams[random.below(50)] = stream;
        }
        if seed % 100 == 0 {
            ask(&mut steady, ApiKey::Metadata, 12);
        }
    }
    drop(streams);
    let ResponseKind::Fetch(fetch) = ask(&mut steady, ApiKey::Fetch, 11) else {
        panic!("another answer");
    };
    assert_eq!(fetch.responses[0].partitions.len(), 4);
    served.journal.append(&records(Topic::Events, 100..110)).unwrap();
    drop(steady);
    wait_until("all connections are closed", || served.journal.counts().connections == 0);
}

#[test]
fn spoiled_frames_are_refused_or_read_but_never_abort() {
    let served = Served::new();
    let versions = served_versions(&mut connect(served.address));
    let mut refused = 0;
    for (key, version) in versions {
        let whole = frame_of(key, version);
        assert!(frame::decode(whole.clone().into()).is_ok(), "{key:?} {version}");
        for end in 0..whole.len() {
            let cut = frame::decode(Bytes::copy_from_slice(&whole[..end]));
            assert!(cut.is_err(), "{key:?} {version} cut at {end}");
        }
        // The count of an array, wherever it lies: decoding such a one would abort.
        for place in 8..whole.len() {
            for lie in [&[0x7f, 0xff, 0xff, 0xff][..], &[0xff, 0xff, 0xff, 0xff, 0x0f]] {
                let mut spoiled = whole.clone();
                let end = (place + lie.len()).min(spoiled.len());
                spoiled[place..end].copy_from_slice(&lie[..end - place]);
                refused += usize::from(frame::decode(spoiled.into()).is_err());
            }
        }
    }
    assert!(refused > 1_000, "{refused}");
}

#[test]
fn a_huge_frame_is_refused_at_its_length() {
    let served = Served::new();
    let mut steady = connect(served.address);
    for length in [i32::MAX, 2 << 20 | 1, -1, i32::MIN] {
        let mut stream = connect(served.address);
        stream.write_all(&length.to_be_bytes()).unwrap();
        assert_eq!(receive(&mut stream), None, "{length}");
        ask(&mut steady, ApiKey::Metadata, 12);
    }
}

#[test]
fn a_slow_frame_is_given_up_and_others_do_not_wait_for_it() {
    let served = Served::new();
    let mut slow = connect(served.address);
    slow.write_all(&[0, 0, 0]).unwrap();
    let mut steady = connect(served.address);
    ask(&mut steady, ApiKey::Metadata, 12);
    assert_eq!(receive(&mut slow), None, "closed by the server");
    ask(&mut steady, ApiKey::Metadata, 12);
}

#[test]
fn one_connection_too_many_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let few = borderwire::config::Journal { connections_max: 2, ..settings() };
    let served = Served::in_folder(dir.path(), &few);
    let mut first = connect(served.address);
    let mut second = connect(served.address);
    ask(&mut first, ApiKey::Metadata, 12);
    ask(&mut second, ApiKey::Metadata, 12);
    let mut third = connect(served.address);
    let _closed_early = send(&mut third, &frame_of(ApiKey::Metadata, 12));
    assert_eq!(receive(&mut third), None);
    drop(first);
    wait_until("one is gone", || served.journal.counts().connections == 1);
    ask(&mut connect(served.address), ApiKey::Metadata, 12);
}

#[test]
fn what_is_asked_for_often_is_answered_once() {
    let served = Served::new();
    let mut stream = connect(served.address);
    let mut frame = BytesMut::new();
    let header = RequestHeader::default()
        .with_request_api_key(ApiKey::Metadata as i16)
        .with_request_api_version(12)
        .with_correlation_id(CORRELATION);
    header.encode(&mut frame, 2).unwrap();
    let same = MetadataRequestTopic::default().with_name(Some(topic()));
    let request = MetadataRequest::default().with_topics(Some(vec![same; 10_000]));
    request.encode(&mut frame, 12).unwrap();
    send(&mut stream, &frame).unwrap();
    let mut answer = receive(&mut stream).unwrap();
    let _correlation = ResponseHeader::decode(&mut answer, 1).unwrap();
    let metadata = MetadataResponse::decode(&mut answer, 12).unwrap();
    assert_eq!(metadata.topics.len(), 1);
}

#[test]
fn clients_are_told_the_host_that_is_configured_or_the_one_they_came_by() {
    for (advertise, host) in [(Some("feeds.example"), "feeds.example"), (None, "127.0.0.1")] {
        let dir = tempfile::tempdir().unwrap();
        let advertise = advertise.map(str::to_owned);
        let settings = borderwire::config::Journal { advertise, ..settings() };
        let served = Served::in_folder(dir.path(), &settings);
        let mut stream = connect(served.address);
        let ResponseKind::Metadata(metadata) = ask(&mut stream, ApiKey::Metadata, 12) else {
            panic!("another answer");
        };
        assert_eq!(metadata.brokers[0].host.as_str(), host);
        assert_eq!(metadata.brokers[0].port, i32::from(served.address.port()));
        let ResponseKind::FindCoordinator(found) = ask(&mut stream, ApiKey::FindCoordinator, 4)
        else {
            panic!("another answer");
        };
        assert_eq!(found.coordinators[0].host.as_str(), host);
    }
}
