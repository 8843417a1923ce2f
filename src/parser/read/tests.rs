//! Documents of every kind and state, and what is read out of them.

use std::fmt::Write;

use jiff::Timestamp;
use url::Url;

use super::*;

fn capture(body: impl Into<Vec<u8>>, headers: &[(&str, &str)]) -> Capture {
    Capture {
        url: Url::parse("http://feeds.example.org/news/feed.xml").unwrap(),
        captured_at: Timestamp::UNIX_EPOCH,
        status: 200,
        headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        body: body.into(),
    }
}

fn reading(body: impl Into<Vec<u8>>) -> Reading {
    read(&capture(body, &[])).unwrap()
}

/// Tells the entries in one line each: the fields that are there, `field=value`, and `!code` for
/// each warning; warnings of the feed come first.
fn told(reading: &Reading) -> String {
    let mut lines: Vec<String> = reading.warnings.iter().map(|w| format!("!{}", w.code)).collect();
    for entry in &reading.entries {
        let mut line = String::new();
        let published = entry.published.map(|t| t.to_string());
        let updated = entry.updated.map(|t| t.to_string());
        for (name, value) in [
            ("id", entry.id.clone()),
            ("title", entry.title.clone()),
            ("link", entry.link.clone()),
            ("published", published),
            ("updated", updated),
            ("summary", entry.summary.clone()),
            ("content", entry.content.clone()),
            ("authors", Some(entry.authors.join(",")).filter(|a| !a.is_empty())),
            ("categories", Some(entry.categories.join(",")).filter(|c| !c.is_empty())),
            ("language", entry.language.clone()),
        ] {
            if let Some(value) = value {
                write!(line, "{name}={value}; ").unwrap();
            }
        }
        for warning in &entry.warnings {
            write!(line, "!{} ", warning.code).unwrap();
        }
        lines.push(line.trim_end_matches([' ', ';']).to_owned());
    }
    lines.join("\n")
}

fn check(document: &str, expected: &str) {
    assert_eq!(told(&reading(document)), expected, "{document}");
}

/// Checks the one item of an RSS document.
fn check_item(item: &str, expected: &str) {
    check(&format!("<rss version='2.0'><channel>{item}</channel></rss>"), expected);
}

/// Checks the one entry of an Atom document.
fn check_entry(entry: &str, expected: &str) {
    check(&format!("<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>"), expected);
}

const TWO: &str = "title=Ferry held\ntitle=Gate shut";

#[test]
fn each_format_gives_its_entries() {
    check(
        "<?xml version='1.0'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>
         <channel><title>Desk</title><item><title>Ferry held</title><link>http://example.org/1</link>
         <guid isPermaLink='false'>a1</guid><pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate>
         <description>Two &lt;b>boats&lt;/b></description><content:encoded><![CDATA[<p>Two boats</p>]]></content:encoded>
         <author>desk@example.org (Ana Reed)</author><category>sea</category></item></channel></rss>",
        "id=a1; title=Ferry held; link=http://example.org/1; published=2026-11-23T10:00:00Z; \
         summary=Two <b>boats</b>; content=<p>Two boats</p>; authors=Ana Reed; categories=sea",
    );
    check(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>
         <channel rdf:about='http://example.org/'><title>Desk</title><items><rdf:Seq><rdf:li resource='x'/></rdf:Seq></items></channel>
         <item rdf:about='urn:x:1'><title>Ferry held</title><link>http://example.org/1</link>
         <dc:date>2026-11-23T10:00:00Z</dc:date><dc:creator>Ana Reed</dc:creator><dc:subject>sea</dc:subject></item></rdf:RDF>",
        "id=urn:x:1; title=Ferry held; link=http://example.org/1; published=2026-11-23T10:00:00Z; \
         updated=2026-11-23T10:00:00Z; authors=Ana Reed; categories=sea",
    );
    check(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><title>Desk</title><entry>
         <id>urn:x:1</id><title type='html'>Ferry &lt;i>held&lt;/i></title>
         <link rel='self' href='/self'/><link href='/1'/><link rel='enclosure' href='/1.mp3'/>
         <published>2026-11-23T10:00:00Z</published><updated>2026-11-23T11:00:00+01:00</updated>
         <summary>2 &lt; 3</summary><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Two boats</p></div></content>
         <author><name>Ana Reed</name><email>a@example.org</email></author><category term='sea'/></entry></feed>",
        "id=urn:x:1; title=Ferry held; link=http://feeds.example.org/1; published=2026-11-23T10:00:00Z; \
         updated=2026-11-23T10:00:00Z; summary=2 &lt; 3; content=<p>Two boats</p>; authors=Ana Reed; \
         categories=sea; language=en",
    );
    check(
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><id>urn:x:1</id><title>Ferry held</title>
         <issued>2026-11-23T10:00:00Z</issued><modified>2026-11-23T11:00:00Z</modified>
         <content type='text/html' mode='base64'>PHA+VHdvIGJvYXRzPC9wPg==</content></entry></feed>",
        "id=urn:x:1; title=Ferry held; published=2026-11-23T10:00:00Z; updated=2026-11-23T11:00:00Z; \
         content=<p>Two boats</p>",
    );
    check(
        "<CHANNEL HREF='http://example.org/'><ITEM HREF='http://example.org/1' LASTMOD='2026-11-23T10:00Z'>
         <TITLE>Ferry held</TITLE><ABSTRACT>Two boats</ABSTRACT></ITEM></CHANNEL>",
        "title=Ferry held; link=http://example.org/1; updated=2026-11-23T10:00:00Z; summary=Two boats",
    );
    check(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"Desk","language":"en","items":[{"id":"1",
         "url":"http://example.org/1","title":"Ferry held","content_html":"<p>Two boats</p>","summary":"Two < three",
         "date_published":"2026-11-23T10:00:00Z","authors":[{"name":"Ana Reed"}],"tags":["sea"]}]}"#,
        "id=1; title=Ferry held; link=http://example.org/1; published=2026-11-23T10:00:00Z; \
         summary=Two &lt; three; content=<p>Two boats</p>; authors=Ana Reed; categories=sea; language=en",
    );
    check(
        "<entry xmlns='http://www.w3.org/2005/Atom'><title>Ferry held</title></entry>",
        "title=Ferry held",
    );
}

