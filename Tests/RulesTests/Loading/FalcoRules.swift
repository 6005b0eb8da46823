import Glibc

/// Falco's rule file, where `WINDHOVER_FALCO_RULES` says it is.
enum FalcoRules {
  static var path: String? { unsafe getenv("WINDHOVER_FALCO_RULES").map { unsafe String(cString: $0) } }

  static func bytes() throws -> [UInt8] {
    let file = unsafe fopen(path ?? "", "r")
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
