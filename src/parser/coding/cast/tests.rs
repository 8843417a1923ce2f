//! Who is who in sentences of our own.

mod measure;
