import ConsiliumCore
import HTTPTypes
import Hummingbird

/// Answers a path or method that no route has in the form of its door: an OperationOutcome or plain JSON.
struct UnknownRoute: RouterMiddleware {
    typealias Context = HubContext

    let hub: Hub

    @concurrent func handle(
        _ request: Request,
        context: HubContext,
        next: @concurrent (Request, HubContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let isFHIR = request.uri.path.hasPrefix("/fhir") || request.uri.path.hasPrefix("/exchange/messages")
            return isFHIR
                ? await hub.answerFHIR("fhir", request) { throw Refusal(.notFound) }
                : await hub.answerJSON("network", request) { throw Refusal(.notFound) }
        }
    }
}
