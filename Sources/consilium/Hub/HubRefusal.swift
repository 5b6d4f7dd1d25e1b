import ConsiliumAdapters
import ConsiliumCore
import ConsiliumTransport

/// Reads the hub's "no" in each of its forms: plain JSON, OperationOutcome, HL7 acknowledgement.
enum HubRefusal {
    /// What an answer other than 2xx means.
    static func failure(_ response: HubResponse, language: Language) -> Failure {
        // 503 is a refusal (`busy`); other 5xx mean that the hub could not decide at all.
        let status: ExitStatus = response.status >= 500 && response.status != 503 ? .unreachable : .refused
        var items = items(in: response.body, language: language)
        if items.isEmpty { items = [item(httpStatus: response.status, language: language)] }
        if let seconds = response.header("Retry-After").flatMap({ Int($0) }) {
            let hint = language == .zh ? "\(seconds) 秒后重试" : "try again after \(seconds) s"
            items[0].next = [items[0].next, hint].compactMap { $0 }.joined(separator: language == .zh ? "；" : "; ")
        }
        return Failure(status, items: items)
    }

    static func items(in body: [UInt8], language: Language) -> [Failure.Item] {
        guard let value = Value(json: body) else { return [] }
        if value["resourceType"].string == "OperationOutcome" { return outcome(value, language: language) }
        guard let code = value["code"].string else { return [] }
        return [
            complete(
                Failure.Item(
                    code: code,
                    place: value["place"].string,
                    sentence: value["sentence"].string ?? "",
                    next: value["next"].string
                ),
                language: language
            )
        ]
    }

    /// The errors of an OperationOutcome (FHIR R4); warnings only when there is no error.
    static func outcome(_ value: Value, language: Language) -> [Failure.Item] {
        let issues = value["issue"].array
        let errors = issues.filter { $0["severity"].string == "error" || $0["severity"].string == "fatal" }
        return (errors.isEmpty ? issues : errors)
            .map { issue in
                let coding = issue["details"]["coding"][0]["code"].string
                // `diagnostics` repeats the place, or the next step in both languages: read only where nothing else is.
                return complete(
                    Failure.Item(
                        code: coding ?? issue["code"].string ?? "refused",
                        place: issue["expression"][0].string ?? issue["location"][0].string,
                        sentence: issue["details"]["text"].string ?? issue["diagnostics"].string ?? ""
                    ),
                    language: language
                )
            }
    }

    /// Whether a negative acknowledgement means "not now" (table 0357, 207): nothing was stored, the same bytes may pass
    /// later.
    static func isBusy(_ ack: HL7v2Acknowledgement) -> Bool {
        !ack.code.isPositive && ack.errors.split(separator: " ").contains("207")
    }

    /// An application reject or error (AR, AE) of the v2 acknowledgement.
    static func acknowledgement(_ ack: HL7v2Acknowledgement) -> Failure {
        Failure(
            .refused,
            "hl7-\(ack.code.rawValue)",
            at: ack.errors.isEmpty ? nil : ack.errors,
            ack.text.isEmpty ? ack.code.rawValue : ack.text
        )
    }

    /// Fills what the hub left out from the network's own table, and takes the place out of the sentence.
    private static func complete(_ item: Failure.Item, language: Language) -> Failure.Item {
        var item = item
        if let code = Refusal.Code(rawValue: item.code) {
            let refusal = Refusal(code)
            if item.sentence.isEmpty { item.sentence = refusal.sentence(language) }
            if item.next?.isEmpty ?? true { item.next = refusal.nextStep(language) }
            if code == .tooLarge { item.sentence = limitNamed(item.sentence, language) }
        } else if item.sentence.isEmpty {
            item.sentence = language == .zh ? "被拒绝" : "refused"
        }
        if let place = item.place, item.sentence.hasPrefix(place + ": ") {
            item.sentence = String(item.sentence.dropFirst(place.count + 2))
        }
        return item
    }

    /// The hub adds its limit as `(16777216 bytes)`; here it is called what it is.
    private static func limitNamed(_ sentence: String, _ language: Language) -> String {
        sentence.replacing(#/\((\d+) bytes\)/#) { match in
            language == .zh ? "（上限 \(match.1) 字节）" : "(its limit is \(match.1) bytes)"
        }
    }