#[test]
fn versions_and_namespaces_of_every_kind_are_read() {
    for root in [
        "<rss>",
        "<RSS version='2.0'>",
        "<rss version='0.91'>",
        "<rss version='0.93'>",
        "<rss version='2.00'>",
        "<rss version='1.0'>",
        "<rss version='2.0' xmlns='http://backend.userland.com/rss2'>",
        "<rss xmlns='https://cyber.harvard.edu/rss/rss.html'>",
        "<rss xmlns='http://www.w3.org/2005/Atom'>",
        "<rss xmlns='http://nobody.example/knows/this'>",
        "<rss xmlns=''>",
    ] {
        let items = "<channel><item><title>Ferry held</title></item><item><title>Gate shut</title></item></channel>";
        check(&format!("{root}{items}</{}>", &root[1..4]), TWO);
    }
    for root in [
        "<feed>",
        "<feed xmlns='https://www.w3.org/2005/Atom'>",
        "<feed xmlns='http://www.w3.org/2005/Atom/'>",
        "<feed xmlns='http://example.org/new'>",
    ] {
        check(
            &format!(
                "{root}<entry><title>Ferry held</title></entry><entry><title>Gate shut</title></entry></feed>"
            ),
            TWO,
        );
    }
    check(
        "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>Ferry held</a:title></a:entry>\
         <a:entry><a:title>Gate shut</a:title></a:entry></a:feed>",
        TWO,
    );
    check(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'>\
         <channel/><item><title>Ferry held</title></item><item><title>Gate shut</title></item></rdf:RDF>",
        TWO,
    );
    check_item(
        "<item xmlns:p='http://example.org/p'><p:title>not this</p:title><title>Ferry held</title></item><item><title>Gate shut</title></item>",
        TWO,
    );
    check(
        "<rss><channel><item><title>Ferry held</title><dc:creator>Ana Reed</dc:creator></item></channel></rss>",
        "!undeclared-namespace\ntitle=Ferry held; authors=Ana Reed",
    );
}

