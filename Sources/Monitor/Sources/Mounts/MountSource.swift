import Events
import Host
import Synchronization
import System
import SystemPackage

/// The mounts of every mount namespace, as they change: the kernel tells that something was mounted, and the table what.
///
/// A thread of its own, since reading a table takes a lock of the kernel that all mounting takes too.
final class MountSource: Source {
  static let id = SourceID.mounts
  static let costOfAbsence = "mounts on the host and in containers are not seen"

  let feed: RecordFeed
  private let root: HostRoot
  private let hostNamespace: UInt64?
  private let witnesses: Witnesses
  private let ended: EventDescriptor
  private let isStopping = Atomic<Bool>(false)
  private let progress = MountProgress()
  /// How many mount namespaces are watched at once.
  private let limit: Int

  static func isNeeded(for needs: Needs) -> Bool { needs.contains(.mounts) }

  init(_ setting: SourceSetting) throws(SourceError) {
    guard setting.root.isLive else {
      throw .unavailable(.mounts, "a mounted host or a fixture tree has no kernel that tells of mounts")
    }
    root = setting.root
    hostNamespace = HostNamespaces(root: root)[.mnt]
    witnesses = setting.surroundings.witnesses
    limit = MountWatch.possibleNamespaces()
    feed = RecordFeed(source: .mounts, capacityBytes: 256 << 10, bell: setting.surroundings.bell)
    witnesses.beginService(losses: feed.losses)
    do {
      ended = try EventDescriptor()
    } catch {
      throw .unavailable(.mounts, "no eventfd: \(error)")
    }
  }

  var status: SourceStatus {
    var shortcomings: [String] = []
    if hostNamespace == nil {
      shortcomings.append("which mount namespace is the host's is not known: paths of the host are not told")
    }
    if limit < MountWatch.namespaceLimit {
      shortcomings.append(
        "too few files may be open at once (RLIMIT_NOFILE): no more than \(limit) mount namespaces are watched"
      )
    }
    if let seconds = progress.secondsHeld {
      shortcomings.append(
        "a table of mounts, or a file of the host that is mounted somewhere, has not come for \(seconds) s: no mount is seen "
          + "meanwhile")
    }
    return SourceStatus(
      source: .mounts, isActive: true, shortcomings: shortcomings,
      details: ["at most \(limit) mount namespaces"])
  }

  var passedOver: [String: UInt64] { [:] }

  func start() throws(SourceError) {
    do {
      // Not joined: `stop` waits for it, but not for ever.
      _ = try NamedThread("wh-mounts") { [self] in
        var watch = MountWatch(
          root: root, hostNamespace: hostNamespace, limits: MountLimits(namespaces: limit), feed: feed,
          progress: progress)
        while !isStopping.load(ordering: .acquiring) { watch.work(witnesses) }
        ended.signal()
      }
    } catch {
      throw .noThread(.mounts, "\(error)")
    }
  }

  func stop(milliseconds: Int) {
    isStopping.store(true, ordering: .releasing)
    witnesses.bell.signal()
    ended.wait(milliseconds: Int32(clamping: milliseconds))
  }
}

/// How the thread that reads tables is getting on. Any thread may ask; that one tells.
final class MountProgress: Sendable {
  private let readBegan = Atomic<UInt64>(0)

  /// For how many whole seconds the thread has waited for a table; `nil` when it has not waited that long.
  var secondsHeld: UInt64? {
    let began = readBegan.load(ordering: .relaxed)
    let now = Clock.monotonicNanoseconds
    guard began > 0, now >= began + 1_000_000_000 else { return nil }
    return (now - began) / 1_000_000_000
  }

  /// A read that may have to wait begins.
  func begin(_ stamp: UInt64) { readBegan.store(stamp, ordering: .relaxed) }

  /// It has ended.
  func end() { readBegan.store(0, ordering: .relaxed) }
}
