import GateAPI
import Hummingbird
import JSONText

/// What an endpoint answers, apart from how it is sent.
struct Answer: Sendable, Equatable {
    var status: HTTPResponse.Status = .ok
    var contentType = "application/json"
    var body: [UInt8]
    /// The methods that would have been allowed.
    var allow: String?
    /// Asks the client to say who it is.
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

    /// `{"detail":"…"}`: how all errors look but those of validation.
    static func detail(_ status: HTTPResponse.Status, _ text: String) -> Answer {
        var json = JSONObject()
        json.add("detail", text)
        return Answer(status, json)
    }
}

extension Amount {
    /// As Python prints a float: whole numbers end in `.0`, so that readers take them for floats and not for integers.
    var pythonFloat: String {
        let text = description
        return text.contains(".") ? text : text + ".0"
    }
}
