import System

/// What the kernel tells the cgroup source by its watches. A value.
enum CgroupHappening {
  case made(Int32, [UInt8])
  case removed(Int32, [UInt8])
  /// The watched file was changed.
  case changed(Int32)
  case unwatched(Int32)
  case overflow

  /// - Returns: `nil` for what means nothing here, as a file that is made.
  init?(_ watch: Int32, _ what: Inotify.Happenings, _ name: Span<UInt8>) {
    if what.contains(.overflow) {
      self = .overflow
    } else if what.contains(.ignored) {
      self = .unwatched(watch)
    } else if what.contains(.isDirectory) {
      let copy = (0..<name.count).map { name[$0] }
      if !what.isDisjoint(with: [.created, .movedTo]) {
        self = .made(watch, copy)
      } else if !what.isDisjoint(with: [.deleted, .movedFrom]) {
        self = .removed(watch, copy)
      } else {
        return nil
      }
    } else if what.contains(.modified) {
      self = .changed(watch)
    } else {
      return nil
    }
  }
}
