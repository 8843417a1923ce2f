"""Writes lemmas.txt: the words that break the rules of ../lemma.rs.

python3 lemmas.py LOOKUPS > lemmas.txt, where LOOKUPS is `lemma_lookups.msgpack` of spaCy's
en_core_web_sm: the exception lists and the index of WordNet 3.0 (see LICENSES_SOURCES). Each
regular form of each word of the index is taken back to its base by the same rules as in lemma.rs;
where that fails, the form goes into a list.
"""

import struct
import sys

ADJECTIVE, NOUN, VERB = 12401032943472870168, 16833663260455505849, 6360137228241296794
VOWELS = "aeiouy"
HISSING = ("ss", "sh", "ch", "x", "zz")

# Forms whose base WordNet's lists do not give, or give as a rarer word.
VERBS = {
    "axed": "axe", "axing": "axe", "bring": "bring", "fed": "feed", "felt": "feel", "fell": "fall",
    "found": "find", "ground": "grind", "hanged": "hang", "hung": "hang", "laid": "lay",
    "lay": "lay", "led": "lead", "left": "leave", "lit": "light", "rose": "rise", "saw": "see",
    "shot": "shoot", "singing": "sing", "swinging": "swing", "winging": "wing", "bound": "bind",
    "wound": "wind", "spat": "spit", "born": "bear", "borne": "bear", "bore": "bear",
    "bared": "bare", "tinged": "tinge", "dove": "dive", "smelt": "smell", "pled": "plead",
    "sunk": "sink", "bled": "bleed", "sped": "speed", "lain": "lie", "lying": "lie",
    "targetted": "target", "stove": "stave", "abode": "abide", "bode": "bode", "cast": "cast",
    "got": "get", "gotten": "get", "seen": "see", "sawn": "saw", "read": "read", "met": "meet",
}
NOUNS = {
    "ashes": "ash", "axes": "axe", "bases": "base", "police": "police", "people": "people", "persons": "person",
    "peoples": "people", "media": "media", "data": "data", "news": "news", "series": "series",
    "species": "species", "headquarters": "headquarters", "means": "means", "crossroads": "crossroads",
    "barracks": "barracks", "lives": "life", "gas": "gas", "buses": "bus",
    "gases": "gas", "dice": "die", "halves": "half", "politics": "politics", "economics": "economics",
    "ethics": "ethics", "forces": "force", "thousands": "thousand", "migrants": "migrant",
    "stories": "story", "works": "work", "arms": "arm", "troops": "troop", "customs": "customs",
    "premises": "premise", "outskirts": "outskirt", "remains": "remains", "clothes": "clothes",
    "lenses": "lens", "atlases": "atlas", "aliases": "alias", "canvases": "canvas",
    "iris": "iris", "yeses": "yes", "taxis": "taxi", "skis": "ski", "emus": "emu", "gurus": "guru",
    "menus": "menu", "goods": "goods", "logistics": "logistics", "thanks": "thanks", "quotas": "quota",
}
ADJECTIVES = {
    "better": "good", "best": "good", "worse": "bad", "worst": "bad", "more": "more",
    "most": "most", "less": "less", "least": "least", "further": "far", "farther": "far",
    "furthest": "far", "elder": "old", "eldest": "old", "later": "late", "latest": "late",
    "latter": "latter", "former": "former", "inner": "inner", "outer": "outer", "upper": "upper",
}


def unpack(data, at=0):
    """Reads one value of MessagePack; returns it and where the next begins."""
    head = data[at]
    at += 1
    fixed = {0xC4: "B", 0xC5: ">H", 0xC6: ">I", 0xCC: "B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q",
             0xD9: "B", 0xDA: ">H", 0xDC: ">H", 0xDD: ">I", 0xDE: ">H", 0xDF: ">I"}
    if head in fixed:
        size = struct.calcsize(fixed[head])
        number = struct.unpack(fixed[head], data[at:at + size])[0]
        at += size
    elif head < 0x80:
        return head, at
    else:
        number = head & (0x1F if head >= 0xA0 else 0x0F)
    if 0xCC <= head <= 0xCF:
        return number, at
    if head <= 0x8F or head in (0xDE, 0xDF):
        table = {}
        for _ in range(number):
            key, at = unpack(data, at)
            table[key], at = unpack(data, at)
        return table, at
    if head <= 0x9F or head in (0xDC, 0xDD):
        items = []
        for _ in range(number):
            item, at = unpack(data, at)
            items.append(item)
        return items, at
    text = data[at:at + number]
    return (text if head in (0xC4, 0xC5, 0xC6) else text.decode()), at + number


def is_doubled(word):
    return len(word) > 2 and word[-1] == word[-2] and word[-1] not in VOWELS + "sfz"


