// Unsafe: one path that lives for the call.

import CLinux
import Glibc
public import SystemPackage

/// What a thread may still do with files and the network, as far as the kernel has Landlock.
///
/// Files that are open stay open, and sockets of the file system can be connected to. See landlock(7).
public struct Confinement: Equatable, Sendable {
  /// Files to read; of a directory, everything below it.
  public var readable: [FilePath] = []
  /// Directories to read as well, with the files that links in them lead to, wherever those are, as a directory of
  /// certificates has them. Of 4,096 links at most: `ConfinedFiles.unfollowedLinks` tells of others.
  public var readableWithLinks: [FilePath] = []
  /// Directories in which files are made, written, renamed and removed.
  public var changeable: [FilePath] = []
  /// The TCP ports to connect to; `nil`: all of them. From Linux 6.7 on.
  public var ports: Set<UInt16>? = []

  /// Links of one directory that are followed: each is a rule of the kernel's.
  public static let linkLimit = 4096

  public init() {}

  /// The kernel's version of Landlock.
  /// - Throws: `noFunction` before Linux 5.13 or where it was left out, `notSupportedOnSocket` where it is switched off.
  public static func version() throws(Errno) -> Int {
    let version = wh_landlock_version()
    guard version > 0 else { throw Errno(rawValue: errno) }
    return Int(version)
  }

  /// Holds the calling thread to this, for ever, and every thread that it starts.
  ///
  /// What is not there cannot be allowed; nor what takes its place later, since the kernel goes by the file, not by its
  /// name. `ConfinedFiles` tells when that has happened.
  public func enter() throws(Errno) -> ConfinedFiles {
    let version = try Self.version()
    let limitsPorts = version >= 4 && ports != nil
    let rules = try Rules(
      wh_landlock_rules(
        Self.files(version), limitsPorts ? WH_LANDLOCK_BIND | WH_LANDLOCK_CONNECT : 0,
        version >= 6 ? WH_LANDLOCK_ABSTRACT_SOCKETS : 0))
    var files = ConfinedFiles()
    for path in readable {
      files.note(path, try rules.allow(path, WH_LANDLOCK_READ_FILE, WH_LANDLOCK_READ_DIRECTORY))
    }
    for path in readableWithLinks { try Self.allow(path, with: rules, &files) }
    let change = WH_LANDLOCK_MAKE_FILE | WH_LANDLOCK_REMOVE_FILE | WH_LANDLOCK_READ_DIRECTORY
    for path in changeable {
      files.note(path, try rules.allow(path, WH_LANDLOCK_READ_FILE | WH_LANDLOCK_WRITE_FILE, change))
    }
    if limitsPorts { for port in ports ?? [] { try rules.allow(port) } }
    try rules.enter()
    return files
  }

  private static func allow(
    _ directory: FilePath, with rules: borrowing Rules, _ files: inout ConfinedFiles
  ) throws(Errno) {
    // Looked at before its names are: a change meanwhile is one.
    let status = try rules.allow(directory, WH_LANDLOCK_READ_FILE, WH_LANDLOCK_READ_DIRECTORY)
    files.note(directory, status, isListed: true)
    let links = links(in: directory)
    for link in links.prefix(linkLimit) {
      files.note(link, try rules.allow(link, WH_LANDLOCK_READ_FILE, nil))
    }
    if links.count > linkLimit { files.unfollowedLinks[directory] = links.count - linkLimit }
  }

  private static func links(in directory: FilePath) -> [FilePath] {
    let names = (try? Directory.names(in: directory)) ?? []
    return names.map { directory.appending($0) }
      .filter { (try? Stat($0, followTargetSymlink: false))?.type == .symbolicLink }
  }

  /// Everything that a version knows: what no rule allows is refused.
  private static func files(_ version: Int) -> UInt64 {
    var files = WH_LANDLOCK_FILES_1
    if version >= 2 { files |= WH_LANDLOCK_FILES_2 }
    if version >= 3 { files |= WH_LANDLOCK_FILES_3 }
    if version >= 5 { files |= WH_LANDLOCK_FILES_5 }
    return files
  }
}

/// The files and directories that a thread was confined to, as they were then. Any thread.
public struct ConfinedFiles: Equatable, Sendable {
  private struct Identity: Equatable {
    private let device: DeviceID
    private let inode: Inode
    /// When a name in it last changed, of a directory in which that matters.
    private let changed: [Int]?

    init(_ status: Stat, isListed: Bool) {
      (device, inode) = (status.deviceID, status.inode)
      changed = isListed ? [status.st_mtim.tv_sec, status.st_mtim.tv_nsec] : nil
    }
  }

  private struct Place: Equatable {
    let path: FilePath
    /// Whether the names in it matter.
    let isListed: Bool
    /// `nil`: there was none.
    let identity: Identity?
  }

  private var places: [Place] = []
  /// How many links of a directory were not followed, as there are more than `Confinement.linkLimit`: the thread cannot
  /// read what they lead to, unless it lies in the directory itself.
  public fileprivate(set) var unfollowedLinks: [FilePath: Int] = [:]

  public init() {}

  /// Whether a path leads elsewhere by now, or somewhere at last: the thread that was confined cannot go there.
  public var areReplaced: Bool {
    places.contains { place in
      (try? Stat(place.path)).map { Identity($0, isListed: place.isListed) } != place.identity
    }
  }

  fileprivate mutating func note(_ path: FilePath, _ status: Stat?, isListed: Bool = false) {
    let identity = status.map { Identity($0, isListed: isListed) }
    places.append(Place(path: path, isListed: isListed, identity: identity))
  }
}

/// Rules on their way to the kernel.
private struct Rules: ~Copyable {
  private let descriptor: FileDescriptor

  init(_ raw: Int32) throws(Errno) {
    guard raw >= 0 else { throw Errno(rawValue: errno) }
    descriptor = FileDescriptor(rawValue: raw)
  }

  deinit { try? descriptor.close() }

  /// - Parameters:
  ///   - file: what is allowed with a file.
  ///   - directory: what is allowed with a directory besides; `nil`: nothing at all is.
  /// - Returns: what the path leads to; `nil` when it leads nowhere.
  func allow(
    _ path: FilePath, _ file: UInt64, _ directory: UInt64?
  ) throws(Errno) -> Stat? {
    // SAFETY: the path is a C string for the call.
    let raw = unsafe path.withPlatformString { unsafe wh_open_place($0) }
    guard raw >= 0 else { return nil }
    let place = FileDescriptor(rawValue: raw)
    defer { try? place.close() }
    guard let status = try? Stat(place) else { return nil }
    var access = file
    if status.type == .directory {
      guard let directory else { return status }
      access |= directory
    }
    guard wh_landlock_allow_file(descriptor.rawValue, raw, access) == 0 else { throw Errno(rawValue: errno) }
    return status
  }

  func allow(_ port: UInt16) throws(Errno) {
    guard wh_landlock_allow_port(descriptor.rawValue, port, WH_LANDLOCK_CONNECT) == 0 else {
      throw Errno(rawValue: errno)
    }
  }

  consuming func enter() throws(Errno) {
    guard wh_landlock_enter(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
  }
}
