import GateAPI
import Hummingbird
import JSONText

/// The response of an endpoint, independent of the HTTP library.
struct RiskResponse: Sendable, Equatable {
    var status: HTTPResponse.Status = .ok
    var contentType = "application/json"
    var body: [UInt8]
    /// The `Allow` header of a 405 response.
    var allow: String?
    /// Adds `WWW-Authenticate: Bearer`.
    var isChallenge = false

    init(_ status: HTTPResponse.Status, _ json: JSONObject) {
        self.status = status
        var bytes: [UInt8] = []
        json.write(to: &bytes)
        body = bytes
    }

    init(text: [UInt8], contentType: String) {
        body = text
        self.contentType = contentType
    }

    /// `{"detail":"…"}`: the form of all errors except validation errors.
    static func detail(_ status: HTTPResponse.Status, _ text: String) -> RiskResponse {
        var json = JSONObject()
        json.add("detail", text)
        return RiskResponse(status, json)
    }
}

extension Amount {
    /// Formatted like a Python float: whole numbers end in `.0`, so that readers do not take them for integers.
    var pythonFloat: String {
        let text = description
        return text.contains(".") ? text : text + ".0"
    }
}
