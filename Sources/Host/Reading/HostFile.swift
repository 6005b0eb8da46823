// Unsafe: fstat on an open descriptor.
import CLinux
import Glibc
import SystemPackage

/// An open file of the host with what the kernel says of it; closed when it goes.
struct HostFile: ~Copyable {
  let descriptor: Int32
  private let info: wh_file_info

  /// Takes over `descriptor`, which must be open.
  init(taking descriptor: Int32) throws(Errno) {
    self.descriptor = descriptor
    var info = wh_file_info()
    // SAFETY: fills a local.
    guard unsafe wh_file_info(descriptor, &info) == 0 else {
      let error = Errno(rawValue: errno)
      close(descriptor)
      throw error
    }
    self.info = info
  }

  deinit { close(descriptor) }

  /// Gives the open descriptor away.
  consuming func release() -> Int32 {
    let descriptor = descriptor
    discard self
    return descriptor
  }

  var isRegular: Bool { info.mode & S_IFMT == S_IFREG }

  var inode: UInt64 { info.inode }
  var size: Int64 { info.size }
  /// Nanoseconds since 1970 UTC of the last change of its content.
  var modified: Int64 { info.modified }

  /// Whether only root, or the user this program runs as, could have written the file.
  var isTrusted: Bool {
    (info.owner == 0 || info.owner == geteuid()) && info.mode & (S_IWGRP | S_IWOTH) == 0
  }
}
