import FoundationEssentials

/// What a runtime wrote down of a container: where its cgroups are, and perhaps its first process.
struct RuntimeState: Equatable {
  var initPID: Int32?
  /// Start of the first process, as in field 22 of stat.
  var initStartTicks: UInt64?
  /// Paths of its cgroups, from the root of the hierarchy or with the hierarchy's mount point before.
  let cgroupPaths: [String]

  init(cgroupPaths: [String]) { self.cgroupPaths = cgroupPaths }

  /// runc's `state.json`.
  init?(runc json: [UInt8]) {
    struct File: Decodable {
      let pid: Int32
      let startTicks: UInt64
      let cgroupPaths: [String: String]

      enum CodingKeys: String, CodingKey {
        case pid = "init_process_pid"
        case startTicks = "init_process_start"
        case cgroupPaths = "cgroup_paths"
      }
    }
    guard let file = try? JSONDecoder().decode(File.self, from: Data(json)) else { return nil }
    (initPID, initStartTicks, cgroupPaths) = (file.pid, file.startTicks, file.cgroupPaths.values.sorted())
  }

  /// crun's `status`.
  init?(crun json: [UInt8]) {
    struct File: Decodable {
      let pid: Int32
      let startTicks: UInt64
      let cgroupPath: String

      enum CodingKeys: String, CodingKey {
        case pid
        case startTicks = "process-start-time"
        case cgroupPath = "cgroup-path"
      }
    }
    guard let file = try? JSONDecoder().decode(File.self, from: Data(json)) else { return nil }
    (initPID, initStartTicks, cgroupPaths) = (file.pid, file.startTicks, [file.cgroupPath])
  }

  /// The `config.json` of an OCI bundle, which every runtime is given. See the OCI runtime specification, config-linux.
  /// - Parameter claimed: the path of the cgroup in question. A bundle that asks for none speaks for none but a cgroup of
  ///   the container's id below the root, which the runtimes choose then.
  init?(bundle json: [UInt8], of id: [UInt8], claimed: [UInt8]) {
    struct File: Decodable {
      struct Linux: Decodable { let cgroupsPath: String? }
      let linux: Linux
    }
    guard let file = try? JSONDecoder().decode(File.self, from: Data(json)) else { return nil }
    if let path = file.linux.cgroupsPath, !path.isEmpty {
      self.init(cgroupPaths: [Self.expanded(path)])
    } else {
      guard claimed == [UInt8(ascii: "/")] + id else { return nil }
      self.init(cgroupPaths: [String(decoding: claimed, as: UTF8.self)])
    }
  }

  /// Whether the cgroup at `path` is one of the container's: the whole end of a path that the runtime wrote, or the
  /// front of one, when it made a cgroup of its own below (crun's `container`).
  func owns(_ path: [UInt8]) -> Bool {
    guard path.count > 1, path.first == UInt8(ascii: "/") else { return false }
    return cgroupPaths.contains { written in
      let written = Array(written.utf8)
      if written.suffix(path.count).elementsEqual(path) { return true }
      let parent = path + [UInt8(ascii: "/")]
      guard written.count >= parent.count else { return false }
      return (0...written.count - parent.count).contains { written[$0...].starts(with: parent) }
    }
  }

  /// systemd's way to write a path, `slice:prefix:name`, as the path: `a-b.slice:docker:x` is
  /// `/a.slice/a-b.slice/docker-x.scope`. See systemd.slice(5).
  private static func expanded(_ path: String) -> String {
    let parts = path.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, !path.hasPrefix("/") else { return path.hasPrefix("/") ? path : "/" + path }
    let scope = parts[1].isEmpty ? parts[2] : "\(parts[1])-\(parts[2])"
    let stem = parts[0].hasSuffix(".slice") ? parts[0].dropLast(6) : parts[0]
    var result = ""
    var slice = ""
    for word in stem.split(separator: "-") {
      slice += (slice.isEmpty ? "" : "-") + word
      result += "/\(slice).slice"
    }
    return "\(result)/\(scope).scope"
  }
}