#[test]
fn a_broken_element_costs_itself_at_most() {
    let item = |item: &str| format!("<item>{item}</item><item><title>Gate shut</title></item>");
    let cases = [
        ("<title>Ferry & quay</title>", "title=Ferry & quay; !bare-ampersand"),
        ("<title>a&nbsp;b &mdash; &#8217;</title>", "title=a b — ’"),
        ("<title>a &foo; b</title>", "title=a &foo; b; !unknown-entity"),
        ("<title>a&#xZZ;b&#0;</title>", "title=a&#xZZ;b; !bad-reference"),
        ("<title>5 < 6</title>", "title=5 < 6"),
        ("<description>one<br>two</description>", "summary=one<br>two"),
        ("<description><p>one <b>two</p></description>", "summary=<p>one <b>two</p>"),
        (
            "<link>http://example.org/?a=1&b=2</link>",
            "link=http://example.org/?a=1&b=2; !bare-ampersand",
        ),
        ("<link>javascript:x()</link><guid>g</guid>", "id=g; !bad-link"),
        ("<guid isPermaLink=false>g</guid>", "id=g"),
        ("<guid isPermaLink='true' isPermaLink='false'>g</guid>", "id=g"),
        ("<guid isPermaLink='false>g</guid>", "id=g"),
        ("<pubDate>soon</pubDate><title>a</title>", "title=a; !bad-date"),
        (
            "<title>a<link>http://example.org/1</link>",
            "title=a; link=http://example.org/1; !unclosed-element",
        ),
        (
            "<description>a<guid>g</guid><title>t</title>",
            "id=g; title=t; summary=a; !unclosed-element",
        ),
        ("<x><y><title>a</title>", "title=a; !unclosed-element"),
        ("<title>a</title></b></x>", "title=a"),
        ("<title><![CDATA[a</title><guid>g</guid>", "id=g; title=a; !unclosed-cdata"),
        ("<title/><guid>g</guid>", "id=g"),
        ("<title><![CDATA[A &amp; B]]></title>", "title=A & B"),
        ("<title>AT&amp;amp;T</title>", "title=AT&T"),
        ("<title>&lt;b>bold&lt;/b> &lt;Ctrl></title>", "title=bold"),
        ("<title>the &lt;Ctrl> key</title>", "title=the <Ctrl> key"),
        ("<description>a<script>b</script></description>", "summary=a"),
        ("<!-- <title>no</title> --><title>a</title>", "title=a"),
        ("<title>a</titel></title><guid>g<!-- x --></guid>", "id=g; title=a"),
        ("<title>a</titel><guid>g</guid>", "id=g; title=a; !unclosed-element"),
        ("<category domain='text'>sea</category>", "categories=sea"),
        ("<image><title>no</title><link>/no</link></image><title>a</title>", "title=a"),
    ];
    for (broken, expected) in cases {
        // A CDATA section of the next item must not be where that of the first one ends.
        check_item(&item(broken), &format!("{expected}\ntitle=Gate shut"));
    }
    check_item(
        "<item><title><![CDATA[a</title><guid>g</guid></item><item><title><![CDATA[Gate shut]]></title></item>",
        "id=g; title=a; !unclosed-cdata\ntitle=Gate shut",
    );
    check_item(
        "<item><title>Ferry held<item><title>Gate shut</title></item>",
        "title=Ferry held; !unclosed-element !unclosed-entry\ntitle=Gate shut",
    );
}

#[test]
fn what_stands_around_the_feed_does_no_harm() {
    let feed = "<rss><channel><item><title>Ferry held</title></item><item><title>Gate shut</title></item></channel></rss>";
    for before in [
        "\n\n",
        "<!-- banner -->",
        "<?xml version='1.0' encoding='nonsense'?>\n",
        "\u{feff}",
        "<!DOCTYPE rss>",
    ] {
        check(&format!("{before}{feed}"), TWO);
    }
    check(&format!("Notice: x in y\n{feed}"), &format!("!junk-before\n{TWO}"));
    check(&format!("<br /><b>Warning</b>: x\n{feed}"), &format!("!junk-before\n{TWO}"));
    check(&format!("{feed}\n<!-- cached -->"), TWO);
    check(&format!("{feed} done"), &format!("!junk-after\n{TWO}"));
    check(&feed[..feed.len() - 20], &format!("!truncated\n{}", "title=Ferry held"));
    check(&feed[..feed.len() - 16], &format!("!truncated\n{TWO}"));
    check("<rss><channel><item><title>a", "!truncated\n!no-entries-though-items");
}

#[test]
fn own_entities_count_and_files_do_not() {
    let item = |dtd: &str| {
        format!(
            "<!DOCTYPE rss [{dtd}]><rss><channel><item><title>at &hq;</title></item></channel></rss>"
        )
    };
    check(&item("<!ENTITY hq 'the desk'>"), "title=at the desk");
    check(&item("<!ENTITY hq SYSTEM 'file:///etc/passwd'>"), "title=at &hq;; !unknown-entity");
    check(&item("<!ENTITY a 'aaa'><!ENTITY hq '&a;&a;&a;'>"), "title=at &a;&a;&a");
}

