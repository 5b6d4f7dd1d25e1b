import ConsiliumReports
import Testing

@Suite("Widths, wrapping and CSV")
struct TextTests {
    @Test("Chinese characters take two columns, combining marks none")
    func widths() {
        #expect(DisplayWidth.of("abc") == 3)
        #expect(DisplayWidth.of("会诊") == 4)
        #expect(DisplayWidth.of("（一）") == 6)
        #expect(DisplayWidth.of("e\u{0301}") == 1)
        #expect(DisplayWidth.of("𠮷") == 2)
        #expect(DisplayWidth.of("☎\u{FE0F}") == 2)
        #expect(DisplayWidth.of("") == 0)
    }

    @Test("A text is cut at a column, never through a wide character")
    func truncation() {
        #expect(DisplayWidth.truncated("中日友好医院", to: 12) == "中日友好医院")
        #expect(DisplayWidth.truncated("中日友好医院", to: 8) == "中日友…")
        #expect(DisplayWidth.of(DisplayWidth.truncated("中日友好医院", to: 9)) <= 9)
    }

    @Test("What could steer a terminal is shown as a replacement character")
    func harmless() {
        #expect(DisplayWidth.harmless("a\u{1B}[2Jb") == "a\u{FFFD}[2Jb")
        #expect(DisplayWidth.harmless("a\u{202E}b") == "a\u{FFFD}b")
        #expect(DisplayWidth.harmless("a\nb") == "a b")
        #expect(DisplayWidth.harmless("a\nb", keepingLines: true) == "a\nb")
        #expect(DisplayWidth.harmless("张三 Zhang") == "张三 Zhang")
    }

    @Test("A text is wrapped at blanks and between Chinese characters, and a percent sign stays with its number")
    func wrapping() {
        #expect(DisplayWidth.wrapped("one two three", to: 8) == ["one two", "three"])
        #expect(DisplayWidth.wrapped("中日友好医院，协作网", to: 12) == ["中日友好医", "院，协作网"])
        #expect(DisplayWidth.wrapped("rate of 6.2 %", to: 12) == ["rate of", "6.2 %"])
        #expect(DisplayWidth.wrapped("abcdefghij", to: 4) == ["abcd", "efgh", "ij"])
        #expect(DisplayWidth.wrapped("", to: 4) == [""])
    }

    @Test("CSV quotes commas, quotes and line breaks, and defuses formulas")
    func csv() {
        #expect(CSV.line(["05", "Obstetrics, \"all\"", "12"]) == "05,\"Obstetrics, \"\"all\"\"\",12\n")
        #expect(CSV.line(["=1+1", "-5", "a\nb"]) == "'=1+1,-5,\"a\nb\"\n")
        #expect(CSV.line(["OF;IE", "x\ty"]) == "\"OF;IE\",x y\n")
        #expect(CSV.records(CSV.line(["OF;=1+1", "b"])).map(\.fields) == [["OF;=1+1", "b"]])
        // A combining mark, a full-width form or a control character in front hides nothing.
        for cell in ["=\u{301}1+1", "＝1+1", "\t=1+1", "\u{0}=1+1", "@SUM(A1)"] {
            #expect(CSV.line([cell]) == "'\(DisplayWidth.harmless(cell))\n")
        }
    }

    @Test("A combining mark behind a quote opens no way out of a CSV cell")
    func combinedQuotes() {
        #expect(CSV.line(["a\"\u{301},=1+1"]) == "\"a\"\"\u{301},=1+1\"\n")
        #expect(CSV.records(CSV.line(["a\"\u{301},=1+1", "b"])).map(\.fields) == [["a\"\u{301},=1+1", "b"]])
    }

    @Test("CSV carries no character that could steer a terminal")
    func harmlessCSV() {
        #expect(CSV.line(["a\u{1B}[31mb", "c\u{202E}d", "e\nf"]) == "a\u{FFFD}[31mb,c\u{FFFD}d,\"e\nf\"\n")
    }

    @Test("CSV is read with quotes, both line ends and a byte order mark")
    func readingCSV() {
        let records = CSV.records("\u{FEFF}a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\n\nlast,")
        #expect(records.map(\.fields) == [["a", "b"], ["x, \"y\"", "two\nlines"], ["last", ""]])
        #expect(records.map(\.line) == [1, 2, 5])
    }
}