def bare(stem, silent, doubled):
    if len(stem) < 2 or not any(c in VOWELS for c in stem):
        return None
    if stem + "e" in silent or stem.endswith(("iz", "v", "dg")):
        return stem + "e"
    return stem[:-1] if is_doubled(stem) and stem not in doubled else stem


def hissing(stem):
    return stem[:-1] if stem.endswith("e") and stem[:-1].endswith(HISSING) else None


def past(form, lists):
    if not form.endswith("ed"):
        return None
    return form[:-3] + "y" if form.endswith("ied") else bare(form[:-2], *lists)


def gerund(form, lists):
    return bare(form[:-3], *lists) if form.endswith("ing") else None


def third_person(form, _):
    stem = form[:-1]
    if not form.endswith("s") or len(stem) < 2 or stem.endswith("s"):
        return None
    if stem.endswith("ie"):
        return stem[:-2] + "y"
    return hissing(stem) or (stem[:-1] if stem.endswith("oe") else stem)


def singular(form, _):
    if form.endswith("men"):
        return form[:-3] + "man"
    stem = form[:-1]
    if not form.endswith("s") or len(stem) < 2 or stem[-1] in "sui'.":
        return None
    if stem.endswith("ie") and len(stem) > 3:
        return stem[:-2] + "y"
    return hissing(stem) or (stem[:-1] if stem.endswith(("oe", "use")) else stem)


def positive(form, lists):
    for ending in ("er", "est"):
        if form.endswith(ending):
            stem = form[:-len(ending)]
            return stem[:-1] + "y" if stem.endswith("i") else bare(stem, *lists)
    return None


def with_s(word):
    """The form in -s."""
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return word[:-1] + "ies"
    hisses = word.endswith(("s", "sh", "ch", "x", "z")) or (word.endswith("o") and len(word) > 3)
    return word + ("es" if hisses else "s")


def main(path):
    lookups = unpack(open(path, "rb").read())[0]
    index, exceptions = lookups["lemma_index"], lookups["lemma_exc"]
    plain = lambda words: sorted(w for w in words if w.isascii() and w.isalpha() and w.islower())
    verbs, nouns = plain(index[VERB]), plain(index[NOUN])
    adjectives = [word for word in plain(index[ADJECTIVE]) if len(word) <= 8]

    silent = {word for word in verbs + adjectives if word.endswith("e") and word[-2] not in "e"}
    silent = {word for word in silent if not word.endswith(("ize", "ve", "dge"))}
    # "singing" is of sing, not of singe: a stem in -ng that is a verb itself wins.
    silent -= {word for word in silent if word.endswith("nge") and word[:-1] in set(verbs)}
    doubled = {word for word in verbs + adjectives if is_doubled(word)}
    lists = (silent, doubled)

    def breaking(forms, words, rule):
        """Keeps the forms that the rule takes to what is no word."""
        return {form: base for form, base in forms.items()
                if form != base and rule(form, lists) not in words}

    def listed(key, words, own):
        """WordNet's irregular forms, its first base where it gives several."""
        forms = {form: bases[0] for form, bases in exceptions[key].items()
                 if form.isascii() and form.isalpha() and bases[0] in words}
        return {**forms, **own}

    # Regular forms first, so that what is irregular overrides them.
    verb_forms = breaking({with_s(word): word for word in verbs}, set(verbs), third_person)
    vowels = [word for word in verbs if word.endswith(("ee", "ie", "oe", "ye"))]
    verb_forms |= breaking({word + "d": word for word in vowels}, set(verbs), past)
    verb_forms |= breaking({word + "ing": word for word in vowels}, set(verbs), gerund)
    irregular = listed(VERB, set(verbs), VERBS)
    verb_forms |= {form: base for form, base in irregular.items()
                   if base not in (past(form, lists), gerund(form, lists), third_person(form, lists))}
    # Singulars in -s are mostly learned; those that news use are in NOUNS.
    common = [word for word in nouns if len(word) <= 9 and not word.endswith(("s", "z", "i", "u"))]
    noun_forms = breaking({with_s(word): word for word in common}, set(nouns), singular)
    noun_forms |= {form: base for form, base in listed(NOUN, set(nouns), NOUNS).items()
                   if singular(form, lists) != base}
    adjective_forms = {form: base for form, base in
                       listed(ADJECTIVE, set(adjectives), ADJECTIVES).items()
                       if positive(form, lists) != base}

    def write(name, items):
        print("#", name)
        line = ""
        for item in items:
            if len(line) + len(item) > 98:
                print(line)
                line = ""
            line += (" " if line else "") + item
        print(line)

    write("silent", sorted(silent))
    write("doubled", sorted(doubled))
    for name, forms in (("verbs", verb_forms), ("nouns", noun_forms), ("adjectives", adjective_forms)):
        write(name, [f"{form}={base}" for form, base in sorted(forms.items())])


main(sys.argv[1])
