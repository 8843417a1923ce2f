//! Settings of topics and of the broker, for tools that show them.

use std::collections::BTreeSet;

use kafka_protocol::ResponseError;
use kafka_protocol::messages::describe_configs_request::DescribeConfigsResource;
use kafka_protocol::messages::describe_configs_response::{
    DescribeConfigsResourceResult, DescribeConfigsResult,
};
use kafka_protocol::messages::{DescribeConfigsRequest, DescribeConfigsResponse};

use super::metadata::BROKER;
use super::{Server, text};
use crate::message::Topic;

/// Kinds of resources in the protocol.
const TOPIC: i8 = 2;
const BROKER_KIND: i8 = 4;
/// Where a setting comes from: set on the topic, or fixed by the program.
const SOURCE_TOPIC: i8 = 1;
const SOURCE_FIXED: i8 = 4;

/// Describes the settings of each resource.
pub(super) fn configs(server: &Server, request: DescribeConfigsRequest) -> DescribeConfigsResponse {
    // Each once: else a short request could ask for a very long answer.
    let mut seen = BTreeSet::new();
    let first = |resource: &DescribeConfigsResource| {
        seen.insert((resource.resource_type, resource.resource_name.clone()))
    };
    let results = request.resources.into_iter().filter(first).map(|resource| {
        match settings(server, &resource) {
            Some((source, settings)) => {
                let wanted = |name: &str| {
                    let keys = resource.configuration_keys.as_ref();
                    keys.is_none_or(|keys| keys.iter().any(|key| key.as_str() == name))
                };
                let configs = settings.into_iter().filter(|(name, _)| wanted(name));
                let configs = configs.map(|(name, value)| {
                    DescribeConfigsResourceResult::default()
                        .with_name(text(name))
                        .with_value(Some(text(value)))
                        .with_read_only(true)
                        .with_config_source(source)
                });
                DescribeConfigsResult::default().with_configs(configs.collect())
            }
            None => DescribeConfigsResult::default()
                .with_error_code(ResponseError::UnknownTopicOrPartition.code())
                .with_error_message(Some(text("there is no such topic or broker"))),
        }
        .with_resource_type(resource.resource_type)
        .with_resource_name(resource.resource_name)
    });
    DescribeConfigsResponse::default().with_results(results.collect())
}

/// Returns the settings and where they come from; `None` where there is no such resource.
fn settings(
    server: &Server,
    resource: &DescribeConfigsResource,
) -> Option<(i8, Vec<(&'static str, String)>)> {
    let name = resource.resource_name.as_str();
    match resource.resource_type {
        TOPIC => Topic::named(name).map(|topic| (SOURCE_TOPIC, topic.settings())),
        BROKER_KIND if name.is_empty() || name == BROKER.to_string() => {
            let partitions = server.journal.store.partitions.to_string();
            let settings = vec![
                ("auto.create.topics.enable", "false".to_owned()),
                ("num.partitions", partitions),
            ];
            Some((SOURCE_FIXED, settings))
        }
        _ => None,
    }
}
