import ConsiliumAdapters
import ConsiliumCore
import ConsiliumTransport
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The context of a request; who is at the other end stands in `PeerConnection.current`.
struct HubContext: RequestContext {
    var coreContext: CoreRequestContextStorage

    init(source: Source) { coreContext = .init(source: source) }
}

/// The sender gave up, or came too slowly, before its request's body had come to its end: nobody is left to be answered.
struct BodyAborted: Error {
    var cause: any Error
}

extension Request {
    /// The language of texts for a person, from `Accept-Language`.
    var language: Language {
        headers[.acceptLanguage]?.lowercased().hasPrefix("zh") == true ? .zh : .en
    }

    /// The whole body.
    /// - Throws: `too-large` beyond the limit, `BodyAborted` when it does not come to its end.
    mutating func bytes(limit: Int) async throws -> [UInt8] {
        let tooLarge = Refusal(.tooLarge, at: nil, "\(limit) bytes")
        if let stated = headers[.contentLength].flatMap({ Int($0) }), stated > limit { throw tooLarge }
        var bytes: [UInt8] = []
        do {
            for try await part in body {
                guard bytes.count + part.readableBytes <= limit else { throw tooLarge }
                try BodyBudget.current?.take(part.readableBytes)
                bytes.append(contentsOf: part.readableBytesView)
            }
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw BodyAborted(cause: error)
        }
        return bytes
    }

    /// Without parameters and in lower case.
    var mediaType: String {
        (headers[.contentType] ?? "").prefix { $0 != ";" }.lowercased().filter { $0 != " " }
    }
}

extension HTTPField.Name {
    static var consiliumCase: Self { known("Consilium-Case") }
    static var consiliumOutcome: Self { known("Consilium-Outcome") }
    static var entityTag: Self { .eTag }

    /// Names above are constants that are legal tokens.
    private static func known(_ name: String) -> Self { Self(name) ?? .from }
}

/// The bodies of this hub.
enum Reply {
    static let fhirType = "application/fhir+json; charset=utf-8"
    static let jsonType = "application/json; charset=utf-8"
    static let hl7Type = "x-application/hl7-v2+er7"

    static func bytes(_ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.cacheControl] = "no-store"
        headers[.xContentTypeOptions] = "nosniff"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A document as somebody sent it: whatever it claims to be, no browser shows or runs it as the hub's own.
    static func document(_ bytes: [UInt8], type: String) -> Response {
        var response = Self.bytes(bytes, type: type)
        response.headers[.contentDisposition] = "attachment"
        response.headers[.contentSecurityPolicy] = "sandbox; default-src 'none'"
        return response
    }

    static func fhir(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Self.bytes(bytes, type: fhirType, status: status)
    }

    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return bytes(Array(try encoder.encode(value)), type: jsonType, status: status)
    }

    static func outcome(_ outcome: FHIROutcome) -> Response {
        fhir(outcome.body, status: HTTPResponse.Status(code: outcome.status))
    }

    static func retry(_ response: Response) -> Response {
        var response = response
        if response.status == .serviceUnavailable { response.headers[.retryAfter] = "2" }
        return response
    }
}

extension Hub {
    /// Answers a FHIR or exchange request; whatever goes wrong becomes an OperationOutcome.
    func answerFHIR(
        _ door: String,
        _ request: Request,
        _ body: () async throws -> Response
    ) async -> Response {
        let response: Response
        do {
            response = try await bodies.share(body)
        } catch let error as FormatError {
            response = Reply.outcome(FHIRAdapter.outcome(error))
        } catch let refusal as Refusal {
            response = Reply.outcome(FHIRAdapter.outcome(refusal, language: request.language))
        } catch let aborted as BodyAborted {
            response = noted(aborted, door)
        } catch {
            logger.error("request failed", metadata: ["door": "\(door)", "error": "\(error)"])
            var outcome = FHIRAdapter.outcome(Refusal(.busy), language: request.language)
            outcome.status = 503
            response = Reply.outcome(outcome)
        }
        metrics.request(door, status: response.status.code)
        return Reply.retry(response)
    }

    /// Answers an administration request in plain JSON.
    func answerJSON(_ door: String, _ request: Request, _ body: () async throws -> Response) async -> Response {
        let response: Response
        do {
            response = try await bodies.share(body)
        } catch let aborted as BodyAborted {
            response = noted(aborted, door)
        } catch {
            response = problem(error, request.language)
        }
        metrics.request(door, status: response.status.code)
        return Reply.retry(response)
    }

    /// That a body did not come to its end is its sender's doing, and no failure of the hub.
    private func noted(_ aborted: BodyAborted, _ door: String) -> Response {
        logger.info(
            "request body aborted",
            metadata: [
                "door": "\(door)", "error": "\(aborted.cause)",
                "principal": "\(PeerConnection.current?.identity?.principal.uri ?? "-")",
            ]
        )
        return Response(status: .requestTimeout)
    }

    private struct Problem: Encodable {
        var code: String
        var place: String?
        var sentence: String
        var next: String
    }

    private func problem(_ error: any Error, _ language: Language) -> Response {
        let refusal: Refusal
        switch error {
        case let error as Refusal: refusal = error
        case let error as FormatError: refusal = Refusal(.invalidValue, at: error.location, error.message)
        case let error as DecodingError:
            refusal = Refusal(.invalidValue, at: Self.place(of: error), Self.reason(of: error))
        default:
            logger.error("request failed", metadata: ["error": "\(error)"])
            refusal = Refusal(.busy)
        }
        let problem = Problem(
            code: refusal.code.rawValue,
            place: refusal.place,
            sentence: refusal.sentence(language),
            next: refusal.nextStep(language)
        )
        let status = HTTPResponse.Status(code: FHIRAdapter.status(for: refusal.code))
        return (try? Reply.json(problem, status: status)) ?? Response(status: status)
    }

    /// What was expected, without a word of what came: a body can hold a patient's data.
    private static func reason(of error: DecodingError) -> String? {
        switch error {
        case .keyNotFound, .valueNotFound: "it is missing"
        case .typeMismatch(let type, _): expectation(type)
        // The project's own types say `not a day: TEXT`.
        case .dataCorrupted(let context) where context.debugDescription.hasPrefix("not "):
            String(context.debugDescription.prefix { $0 != ":" })
        default: nil
        }
    }

    private static func expectation(_ type: Any.Type) -> String? {
        if type == String.self { return "a text is expected" }
        if type == Bool.self { return "true or false is expected" }
        return type is any BinaryInteger.Type ? "a whole number is expected" : nil
    }

    private static func place(of error: DecodingError) -> String {
        let context: DecodingError.Context
        var last: (any CodingKey)?
        switch error {
        case .keyNotFound(let key, let c): (context, last) = (c, key)
        case .typeMismatch(_, let c), .valueNotFound(_, let c), .dataCorrupted(let c): context = c
        @unknown default: return ""
        }
        return (context.codingPath + [last].compactMap { $0 }).map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
            .joined(separator: ".")
    }

    /// The body as JSON, of at most `limit` bytes; nil means the configured limit.
    func decode<Value: Decodable>(
        _ type: Value.Type,
        from request: inout Request,
        limit: Int? = nil
    ) async throws -> Value {
        let bytes = try await request.bytes(limit: limit ?? configuration.bodyLimit)
        return try JSONDecoder().decode(type, from: Data(bytes))
    }
}
