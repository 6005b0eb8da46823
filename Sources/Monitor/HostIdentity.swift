// Unsafe: gethostname(2) fills a local array.
import Glibc
import Host

/// The host as alerts name it.
enum HostIdentity {
  /// What the kernel calls the host. See gethostname(2).
  static var hostname: String {
    var name = [CChar](repeating: 0, count: 256)
    // SAFETY: the last byte is not handed over and stays NUL, since a cut name may lack its end.
    let result = unsafe gethostname(&name, name.count - 1)
    guard result == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The id of this boot, which with pid and start time names a process for ever. See random(4).
  static func bootID(_ root: HostRoot) -> [UInt8] {
    var buffer = ReadBuffer()
    guard root.read("/proc/sys/kernel/random/boot_id", limit: 64, into: &buffer).isRead else { return [] }
    return buffer.withBytes { bytes in
      (0..<bytes.count).map { bytes[$0] }.filter { $0 != UInt8(ascii: "\n") }
    }
  }
}
