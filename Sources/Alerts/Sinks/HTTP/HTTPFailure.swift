import Ccurl

/// What an operator can do about a request that failed, as far as libcurl's code and words tell.
enum HTTPFailure {
  /// A few words to stand behind libcurl's; empty where there is nothing to say.
  /// - Parameters:
  ///   - text: what libcurl says.
  ///   - url: where the request was to go.
  static func cure(_ code: CURLcode, _ text: String, url: String, _ tls: HTTPTLSOptions) -> String {
    switch code {
    case CURLE_PEER_FAILED_VERIFICATION
    where names("issuer certificate", "self-signed", "self signed", in: text):
      ": not signed by an authority \(authorities(tls)); set ca_cert"
    case CURLE_PEER_FAILED_VERIFICATION where names("subject name", in: text):
      ": the certificate is not for that name; set url to one that it is for"
    case CURLE_SSL_CONNECT_ERROR
    where names("wrong version", "http request", "too long", "unexpected eof", in: text):
      " (does the port speak TLS?)"
    case CURLE_GOT_NOTHING where url.hasPrefix("http:"),
      CURLE_UNSUPPORTED_PROTOCOL where names("http/0.9", in: text):
      " (does the port want https?)"
    case _ where url.hasPrefix("https:") && tls.certificateFile.isEmpty && isHangUp(code, text):
      " (the receiver may want a certificate: set mtls, client_cert and client_key)"
    default: ""
    }
  }

  /// Under TLS 1.3 a receiver hangs up behind the handshake on whom it does not know.
  private static func isHangUp(_ code: CURLcode, _ text: String) -> Bool {
    [CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING].contains(code)
      || code == CURLE_SSL_CONNECT_ERROR && names("handshake failure", in: text)
  }

  private static func authorities(_ tls: HTTPTLSOptions) -> String {
    if !tls.authorityFile.isEmpty { return "in \(tls.authorityFile)" }
    return tls.authorityDirectory.isEmpty ? "that the host trusts" : "in \(tls.authorityDirectory)"
  }

  private static func names(_ words: String..., in text: String) -> Bool {
    let text = text.lowercased()
    return words.contains { text.contains($0) }
  }
}
