import Glibc

/// Falco's rule file, where `WINDHOVER_FALCO_RULES` says it is.
enum FalcoRules {
  static var path: String? { unsafe getenv("WINDHOVER_FALCO_RULES").map { unsafe String(cString: $0) } }

  static func bytes() throws -> [UInt8] { try bytes(at: path ?? "") }

  /// The text of a file that lies beside the rule file.
  static func text(of name: String) throws -> String {
    let folder = (path ?? "").split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return String(decoding: try bytes(at: (folder + [name[...]]).joined(separator: "/")), as: UTF8.self)
  }

  private static func bytes(at path: String) throws -> [UInt8] {
    let file = unsafe fopen(path, "r")
    guard let file = unsafe file else { throw Missing() }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    while true {
      let byte = unsafe fgetc(file)
      guard byte != EOF else { return bytes }
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
  }

  struct Missing: Error {}
}
