/// `/var/lib/lxc/NAME/config`: lines of `key = value`. See lxc.container.conf(5).
struct LXCConfiguration {
  private(set) var description = ContainerDescription()

  init(parsing bytes: [UInt8]) {
    var mounts: [ContainerDescription.Mount] = []
    for (key, value) in Self.entries(bytes) {
      switch key {
      case "lxc.rootfs.path", "lxc.rootfs": description.rootFileSystem = value
      case "lxc.mount.entry": if let mount = Self.mount(value) { mounts.append(mount) }
      case "lxc.net.0.type", "lxc.network.type":
        // `none` is LXC's word for the host's own network.
        description.sharesHostNetwork = value == "none"
      case "lxc.init.uid": description.user = value
      default: break
      }
    }
    description.mounts = mounts
  }

  private static let limit = 4096

  private static func entries(_ bytes: [UInt8]) -> [(key: String, value: String)] {
    bytes.split(separator: UInt8(ascii: "\n")).prefix(limit).compactMap { line in
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { return nil }
      let key = line[..<equals].trimmed
      guard !key.isEmpty, key.first != UInt8(ascii: "#") else { return nil }
      return (
        String(decoding: key, as: UTF8.self), String(decoding: line[(equals + 1)...].trimmed, as: UTF8.self)
      )
    }
  }

  /// A line as in fstab(5); only what is bound from the host.
  private static func mount(_ entry: String) -> ContainerDescription.Mount? {
    let parts = entry.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    guard parts.count >= 4 else { return nil }
    let options = parts[3].split(separator: UInt8(ascii: ",")).map { String(Substring($0)) }
    guard options.contains("bind") || options.contains("rbind") else { return nil }
    let destination = String(Substring(parts[1]))
    return ContainerDescription.Mount(
      source: String(Substring(parts[0])),
      destination: destination.hasPrefix("/") ? destination : "/" + destination,
      mode: "", isWritable: !options.contains("ro"), propagation: "")
  }
}

extension ArraySlice<UInt8> {
  /// Without blanks at either end.
  var trimmed: ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == 13 }
    var rest = drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return rest
  }
}
