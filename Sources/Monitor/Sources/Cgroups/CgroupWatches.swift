import Events
import Host
import System
import SystemPackage

/// The watches on the directories and events files of cgroups, and what each is on. The source's thread only.
struct CgroupWatches: ~Copyable {
  /// What a watch is on.
  struct Place: Equatable {
    let tree: Int
    let path: [UInt8]
    /// The sign whose file it is on; `nil` for the directory.
    var sign: CgroupSign?
  }

  private let limit: Int
  private var inotify: Inotify
  private let losses: LossCounters
  private var places: [Int32: Place] = [:]

  init(_ inotify: consuming Inotify, limit: Int, losses: LossCounters) {
    self.inotify = inotify
    self.limit = limit
    self.losses = losses
  }

  /// Watches at most: what is in containers may make as many cgroups as its limits allow, and of those that a user may
  /// have (`fs.inotify.max_user_watches`) other programs need some too.
  static func limit(on host: HostRoot) -> Int {
    var buffer = ReadBuffer()
    let most = 32_768
    guard host.read("/proc/sys/fs/inotify/max_user_watches", limit: 64, into: &buffer).isRead,
      let allowed = buffer.withBytes({ CgroupNumber(parsing: $0) })?.value
    else { return most }
    return Int(min(UInt64(most), allowed / 4))
  }

  func place(of watch: Int32) -> Place? { places[watch] }

  /// A watch has gone, as with what it was on.
  mutating func forget(_ watch: Int32) { places[watch] = nil }

  /// What became of watching a directory.
  enum Outcome {
    /// It is the one that was watched in this place before.
    case same(Int32)
    /// It was not watched, or in another place.
    case other(Int32)
    case gone, refused
  }

  /// Watches the directory of a cgroup, which keeps its watch when it is renamed. What prevents it is counted.
  /// - Parameters:
  ///   - directory: its path as a C string.
  ///   - isAgain: whether there is a watch in this place, so that the limit does not matter.
  mutating func watch(_ directory: [UInt8], as place: Place, isAgain: Bool = false) -> Outcome {
    guard isAgain || places.count < limit else {
      losses.count(.unwatched)
      return .refused
    }
    do throws(Errno) {
      let watch = try inotify.watch(directory, for: [.created, .deleted, .movedFrom, .movedTo])
      if places[watch] == place { return .same(watch) }
      places[watch] = place
      return .other(watch)
    } catch {
      switch error {
      case .noSuchFileOrDirectory:
        losses.count(.vanished, of: .cgroupState)
        return .gone
      case .permissionDenied: losses.count(.denied, of: .cgroupState)
      default: losses.count(.unwatched)
      }
      return .refused
    }
  }

  /// Forgets the watches on directories but these: of others it was not told that they have gone.
  mutating func keep(_ live: Set<Int32>) {
    places = places.filter { live.contains($0.key) || $0.value.sign != nil }
  }

  /// Watches the events file of a cgroup. What cannot be watched is no loss: it is read on the clock too.
  /// - Parameter file: its path as a C string.
  /// - Returns: the watch; `nil` when there is no such file, or room is left for directories alone.
  mutating func watchFile(_ file: [UInt8], as place: Place) -> Int32? {
    guard places.count < limit / 4 * 3, let watch = try? inotify.watchFile(file) else { return nil }
    places[watch] = place
    return watch
  }

  /// Ends a watch: the removal of a cgroup does not, neither that of its directory nor those of its files.
  mutating func unwatch(_ watch: Int32) {
    inotify.unwatch(watch)
    places[watch] = nil
  }

  /// Hands over what has happened, in order, without waiting.
  /// - Returns: whether anything has.
  mutating func read(_ body: (CgroupHappening) -> Void) -> Bool {
    inotify.read { watch, what, name in
      if let happening = CgroupHappening(watch, what, name) { body(happening) }
    }
  }

  /// Sleeps until something has happened, `event` was signalled, or `milliseconds` have passed.
  func wait(milliseconds: Int32, or event: borrowing EventDescriptor) {
    inotify.wait(milliseconds: milliseconds, or: event)
  }
}