#[test]
fn identity_is_what_the_format_gives() {
    check_item("<item><title>a</title></item>", "title=a");
    check_item(
        "<item><guid>http://example.org/1</guid></item>",
        "id=http://example.org/1; link=http://example.org/1",
    );
    check_item(
        "<item><guid isPermaLink='false'>http://example.org/1</guid></item>",
        "id=http://example.org/1",
    );
    check_item(
        "<item><guid>http://example.org/g</guid><link>http://example.org/l</link></item>",
        "id=http://example.org/g; link=http://example.org/l",
    );
    check_entry(
        "<entry><source><id>no</id><title>no</title></source><id> urn:1 </id></entry>",
        "id=urn:1",
    );
}

#[test]
fn authors_are_names_and_come_from_the_feed_at_last() {
    check_item("<item><author>ana@example.org</author></item>", "authors=ana@example.org");
    check_item("<item><author>Ana Reed &lt;ana@example.org></author></item>", "authors=Ana Reed");
    check_item(
        "<item><itunes:author>Desk</itunes:author><dc:creator>Ana</dc:creator><dc:creator>Bo</dc:creator></item>",
        "!undeclared-namespace\nauthors=Ana,Bo",
    );
    check_entry(
        "<author><name>Desk</name></author><entry><author><email>a@example.org</email></author></entry><entry/>",
        "authors=a@example.org\nauthors=Desk",
    );
    check_item("<author>Desk</author><item/>", "");
}

#[test]
fn text_constructs_are_what_their_type_says() {
    check_entry(
        "<entry><title type='html'>a &amp;lt; b &lt;i>c&lt;/i></title></entry>",
        "title=a < b c",
    );
    check_entry("<entry><title>a &lt;Ctrl> b</title></entry>", "title=a <Ctrl> b");
    check_entry("<entry><title type=''>a</title></entry>", "title=a");
    check_entry(
        "<entry><title type='application/x-own'>a!</title></entry>",
        "title=a!; !content-type",
    );
    check_entry("<entry><summary>1 &lt; 2 &amp; 3</summary></entry>", "summary=1 &lt; 2 &amp; 3");
    check_entry("<entry><summary>&lt;p>a&lt;/p></summary></entry>", "summary=<p>a</p>");
    check_entry(
        "<entry><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a <b>b</b></div></content></entry>",
        "content=a <b>b</b>",
    );
    check_entry(
        "<entry><content type='xhtml'><p>a</p><p>b</p></content></entry>",
        "content=<p>a</p><p>b</p>",
    );
    check_entry("<entry><content type='text/x-own'>a</content></entry>", "content=a");
    check_entry("<entry><content type='application/pdf' src='/a.pdf'/><id>1</id></entry>", "id=1");
    check_entry(
        "<entry><content type='application/octet-stream'>PGI+YTwvYj4=</content></entry>",
        "content=<b>a</b>",
    );
    check_entry("<entry><content/><id>1</id></entry>", "id=1");
}

#[test]
fn relative_links_find_their_base() {
    let page = |headers: &[(&str, &str)], document: &str| {
        read(&capture(document, headers)).unwrap().entries[0].link.clone().unwrap()
    };
    let item = "<item><link>a</link></item>";
    let rss = format!("<rss><channel>{item}</channel></rss>");
    assert_eq!(page(&[], &rss), "http://feeds.example.org/news/a");
    assert_eq!(
        page(&[("content-location", "http://cdn.example.org/x/")], &rss),
        "http://cdn.example.org/x/a"
    );
    assert_eq!(
        page(&[("content-location", "javascript:x()")], &rss),
        "http://feeds.example.org/news/a"
    );
    let with_site =
        format!("<rss><channel><link>http://www.example.org/</link>{item}</channel></rss>");
    assert_eq!(page(&[], &with_site), "http://www.example.org/a");
    let based = "<feed xml:base='http://example.org/f/'><entry xml:base='e/'><link href='a' xml:base='l/'/></entry></feed>";
    assert_eq!(page(&[], based), "http://example.org/f/e/l/a");
    let broken = "<feed xml:base='http://example.org/f/'><entry xml:base='http://['><link href='a'/></entry></feed>";
    assert_eq!(page(&[], broken), "http://example.org/f/a");
    assert_eq!(reading(broken).entries[0].warnings[0].code, "bad-base");
}

