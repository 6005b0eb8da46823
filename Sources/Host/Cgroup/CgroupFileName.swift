/// The name of a file in the directory of a cgroup. Each is declared beside its parser.
public struct CgroupFileName: Sendable, Hashable {
  let bytes: [UInt8]

  init(_ name: String) { bytes = Array(name.utf8) }
}
