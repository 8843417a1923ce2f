//! The shapes of the requests that we serve: which fields, of which size, since which version.
//!
//! Source: Kafka protocol guide, "API keys"; the schemas of the crate kafka-protocol 0.18.

use kafka_protocol::messages::ApiKey;

/// What a field is, as far as its length on the wire goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// So many bytes.
    Fixed(usize),
    /// A length, and so many bytes; or null.
    Text,
    /// The same with a longer length.
    Bytes,
    /// A count, and so many of these; or null.
    Array(&'static Shape),
    /// Fields, in order; flexible versions end with tagged ones.
    Fields(&'static [Field]),
}

/// A field, and in which versions it is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) since: i16,
    pub(super) until: i16,
    pub(super) shape: Shape,
}

/// A request that we serve.
#[derive(Clone, Copy, Debug)]
pub(in crate::journal) struct Api {
    pub(in crate::journal) key: ApiKey,
    /// First and last version.
    pub(in crate::journal) versions: (i16, i16),
    /// First version with compact lengths and tagged fields.
    pub(super) flexible_since: i16,
    pub(super) shape: Shape,
}

const fn always(shape: Shape) -> Field {
    Field { since: 0, until: i16::MAX, shape }
}

const fn since(since: i16, shape: Shape) -> Field {
    Field { since, until: i16::MAX, shape }
}

const fn until(until: i16, shape: Shape) -> Field {
    Field { since: 0, until, shape }
}

const INT8: Shape = Shape::Fixed(1);
const INT16: Shape = Shape::Fixed(2);
const INT32: Shape = Shape::Fixed(4);
const INT64: Shape = Shape::Fixed(8);
const UUID: Shape = Shape::Fixed(16);
const TEXT: Shape = Shape::Text;
const TEXTS: Shape = Shape::Array(&TEXT);
const INTS: Shape = Shape::Array(&INT32);

