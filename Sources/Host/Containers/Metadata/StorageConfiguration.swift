/// `/etc/containers/storage.conf`: where podman and CRI-O keep their containers. See containers-storage.conf(5).
struct StorageConfiguration {
  private(set) var graphRoot: String?
  private(set) var runRoot: String?

  static let path = "/etc/containers/storage.conf"

  /// The two keys are of the table `[storage]`; of TOML no more is understood than `key = "text"`.
  init(parsing bytes: [UInt8]) {
    var isStorage = false
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let line = line.trimmed
      if line.first == UInt8(ascii: "[") {
        isStorage = line.elementsEqual("[storage]".utf8)
        continue
      }
      guard isStorage, let equals = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let value = Self.text(line[(equals + 1)...].trimmed)
      switch String(decoding: line[..<equals].trimmed, as: UTF8.self) {
      case "graphroot": graphRoot = value
      case "runroot": runRoot = value
      default: break
      }
    }
  }

  private static func text(_ value: ArraySlice<UInt8>) -> String? {
    guard let quote = value.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
      let end = value.dropFirst().firstIndex(of: quote)
    else { return nil }
    return String(decoding: value[(value.startIndex + 1)..<end], as: UTF8.self)
  }
}