#[test]
fn channels_tell_about_themselves() {
    let channel = |document: &str| reading(document).channel;
    let rss = channel(
        "<rss><channel><title>Border <![CDATA[desk]]></title><link>http://example.org/</link><atom:link rel='self' href='http://example.org/f'/>
         <description>News</description><language>en_GB</language><lastBuildDate>23 Nov 2026 10:00 GMT</lastBuildDate>
         <ttl>30</ttl><image><title>no</title><link>http://example.org/no</link></image></channel></rss>",
    );
    assert_eq!(rss.title.as_deref(), Some("Border desk"));
    assert_eq!(rss.link.as_deref(), Some("http://example.org/"));
    assert_eq!(rss.description.as_deref(), Some("News"));
    assert_eq!(rss.language.as_deref(), Some("en-GB"));
    assert_eq!(rss.updated.unwrap().to_string(), "2026-11-23T10:00:00Z");
    assert_eq!(rss.ttl_minutes, Some(30));

    let atom = channel(
        "<feed xml:lang='fr'><id>urn:f</id><subtitle>News</subtitle><link href='http://example.org/'/></feed>",
    );
    assert_eq!((atom.id.as_deref(), atom.language.as_deref()), (Some("urn:f"), Some("fr")));

    let json = channel(
        r#"{"home_page_url":"/","feed_url":"http://example.org/f","title":" a  b ","items":[]}"#,
    );
    assert_eq!(json.id.as_deref(), Some("http://example.org/f"));
    assert_eq!(json.link.as_deref(), Some("http://feeds.example.org/"));
    assert_eq!(json.title.as_deref(), Some("a b"));

    let period = |period: &str, times: &str| {
        channel(&format!(
            "<rss><channel><sy:updatePeriod>{period}</sy:updatePeriod>{times}</channel></rss>"
        ))
        .ttl_minutes
    };
    assert_eq!(period("hourly", ""), Some(60));
    assert_eq!(period("daily", "<sy:updateFrequency>4</sy:updateFrequency>"), Some(360));
    assert_eq!(period("daily", "<sy:updateFrequency>0</sy:updateFrequency>"), Some(1440));
    assert_eq!(period("always", ""), None);
}

#[test]
fn languages_come_from_the_nearest_that_tells() {
    let language = |headers: &[(&str, &str)], document: &str| {
        read(&capture(document, headers)).unwrap().entries[0].language.clone()
    };
    let http = &[("content-language", "lv")][..];
    assert_eq!(language(http, "<feed><entry/></feed>").as_deref(), Some("lv"));
    assert_eq!(language(http, "<feed xml:lang='pl'><entry/></feed>").as_deref(), Some("pl"));
    assert_eq!(
        language(http, "<feed xml:lang='pl'><entry xml:lang='lt'><title>a</title></entry></feed>")
            .as_deref(),
        Some("lt")
    );
    assert_eq!(language(&[("content-language", "lv, en")], "<feed><entry/></feed>"), None);
    assert_eq!(
        language(&[], "<rss><channel><language>uk</language><item/></channel></rss>").as_deref(),
        Some("uk")
    );
}

#[test]
fn json_feeds_with_slips_are_read() {
    let item = r#"{"id":"1","title":"Ferry held"}"#;
    let check_json = |document: String, expected: &str| check(&document, expected);
    for head in [
        r#""version":"http://jsonfeed.org/version/1""#,
        r#""title":null"#,
        r#""author":"Ana""#,
        r#""version":1"#,
        r#""authors":[{}],"home_page_url":"""#,
    ] {
        let reading = reading(format!("{{{head},\"items\":[{item}]}}"));
        assert_eq!(reading.entries[0].title.as_deref(), Some("Ferry held"), "{head}");
    }
    check_json(
        r#"{"items":[{"id":5,"title":"a"},{"id":"6","title":7}]}"#.into(),
        "id=5; title=a; !bad-field\nid=6; title=7; !bad-field",
    );
    check_json(
        r#"{"items":[{"id":"1","title":{"a":1},"attachments":[{"url":"x"}]},3]}"#.into(),
        "!bad-entry\nid=1; !bad-field",
    );
    check_json(
        "{\"items\":[{\"content_text\":\"one\ntwo & three\"}]}".into(),
        "!control-character\ncontent=one<br>\ntwo &amp; three",
    );
    check_json(
        r#"{"items":[{"url":"/1","date_published":"soon","tags":"sea"}]}"#.into(),
        "link=http://feeds.example.org/1; categories=sea; !bad-date",
    );
    check_json(
        r#"{"language":"en","items":[{"id":"1","language":"fr"},{"id":"2"}]} x"#.into(),
        "!junk-after\nid=1; language=fr\nid=2; language=en",
    );
    check_json(
        r#"{"title":"D","items":[{"id":"1","tags":["]"]},{"id":"2"},{"id":"3","ti"#.into(),
        "!truncated\nid=1; categories=]\nid=2",
    );
}

