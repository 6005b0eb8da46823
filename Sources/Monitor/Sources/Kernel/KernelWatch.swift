import Events
import Host
import System

/// States the kernel's settings and modules when they are not as they were. One thread uses it.
///
/// What it said before it remembers only to say nothing twice: what changed is the model's to say.
struct KernelWatch: ~Copyable {
  private enum Known: Equatable {
    case nothing, denied, unreadable, absent
    case value([UInt8])
  }

  private let needs: Needs
  private let root: HostRoot
  private let feed: RecordFeed
  private var messages: ModuleUEvents?
  private var told: [ModuleUEvent] = []
  private var reader: KernelSettingReader
  private var settings = [Known](repeating: .nothing, count: KernelSetting.all.count)
  private var modules: [[UInt8]: KernelModule] = [:]
  private var hasListed = false
  private var isListUnreadable = false
  private var buffer = ReadBuffer()
  private var record = RecordWriter()

  /// - Parameter messages: what the kernel tells of modules; `nil` where it cannot be had.
  init(root: HostRoot, needs: Needs, feed: RecordFeed, messages: consuming ModuleUEvents?) {
    self.root = root
    self.needs = needs
    self.feed = feed
    self.messages = messages
    reader = KernelSettingReader(root: root)
  }

  /// Sleeps until the kernel tells of a module, `bell` was rung, or the time is over.
  func wait(or bell: borrowing EventDescriptor, milliseconds: Int32) {
    if messages == nil {
      bell.wait(milliseconds: milliseconds)
    } else {
      messages?.wait(or: bell, milliseconds: milliseconds)
    }
  }

  // MARK: - Settings

  /// Reads every setting and states those that are not as they were.
  /// - Returns: the names of those that may not be read.
  mutating func readSettings() -> [String] {
    guard needs.contains(.settings) else { return [] }
    for (index, setting) in KernelSetting.all.enumerated() {
      let stamp = Clock.monotonicNanoseconds
      let (outcome, value) = reader.read(setting)
      let now: Known
      switch outcome {
      case .complete, .truncated: now = .value(value)
      case .absent: now = .absent
      case .denied, .failed:
        let isDenied = outcome == .denied
        if settings[index] != .denied, settings[index] != .unreadable {
          feed.losses.count(isDenied ? .denied : .unreadable)
        }
        settings[index] = isDenied ? .denied : .unreadable
        continue
      }
      if settings[index] != now, state(setting, now, stamp) { settings[index] = now }
    }
    return settings.indices.filter { settings[$0] == .denied }.map { KernelSetting.all[$0].name }
  }

  /// - Returns: whether there was room in the ring; without it the next look tries again.
  private mutating func state(_ setting: KernelSetting, _ known: Known, _ stamp: UInt64) -> Bool {
    record.begin(.setting, from: .host, stamp: stamp, pid: 0)
    record.append(.settingName, Array(setting.name.utf8).span)
    if case .value(let value) = known {
      record.append(.settingValue, value.span)
      if let strength = setting.strength(of: value.span) { record.append(.settingStrength, strength) }
    }
    return feed.offer(record)
  }

  // MARK: - Modules

  /// Takes what the kernel told of modules since the last call.
  /// - Returns: whether it told anything, or lost what it had to tell.
  mutating func receiveMessages() -> Bool {
    // So many that no flood of them keeps the thread here.
    for _ in 0..<256 {
      switch messages?.receive() {
      case .message(let message): told.append(message)
      case .overflow:
        feed.losses.count(.socketOverflow)
        return true
      case .stranger: continue
      case .failed:
        // A socket that only fails would wake us for ever; the list is read now and then all the same.
        feed.losses.count(.unreadable)
        messages = nil
        return true
      case .some(.none), nil: return !told.isEmpty
      }
    }
    return true
  }

  /// Reads the list of modules, and states first what the kernel told, in its order, then what else the list says.
  mutating func readModules() {
    guard needs.contains(.modules) else { return }
    let stamp = Clock.monotonicNanoseconds
    let listed = list()
    for message in told {
      if message.isAdded {
        // One that is gone again is told of all the same.
        let module = listed?[message.name] ?? KernelModule(name: message.name, size: 0, taint: [])
        stateLoaded(module, isListed: listed?[message.name] != nil, stamp)
      } else {
        stateGone(message.name, stamp)
      }
    }
    told.removeAll(keepingCapacity: true)
    guard let listed else { return }
    for name in modules.keys where listed[name] == nil { stateGone(name, stamp) }
    for module in listed.values where modules[module.name] == nil {
      stateLoaded(module, isListed: true, stamp)
    }
    hasListed = true
  }

  /// The modules by name; `nil` when not all can be known, which says nothing about who is gone.
  private mutating func list() -> [[UInt8]: KernelModule]? {
    let outcome = root.read(KernelModules.path, limit: KernelModules.limit, into: &buffer)
    switch outcome {
    case .complete:
      isListUnreadable = false
      let found = buffer.withBytes { KernelModules(parsing: $0).modules }
      return Dictionary(found.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    case .absent: return [:]
    case .truncated, .denied, .failed:
      if !isListUnreadable { feed.losses.count(outcome == .denied ? .denied : .unreadable) }
      isListUnreadable = true
      return nil
    }
  }

  private mutating func stateLoaded(_ module: KernelModule, isListed: Bool, _ stamp: UInt64) {
    record.begin(.module, from: .host, stamp: stamp, pid: 0)
    record.append(.moduleName, module.name.span)
    if isListed {
      record.append(.moduleSize, module.size)
      record.append(.moduleTaint, module.taint.span)
    }
    if !hasListed { record.insert(.initial) }
    if feed.offer(record) { modules[module.name] = module }
  }

  private mutating func stateGone(_ name: [UInt8], _ stamp: UInt64) {
    record.begin(.moduleGone, from: .host, stamp: stamp, pid: 0)
    record.append(.moduleName, name.span)
    if feed.offer(record) { modules[name] = nil }
  }
}
