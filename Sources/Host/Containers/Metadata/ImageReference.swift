/// The parts of an image's name, `registry:port/path:tag@digest`, as whoever started the container wrote it.
///
/// The text may be anything; the parts are cut at bytes and not at characters, so that no combining mark hides a slash.
public struct ImageReference: Equatable, Sendable {
  /// The registry, where it is written, and the path: what is left without tag and digest.
  public let repository: String
  /// What stands after the last colon that is no port's; `nil` when none is written.
  public let tag: String?
  /// As `sha256:…`; `nil` when none is written.
  public let digest: String?

  /// - Returns: `nil` for an empty text and for the id of an image, which names no repository.
  public init?(_ text: String) {
    let bytes = text.utf8
    let end = bytes.firstIndex(of: UInt8(ascii: "@")) ?? bytes.endIndex
    let digest = end < bytes.endIndex ? String(text[bytes.index(after: end)...]) : nil
    let name = text[..<end]
    let path = name.utf8.lastIndex(of: UInt8(ascii: "/")).map(name.utf8.index(after:)) ?? name.startIndex
    let colon = name.utf8[path...].lastIndex(of: UInt8(ascii: ":"))
    let repository = String(name[..<(colon ?? name.endIndex)])
    let tag = colon.map { String(name[name.utf8.index(after: $0)...]) }
    guard !repository.isEmpty, !Self.isID(repository, tag) else { return nil }
    self.repository = repository
    self.tag = tag.flatMap { $0.isEmpty ? nil : $0 }
    self.digest = digest.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether `sha256:<64 digits>` or the digits alone stand there.
  private static func isID(_ repository: String, _ tag: String?) -> Bool {
    isDigits(repository) || repository == "sha256" && isDigits(tag ?? "")
  }

  private static func isDigits(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { $0.hexadecimalValue != nil }
  }
}
