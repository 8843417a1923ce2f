//! The hashes that turn a word's features into rows of the embedding tables.

/// Strings that spaCy gives a fixed number to, instead of a hash: `spacy/symbols.pyx`, 3.8.
///
/// Only those that a norm, a prefix, a suffix or a shape can be.
const SYMBOLS: &[(&str, u64)] = &[
    ("ID", 64),
    ("POS", 74),
    ("TAG", 75),
    ("DEP", 76),
    ("ADJ", 84),
    ("ADP", 85),
    ("ADV", 86),
    ("AUX", 87),
    ("DET", 90),
    ("NUM", 93),
    ("SYM", 99),
    ("X", 101),
    ("EOL", 102),
    ("ORG", 383),
    ("GPE", 384),
    ("LOC", 385),
    ("LAW", 390),
    ("acomp", 398),
    ("advcl", 399),
    ("advmod", 400),
    ("agent", 401),
    ("amod", 402),
    ("appos", 403),
    ("attr", 404),
    ("aux", 405),
    ("auxpass", 406),
    ("cc", 407),
    ("ccomp", 408),
    ("complm", 409),
    ("conj", 410),
    ("cop", 411),
    ("csubj", 412),
    ("csubjpass", 413),
    ("dep", 414),
    ("det", 415),
    ("dobj", 416),
    ("expl", 417),
    ("hmod", 418),
    ("hyph", 419),
    ("infmod", 420),
    ("intj", 421),
    ("iobj", 422),
    ("mark", 423),
    ("meta", 424),
    ("neg", 425),
    ("nmod", 426),
    ("nn", 427),
    ("npadvmod", 428),
    ("nsubj", 429),
    ("nsubjpass", 430),
    ("num", 431),
    ("number", 432),
    ("oprd", 433),
    ("obj", 434),
    ("obl", 435),
    ("parataxis", 436),
    ("partmod", 437),
    ("pcomp", 438),
    ("pobj", 439),
    ("poss", 440),
    ("possessive", 441),
    ("preconj", 442),
    ("prep", 443),
    ("prt", 444),
    ("punct", 445),
    ("quantmod", 446),
    ("relcl", 447),
    ("rcmod", 448),
    ("root", 449),
    ("xcomp", 450),
    ("acl", 451),
    ("_", 456),
];

/// Longest of the symbols, in bytes.
const SYMBOL_BYTES_MAX: usize = 10;

/// Returns the number of a string in spaCy's string store.
pub(super) fn string_id(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    if text.len() <= SYMBOL_BYTES_MAX
        && let Some((_, id)) = SYMBOLS.iter().find(|(symbol, _)| *symbol == text)
    {
        return *id;
    }
    murmur2(text.as_bytes(), 1)
}

/// MurmurHash64A, Austin Appleby, public domain.
pub(super) fn murmur2(bytes: &[u8], seed: u64) -> u64 {
    const M: u64 = 0xc6a4_a793_5bd1_e995;
    const R: u32 = 47;
    let mut hash = seed ^ (bytes.len() as u64).wrapping_mul(M);
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        let mut word = u64::from_le_bytes(*chunk).wrapping_mul(M);
        word ^= word >> R;
        hash = (hash ^ word.wrapping_mul(M)).wrapping_mul(M);
    }
    if !rest.is_empty() {
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        hash = (hash ^ u64::from_le_bytes(last)).wrapping_mul(M);
    }
    hash ^= hash >> R;
    hash = hash.wrapping_mul(M);
    hash ^ (hash >> R)
}

/// Returns the four hashes of a feature whose rows are added up: MurmurHash3_x64_128 of eight bytes.
pub(super) fn rows(id: u64, seed: u32) -> [u32; 4] {
    let finish = |mut hash: u64| {
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        hash ^ (hash >> 33)
    };
    let start = u64::from(seed) ^ 8;
    let word = id.wrapping_mul(0x87c3_7b91_1142_53d5).rotate_left(31);
    let first = (word.wrapping_mul(0x4cf5_ad43_2745_937f) ^ start).wrapping_add(start);
    let second = start.wrapping_add(first);
    let (first, second) = (finish(first), finish(second));
    let first = first.wrapping_add(second);
    let second = second.wrapping_add(first);
    [first as u32, (first >> 32) as u32, second as u32, (second >> 32) as u32]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_have_the_numbers_that_spacy_gives_them() {
        // The two hashes are names of tables in spaCy's lemma lookups: "adj" and "ADJ"-like keys
        // are symbols there, "noun" and "verb" are hashed.
        for (text, id) in [
            ("", 0),
            ("X", 101),
            ("number", 432),
            ("noun", 16_833_663_260_455_505_849),
            ("verb", 6_360_137_228_241_296_794),
            ("adj", 12_401_032_943_472_870_168),
        ] {
            assert_eq!(string_id(text), id, "{text}");
        }
    }
}