#[test]
fn what_is_no_feed_says_what_it_is() {
    let fails = |body: &str| read(&capture(body, &[])).unwrap_err();
    assert_eq!(fails(" \n"), NotAFeed::Empty);
    assert_eq!(fails(""), NotAFeed::Empty);
    let page = "<!DOCTYPE html><html><head><base href='/b/'><link rel='alternate' type='application/rss+xml' href='f?a=1&amp;b=2'>\
        <link rel='stylesheet' href='x'><LINK REL=alternate TYPE='application/atom+xml' HREF=http://example.org/atom></head></html>";
    let feeds = vec![
        "http://feeds.example.org/b/f?a=1&b=2".to_owned(),
        "http://example.org/atom".to_owned(),
    ];
    assert_eq!(fails(page), NotAFeed::Page { feeds });
    assert_eq!(
        fails("<head><title>Just a moment</title></head>"),
        NotAFeed::Page { feeds: Vec::new() }
    );
    for (body, says) in [
        ("<urlset/>", "no feed: the first element is `urlset`"),
        ("Access denied", "no feed: it begins with `Access denied`"),
        ("{\"a\":1}", "JSON, but no JSON Feed: it has no `items`"),
        ("[1]", "JSON, but no object"),
    ] {
        assert_eq!(fails(body).to_string(), says);
    }
    assert!(fails("{oops").to_string().starts_with("no valid JSON"));
}

#[test]
fn hostile_documents_are_read_in_linear_time() {
    let many = |part: &str, times: usize| part.repeat(times);
    // Each of these is a minute's work or more for a reader that looks at anything twice.
    let documents = [
        many("<item>", 300_000),
        many("<item/>", 300_000),
        many("<item><x>", 300_000),
        many("<item><title><![CDATA[", 200_000),
        many("<item><title><![CDATA[a</title></item>", 100_000),
        many("<item><!--", 300_000),
        many("<item><?x ", 300_000),
        many("<item><!DOCTYPE [", 200_000),
        many("<item><title a='", 200_000),
        many("<item><title a='<", 200_000),
        many("</a></b><a>", 200_000),
        many("<channel>", 300_000),
        many("<item><media:group>", 200_000),
        format!("<item><title>{}</title></item>", many("&", 1_000_000)),
        format!("<item><title>{}</title></item>", many("&lt;b>", 300_000)),
        format!(
            "<item><description>{}</description></item>",
            many("&lt;object>&lt;iframe>", 200_000)
        ),
        format!("<item {}/>", many("a='b' ", 300_000)),
        format!("<item>{}</item>", many("<category>x</category>", 300_000)),
        format!("<item>{}</item>", many("<title>x", 200_000)),
        format!("{}<![CDATA[]]>", many("<item><title><![CDATA[</title>", 100_000)),
    ];
    for document in documents {
        let reading = reading(format!("<rss><channel>{document}</channel></rss>"));
        assert!(reading.entries.len() <= xml::ENTRIES_MAX);
        assert!(reading.entries.iter().all(|entry| entry.warnings.len() <= 16));
    }
}

#[test]
fn budgets_are_told_when_they_are_spent() {
    let reading_of = |items: String| reading(format!("<rss><channel>{items}</channel></rss>"));
    let full = reading_of("<item/>".repeat(xml::ENTRIES_MAX + 1));
    assert_eq!(full.entries.len(), xml::ENTRIES_MAX);
    assert_eq!(full.warnings[0].code, "too-many-entries");
    let deep = format!(
        "<item><description>{}</description></item><item><title>Gate shut</title></item>",
        "<a>".repeat(xml::DEPTH_MAX + 1)
    );
    assert_eq!(told(&reading_of(deep)), "!too-deep\ntitle=Gate shut");
    let items = "{},".repeat(xml::ENTRIES_MAX);
    let json = reading(format!("{{\"items\":[{items}{{}}]}}"));
    assert_eq!((json.entries.len(), json.warnings[0].code), (xml::ENTRIES_MAX, "too-many-entries"));
}