/// The requests that we serve, with the versions that we tell clients.
///
/// Fetch ends at 11: 12 has a tagged field of its own and 13 needs no names, and no client asks for
/// either. Elsewhere the last version is the last before topic ids or the next group protocol.
pub(in crate::journal) const APIS: &[Api] = &[
    Api {
        key: ApiKey::Produce,
        versions: (3, 11),
        flexible_since: 9,
        shape: Shape::Fields(&[
            always(TEXT),
            always(INT16),
            always(INT32),
            always(Shape::Array(&Shape::Fields(&[
                always(TEXT),
                always(Shape::Array(&Shape::Fields(&[always(INT32), always(Shape::Bytes)]))),
            ]))),
        ]),
    },
    Api {
        key: ApiKey::Fetch,
        versions: (4, 11),
        flexible_since: 12,
        shape: Shape::Fields(&[
            always(INT32),
            always(INT32),
            always(INT32),
            always(INT32),
            always(INT8),
            since(7, INT32),
            since(7, INT32),
            always(Shape::Array(&Shape::Fields(&[
                always(TEXT),
                always(Shape::Array(&Shape::Fields(&[
                    always(INT32),
                    since(9, INT32),
                    always(INT64),
                    since(5, INT64),
                    always(INT32),
                ]))),
            ]))),
            since(7, Shape::Array(&Shape::Fields(&[always(TEXT), always(INTS)]))),
            since(11, TEXT),
        ]),
    },
    Api {
        key: ApiKey::ListOffsets,
        versions: (1, 7),
        flexible_since: 6,
        shape: Shape::Fields(&[
            always(INT32),
            since(2, INT8),
            always(Shape::Array(&Shape::Fields(&[
                always(TEXT),
                always(Shape::Array(&Shape::Fields(&[
                    always(INT32),
                    since(4, INT32),
                    always(INT64),
                ]))),
            ]))),
        ]),
    },
    Api {
        key: ApiKey::Metadata,
        versions: (0, 12),
        flexible_since: 9,
        shape: Shape::Fields(&[
            always(Shape::Array(&Shape::Fields(&[since(10, UUID), always(TEXT)]))),
            since(4, INT8),
            Field { since: 8, until: 10, shape: INT8 },
            since(8, INT8),
        ]),
    },
    Api {
        key: ApiKey::OffsetCommit,
        versions: (2, 8),
        flexible_since: 8,
        shape: Shape::Fields(&[
            always(TEXT),
            always(INT32),
            always(TEXT),
            since(7, TEXT),
            until(4, INT64),
            always(Shape::Array(&Shape::Fields(&[
                always(TEXT),
                always(Shape::Array(&Shape::Fields(&[
                    always(INT32),
                    always(INT64),
                    since(6, INT32),
                    always(TEXT),
                ]))),
            ]))),
        ]),
    },
    Api {
        key: ApiKey::OffsetFetch,
        versions: (1, 8),
        flexible_since: 6,
        shape: Shape::Fields(&[
            until(7, TEXT),
            until(7, Shape::Array(&Shape::Fields(&[always(TEXT), always(INTS)]))),
            since(
                8,
                Shape::Array(&Shape::Fields(&[
                    always(TEXT),
                    always(Shape::Array(&Shape::Fields(&[always(TEXT), always(INTS)]))),
                ])),
            ),
            since(7, INT8),
        ]),
    },
    Api {
        key: ApiKey::FindCoordinator,
        versions: (0, 4),
        flexible_since: 3,
        shape: Shape::Fields(&[until(3, TEXT), since(1, INT8), since(4, TEXTS)]),
    },
    Api {
        key: ApiKey::JoinGroup,
        versions: (0, 9),
        flexible_since: 6,
        shape: Shape::Fields(&[
            always(TEXT),
            always(INT32),
            since(1, INT32),
            always(TEXT),
            since(5, TEXT),
            always(TEXT),
            always(Shape::Array(&Shape::Fields(&[always(TEXT), always(Shape::Bytes)]))),
            since(8, TEXT),
        ]),
    },
    Api {
        key: ApiKey::Heartbeat,
        versions: (0, 4),
        flexible_since: 4,
        shape: Shape::Fields(&[always(TEXT), always(INT32), always(TEXT), since(3, TEXT)]),
    },
    Api {
        key: ApiKey::LeaveGroup,
        versions: (0, 5),
        flexible_since: 4,
        shape: Shape::Fields(&[
            always(TEXT),
            until(2, TEXT),
            since(3, Shape::Array(&Shape::Fields(&[always(TEXT), always(TEXT), since(5, TEXT)]))),
        ]),
    },
    Api {
        key: ApiKey::SyncGroup,
        versions: (0, 5),
        flexible_since: 4,
        shape: Shape::Fields(&[
            always(TEXT),
            always(INT32),
            always(TEXT),
            since(3, TEXT),
            since(5, TEXT),
            since(5, TEXT),
            always(Shape::Array(&Shape::Fields(&[always(TEXT), always(Shape::Bytes)]))),
        ]),
    },
    Api {
        key: ApiKey::DescribeGroups,
        versions: (0, 5),
        flexible_since: 5,
        shape: Shape::Fields(&[always(TEXTS), since(3, INT8)]),
    },
    Api {
        key: ApiKey::ListGroups,
        versions: (0, 5),
        flexible_since: 3,
        shape: Shape::Fields(&[since(4, TEXTS), since(5, TEXTS)]),
    },
    Api {
        key: ApiKey::ApiVersions,
        versions: (0, 4),
        flexible_since: 3,
        shape: Shape::Fields(&[since(3, TEXT), since(3, TEXT)]),
    },
    Api {
        key: ApiKey::InitProducerId,
        versions: (0, 4),
        flexible_since: 2,
        shape: Shape::Fields(&[always(TEXT), always(INT32), since(3, INT64), since(3, INT16)]),
    },
    Api {
        key: ApiKey::DescribeConfigs,
        versions: (1, 4),
        flexible_since: 4,
        shape: Shape::Fields(&[
            always(Shape::Array(&Shape::Fields(&[always(INT8), always(TEXT), always(TEXTS)]))),
            always(INT8),
            since(3, INT8),
        ]),
    },
    Api {
        key: ApiKey::DeleteGroups,
        versions: (0, 2),
        flexible_since: 2,
        shape: Shape::Fields(&[always(TEXTS)]),
    },
    Api {
        key: ApiKey::DescribeCluster,
        versions: (0, 1),
        flexible_since: 0,
        shape: Shape::Fields(&[always(INT8), since(1, INT8)]),
    },
];
