import Events
import Host
import Synchronization
import System
import SystemPackage

/// The kernel itself: its settings, looked at once a second, and its modules, as the kernel tells of them.
///
/// Nothing that it reads can be held up by a process, so one thread reads it all.
final class HostSource: Source {
  static let id = SourceID.host
  static let costOfAbsence = "changes of kernel settings, and modules that come and go, are not seen"

  /// A look at all the settings takes 0.2 ms.
  private static let lookNanoseconds: UInt64 = 1_000_000_000
  /// The list of modules is read now and then, though no message told of any.
  private static let looksBetweenLists = 10

  let feed: RecordFeed
  private let root: HostRoot
  private let needs: Needs
  /// What the kernel tells of modules, until the thread takes it; `nil` where it cannot be had.
  private let uevents: Mutex<ModuleUEvents?>
  private let hasUEvents: Bool
  private let bell: EventDescriptor
  private let ended: EventDescriptor
  private let isStopping = Atomic<Bool>(false)
  /// Settings for which the kernel asks for user id 0, or for capabilities that the agent has given up. The thread tells.
  private let denied = Mutex<[String]>([])

  static func isNeeded(for needs: Needs) -> Bool { !needs.isDisjoint(with: [.settings, .modules]) }

  init(_ setting: SourceSetting) throws(SourceError) {
    root = setting.root
    needs = setting.needs
    feed = RecordFeed(source: .host, capacityBytes: 256 << 10, bell: setting.surroundings.bell)
    do {
      let first = try ProcessListing(root: root)
      _ = consume first
    } catch {
      throw .unavailable(.host, "\(error)")
    }
    do {
      bell = try EventDescriptor()
      ended = try EventDescriptor()
    } catch {
      throw .unavailable(.host, "no eventfd: \(error)")
    }
    var opened: ModuleUEvents?
    if root.isLive, needs.contains(.modules) { opened = try? ModuleUEvents() }
    hasUEvents = opened != nil
    uevents = Mutex(opened.take())
  }

  var status: SourceStatus {
    var shortcomings: [String] = []
    let denied = denied.withLock { $0 }
    if !denied.isEmpty {
      shortcomings.append(
        "settings that may not be read once privileges are given up are not seen: \(denied.joined(separator: ", "))"
      )
    }
    if needs.contains(.modules), root.isLive, !hasUEvents {
      shortcomings.append(
        "the kernel's messages cannot be had: modules that stay for less than a second are not seen")
    }
    var details: [String] = []
    if needs.contains(.settings) { details.append("\(KernelSetting.all.count) settings, a look a second") }
    if needs.contains(.modules) {
      details.append(hasUEvents ? "modules as they come" : "modules, a look a second")
    }
    return SourceStatus(source: .host, isActive: true, shortcomings: shortcomings, details: details)
  }

  var passedOver: [String: UInt64] { [:] }

  func start() throws(SourceError) {
    // So that the first status knows them: privileges have been given up by now.
    var reader = KernelSettingReader(root: root)
    if needs.contains(.settings) {
      let names = KernelSetting.all.filter { reader.read($0).outcome == .denied }.map(\.name)
      denied.withLock { $0 = names }
    }
    do {
      // Not joined: `stop` waits for it, but not for ever.
      _ = try NamedThread("wh-host") { [self] in
        run()
        ended.signal()
      }
    } catch {
      throw .noThread(.host, "\(error)")
    }
  }

  func stop(milliseconds: Int) {
    isStopping.store(true, ordering: .releasing)
    bell.signal()
    ended.wait(milliseconds: Int32(clamping: milliseconds))
  }

  private func run() {
    var watch = KernelWatch(root: root, needs: needs, feed: feed, messages: uevents.withLock { $0.take() })
    var next = Clock.monotonicNanoseconds
    var looks = 0
    while !isStopping.load(ordering: .acquiring) {
      let isTold = watch.receiveMessages()
      let isDue = Clock.monotonicNanoseconds >= next
      if isDue {
        let denied = watch.readSettings()
        self.denied.withLock { $0 = denied }
        looks += 1
        next = Clock.monotonicNanoseconds + Self.lookNanoseconds
      }
      if isTold || isDue && (!hasUEvents || looks % Self.looksBetweenLists == 1) { watch.readModules() }
      let now = Clock.monotonicNanoseconds
      watch.wait(or: bell, milliseconds: next > now ? Int32((next - now) / 1_000_000) + 1 : 0)
    }
  }
}
