// Unsafe: libcurl's functions and one handle of it, behind pointers that this type owns; texts and buffers live for the calls.

import Ccurl

/// Posts with libcurl, over one connection for as long as the receiver keeps it. One thread. See libcurl-easy(3).
@safe final class HTTPClient {
  enum Outcome {
    case answered(status: Int, text: String)
    case failed(String, isTimeout: Bool)
  }

  private let functions: UnsafePointer<wh_curl>
  private let handle: UnsafeMutableRawPointer
  private let answer: UnsafeMutablePointer<wh_curl_answer>
  private let errorText: UnsafeMutablePointer<CChar>
  private var headers: UnsafeMutablePointer<curl_slist>?
  private let tls: HTTPTLSOptions

  /// So much of an answer is kept; one that is longer than the limit is an error.
  private static let kept = 1024
  private static let limit = 1 << 20

  /// Loads the library, the first time, and prepares requests.
  init(_ options: HTTPOptions) throws(StreamFailure) {
    let functions = try unsafe SinkLibrary.curl()
    // SAFETY: a new handle, owned here.
    guard let handle = unsafe functions.pointee.curl_easy_init() else {
      throw StreamFailure("libcurl gives no handle")
    }
    unsafe self.functions = functions
    unsafe self.handle = handle
    tls = options.tls
    // SAFETY: both are as large as is said, and freed when this object goes.
    unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    unsafe answer = .allocate(capacity: 1)
    unsafe answer.initialize(
      to: wh_curl_answer(
        bytes: .allocate(capacity: Self.kept), capacity: Self.kept, count: 0, total: 0, limit: Self.limit))
    try check(unsafe wh_curl_keep(functions, handle, errorText, answer))
    try prepare(options)
    try prepare(options.tls)
  }

  deinit {
    // SAFETY: all are this object's own; the handle goes first, since it knows the others.
    unsafe functions.pointee.curl_easy_cleanup(handle)
    unsafe functions.pointee.curl_slist_free_all(headers)
    unsafe answer.pointee.bytes.deallocate()
    unsafe answer.deallocate()
    unsafe errorText.deallocate()
  }

  /// Posts a body and waits for the answer, at most as long as the options say.
  func post(_ body: [UInt8], to url: String) -> Outcome {
    do { try set(CURLOPT_URL, url) } catch { return .failed(error.description, isTimeout: false) }
    // SAFETY: the buffers are this object's own, and the body lives for the call, which reads it only.
    unsafe errorText.pointee = 0
    unsafe answer.pointee.count = 0
    unsafe answer.pointee.total = 0
    let code = unsafe body.withUnsafeBufferPointer {
      unsafe wh_curl_post(functions, handle, $0.baseAddress, $0.count)
    }
    guard code == CURLE_OK else {
      let text = failure(code)
      return .failed(
        text + HTTPFailure.cure(code, text, url: url, tls), isTimeout: code == CURLE_OPERATION_TIMEDOUT)
    }
    let status = unsafe wh_curl_status(functions, handle)
    let text = unsafe UnsafeBufferPointer(start: answer.pointee.bytes, count: answer.pointee.count)
    return .answered(status: status, text: unsafe String(decoding: text, as: UTF8.self))
  }

  /// Has every request carry these lines, `Name: value` each.
  func setHeaders(_ lines: [String]) throws(StreamFailure) {
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines {
      // SAFETY: the line is copied; the list is freed here, or when this object goes.
      guard let longer = unsafe functions.pointee.curl_slist_append(list, line) else {
        unsafe functions.pointee.curl_slist_free_all(list)
        throw StreamFailure("libcurl has no memory")
      }
      unsafe list = longer
    }
    // SAFETY: the handle knows the new list before the old one goes.
    let code = unsafe wh_curl_set_headers(functions, handle, list)
    unsafe functions.pointee.curl_slist_free_all(headers)
    unsafe headers = list
    try check(code)
  }

  // MARK: - Making it

  private func prepare(_ options: HTTPOptions) throws(StreamFailure) {
    try set(CURLOPT_POST, 1)
    try set(CURLOPT_USERAGENT, options.userAgent)
    try set(CURLOPT_PROTOCOLS_STR, "http,https")
    // Where alerts go is for the operator to say, not for whoever answers.
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
    // Signals belong to the main thread.
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_TIMEOUT_MS, options.timeoutMilliseconds)
    try set(CURLOPT_CONNECTTIMEOUT_MS, options.timeoutMilliseconds)
    try set(CURLOPT_TCP_KEEPALIVE, options.probesIdleConnections ? 1 : 0)
    // Empty ones keep libcurl from what the environment says.
    try set(CURLOPT_PROXY, options.proxy)
    try set(CURLOPT_NOPROXY, "")
  }

  private func prepare(_ tls: HTTPTLSOptions) throws(StreamFailure) {
    for option in [CURLOPT_SSLVERSION, CURLOPT_PROXY_SSLVERSION] {
      try set(option, Int(CURL_SSLVERSION_TLSv1_2))
    }
    try set(CURLOPT_SSL_VERIFYPEER, tls.verifies ? 1 : 0)
    try set(CURLOPT_SSL_VERIFYHOST, tls.verifies ? 2 : 0)
    // Else the authorities would be those of the day before.
    try set(CURLOPT_CA_CACHE_TIMEOUT, 0)
    if !tls.authorityFile.isEmpty {
      try set(CURLOPT_CAINFO, tls.authorityFile)
    } else if looksUpAuthorities {
      try check(unsafe wh_curl_skip_authority_file(functions, handle))
    }
    if !tls.authorityDirectory.isEmpty { try set(CURLOPT_CAPATH, tls.authorityDirectory) }
    if !tls.certificateFile.isEmpty { try set(CURLOPT_SSLCERT, tls.certificateFile) }
    if !tls.keyFile.isEmpty {
      try set(CURLOPT_SSLKEY, tls.keyFile)
      // OpenSSL would ask whoever sits at the terminal for a passphrase, and wait.
      try set(CURLOPT_KEYPASSWD, "")
    }
  }

  /// Whether the host's authorities need not be read all.
  private var looksUpAuthorities: Bool {
    // SAFETY: the library's own constant text.
    guard let directory = unsafe wh_curl_authority_directory(functions, handle) else { return false }
    return AuthorityDirectory(unsafe String(cString: directory)).isIndexed
  }

  private func set(_ option: CURLoption, _ text: String) throws(StreamFailure) {
    // SAFETY: the text is a C string for the call, which copies it.
    try check(unsafe wh_curl_set_text(functions, handle, option, text))
  }

  private func set(_ option: CURLoption, _ number: Int) throws(StreamFailure) {
    // SAFETY: the handle is this object's own.
    try check(unsafe wh_curl_set_number(functions, handle, option, number))
  }

  private func check(_ code: CURLcode) throws(StreamFailure) {
    guard code == CURLE_OK else { throw StreamFailure("libcurl: \(failure(code))") }
  }

  /// What the library says of its last failure, else what the code stands for.
  private func failure(_ code: CURLcode) -> String {
    // SAFETY: the library ends the text with NUL, within the buffer; the other one is a constant.
    let detail = unsafe String(cString: errorText)
    guard detail.isEmpty else { return detail }
    guard let text = unsafe functions.pointee.curl_easy_strerror(code) else {
      return "error \(code.rawValue)"
    }
    return unsafe String(cString: text)
  }
}
