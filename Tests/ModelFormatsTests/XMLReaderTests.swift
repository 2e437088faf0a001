import ByteParsing
import ModelFormats
import Testing

@Suite struct XMLReaderTests {
    static func events(_ text: String) throws -> [XMLEvent] { try events(Array(text.utf8)) }
    static func events(_ bytes: [UInt8]) throws -> [XMLEvent] {
        var reader = XMLReader(ByteRegion(bytes), budget: Budget())
        var events: [XMLEvent] = []
        while let event = try reader.next() { events.append(event) }
        return events
    }

    @Test func readsElementsAndText() throws {
        let events = try XMLReaderTests.events(
            "<?xml version=\"1.0\"?><!-- < --><a x='1 &lt; 2' y=\"&#x41;&amp;&e;\"><b/>t &gt; u<![CDATA[<c>]]></a>")
        guard events.count == 6, case .start(let name, let attributes, false) = events[1],
            case .start("b", _, true) = events[2], case .text(let text) = events[3], case .text("<c>") = events[4],
            case .end("a") = events[5]
        else {
            Issue.record("\(events)")
            return
        }
        #expect(name == "a")
        #expect(attributes.map(\.value) == ["1 < 2", "A&&e;"])
        #expect(text == "t > u")
    }

    @Test func readsDocumentTypes() throws {
        let events = try XMLReaderTests.events(
            """
            <!DOCTYPE r PUBLIC "p" "http://h/d" [<!-- ] --><!ELEMENT r (#PCDATA)><!ATTLIST r a CDATA "]>">
            <!ENTITY a "v"><!ENTITY % b SYSTEM 'file:///x'> %b;]><r/>
            """)
        guard case .doctype(let doctype) = events.first else {
            Issue.record("no document type")
            return
        }
        #expect(doctype.system == "http://h/d")
        #expect(doctype.entities.map(\.name) == ["a", "b"])
        #expect(doctype.entities.map(\.system) == [nil, "file:///x"])
        #expect(doctype.entities.map(\.isParameter) == [false, true])
    }

    @Test func readsWiderEncodings() throws {
        var bytes: [UInt8] = [0xFE, 0xFF]
        for unit in "<r a='ü'/>".utf16 { bytes += [UInt8(unit >> 8), UInt8(unit & 255)] }
        guard case .start("r", let attributes, true) = try XMLReaderTests.events(bytes).first else {
            Issue.record("no element")
            return
        }
        #expect(attributes.first?.value == "ü")
    }

    @Test(arguments: [
        ("<a", ParseError.truncated()), ("<a b>", .malformed()), ("<a b=c>", .malformed()), ("<!-- ", .truncated()),
        ("<![CDATA[", .truncated()), ("<!DOCTYPE a [", .truncated()), ("< a>", .malformed()), ("<!x", .malformed()),
        ("<a b='", .truncated()), ("<!DOCTYPE a [<!ENTITY x 'y'", .truncated()),
    ])
    func brokenTextStops(text: String, error: ParseError) {
        #expect(throws: error) { _ = try XMLReaderTests.events(text) }
    }

    @Test func damageIsSurvived() {
        let whole = Array("<?xml?><!DOCTYPE r [<!ENTITY a SYSTEM \"b\">]><r x='&#65;'>t<b/><![CDATA[c]]></r>".utf8)
        for length in 0..<whole.count { _ = try? XMLReaderTests.events(Array(whole.prefix(length))) }
        for index in whole.indices {
            for value: UInt8 in [0, 0x20, 0x22, 0x26, 0x3C, 0x3E, 0x5D, 0xFF] {
                var damaged = whole
                damaged[index] = value
                _ = try? XMLReaderTests.events(damaged)
            }
        }
    }
}
