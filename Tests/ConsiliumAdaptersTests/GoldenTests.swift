import Testing

@Suite("Golden files of Protocols/HL7v2")
struct GoldenTests {
    @Test("Each file decodes to what it says", arguments: try GoldenFile.all())
    func golden(file: GoldenFile) {
        #expect(file.actual() == file.expected, "\(file.name)")
    }

    @Test("There is a file for most quirks")
    func count() throws { #expect(try GoldenFile.all().count >= 30) }
}
