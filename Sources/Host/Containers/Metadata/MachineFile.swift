/// `/run/systemd/machines/NAME`: what systemd-machined knows of a machine, as lines of `KEY=value`.
struct MachineFile {
  private(set) var description = ContainerDescription()

  init(parsing bytes: [UInt8]) {
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
      guard line[..<equals].elementsEqual("ROOT".utf8) else { continue }
      description.rootFileSystem = String(decoding: line[(equals + 1)...], as: UTF8.self)
    }
  }
}
