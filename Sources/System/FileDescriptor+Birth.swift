import CLinux
public import SystemPackage

extension FileDescriptor {
  /// When the file was made, in nanoseconds since 1970 UTC; `nil` when the file system does not know. See statx(2).
  public var birthNanoseconds: UInt64? {
    let birth = wh_file_birth(rawValue)
    return birth > 0 ? UInt64(birth) : nil
  }
}
