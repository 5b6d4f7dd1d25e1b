import Testing

@testable import ConsiliumCore

@Suite struct RefusalTextTests {
    @Test("Every code has a sentence and a next step in both languages", arguments: Refusal.Code.allCases)
    func texts(_ code: Refusal.Code) {
        let refusal = Refusal(code)
        for language in Language.allCases {
            #expect(!refusal.sentence(language).isEmpty)
            #expect(!refusal.nextStep(language).isEmpty)
            #expect(refusal.sentence(language) != refusal.nextStep(language))
        }
        #expect(refusal.sentence(.en) != refusal.sentence(.zh))
        #expect(refusal.nextStep(.en) != refusal.nextStep(.zh))
        #expect(refusal.sentence(.en).utf8.allSatisfy { $0 < 128 })
        #expect(refusal.nextStep(.en).utf8.allSatisfy { $0 < 128 })
        let isChinese = { (text: String) in text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } }
        #expect(isChinese(refusal.sentence(.zh)) && isChinese(refusal.nextStep(.zh)))
    }

    @Test("No two codes share a sentence, and codes are lower-case words")
    func distinct() {
        for language in Language.allCases {
            let sentences = Refusal.Code.allCases.map { Refusal($0).sentence(language) }
            #expect(Set(sentences).count == sentences.count)
        }
        for code in Refusal.Code.allCases {
            #expect(code.rawValue.utf8.allSatisfy { ($0 >= 97 && $0 <= 122) || $0 == 45 })
        }
    }

    @Test("A sentence names the place and the detail, and equality looks at code and place")
    func parts() {
        let refusal = Refusal(.unknownCode, at: "request.priority", "soon")
        #expect(refusal.sentence(.en) == "request.priority: the code is not known to this network (soon)")
        #expect(refusal.sentence(.zh) == "request.priority: 协作网不认识该代码 (soon)")
        #expect(refusal == Refusal(.unknownCode, at: "request.priority", "later"))
        #expect(refusal != Refusal(.unknownCode, at: "patient.sex", "soon"))
        #expect(refusal != Refusal(.invalidValue, at: "request.priority"))
    }

    @Test("A format error is known by code and location")
    func formatErrors() {
        let error = FormatError(.missing, at: "RF1-6", "no number")
        #expect(error == FormatError(.missing, at: "RF1-6", "other words"))
        #expect(error != FormatError(.missing, at: "ORC-2", "no number"))
        #expect(error != FormatError(.tooLong, at: "RF1-6", "no number"))
        #expect(Set(FormatError.Code.allCases.map(\.rawValue)).count == FormatError.Code.allCases.count)
    }
}