    private static func item(httpStatus: Int, language: Language) -> Failure.Item {
        let code: Refusal.Code? =
            switch httpStatus {
            case 401, 403: .notPermitted
            case 404: .notFound
            case 409: .wrongState
            case 410: .erased
            case 412: .versionConflict
            case 413: .tooLarge
            case 429, 503: .busy
            case 507: .diskFull
            default: nil
            }
        if let code {
            let refusal = Refusal(code)
            return Failure.Item(
                code: code.rawValue,
                sentence: refusal.sentence(language),
                next: refusal.nextStep(language)
            )
        }
        return Failure.Item(
            code: "http-\(httpStatus)",
            sentence: language == .zh ? "中心以 HTTP \(httpStatus) 答复" : "the hub answered with HTTP \(httpStatus)",
            next: httpStatus >= 500
                ? (language == .zh ? "请通知中心运维，稍后重试" : "tell the hub's operator; try again later") : nil
        )
    }
}

extension Failure {
    /// No answer from the hub.
    init(_ error: HubClientError, hub: String, language: Language) {
        let isChinese = language == .zh
        switch error {
        case .cannotTrust(let why):
            self.init(
                .unreachable,
                "cannot-trust",
                at: hub,
                (isChinese ? "不能信任对方：" : "what answers there is not to be trusted: ") + Self.plain(why)[language],
                next: isChinese
                    ? "请核对地址；证书过期时用 consilium renew，身份被吊销时请重新登记"
                    : "check the address; renew with `consilium renew` when the certificate has expired"
            )
        case .timedOut:
            self.init(
                .unreachable,
                "no-answer",
                at: hub,
                isChinese ? "中心没有及时答复" : "the hub did not answer in time",
                next: isChinese ? "请稍后重试；重复发送不会产生第二个会诊" : "try again; sending twice never makes a second case"
            )
        case .cannotReach(let why):
            self.init(
                .unreachable,
                "cannot-reach",
                at: hub,
                (isChinese ? "无法连接中心：" : "the hub cannot be reached: ") + Self.plain(why)[language],
                next: isChinese ? "请检查网络后重试" : "check the network and try again"
            )
        case .tooLarge(let limit):
            self.init(
                .unreachable,
                "answer-too-large",
                at: hub,
                isChinese ? "答复超过 \(limit) 字节" : "the answer is larger than \(limit) bytes"
            )
        case .invalidRequest(let what):
            self.init(.usage, "invalid-request", at: what, isChinese ? "无法发送" : "this cannot be sent")
        case .sink(let why):
            self.init(.unreachable, "cannot-write", isChinese ? "无法写入：\(why)" : "cannot write what came: \(why)")
        }
    }

    /// Nothing came back: whether the hub took what was sent is unknown.
    var isLostAnswer: Bool { items.first.map { ["no-answer", "cannot-reach"].contains($0.code) } ?? false }

    /// The commonest causes in words; anything else as the network library says it.
    private static func plain(_ why: String) -> Phrase {
        let known: [(String, Phrase)] = [
            ("CERTIFICATE_VERIFY_FAILED", Phrase("its certificate is not of this network", "其证书不属于本协作网")),
            ("CERTIFICATE_EXPIRED", Phrase("it says that our certificate has expired", "对方认为本机证书已过期")),
            ("CERTIFICATE_REQUIRED", Phrase("it did not get our certificate", "对方没有收到本机证书")),
            ("BAD_CERTIFICATE", Phrase("it refuses our certificate", "对方拒绝本机证书")),
            ("UNKNOWN_CA", Phrase("it does not know who issued our certificate", "对方不认识本机证书的签发者")),
            ("WRONG_VERSION_NUMBER", Phrase("it does not speak TLS", "对方不使用 TLS")),
            ("Connection refused", Phrase("connection refused", "连接被拒绝")),
            ("unreachable", Phrase("no route to it", "没有到达的路由")),
        ]
        return known.first { why.contains($0.0) }?.1 ?? Phrase(why, why)
    }
}
