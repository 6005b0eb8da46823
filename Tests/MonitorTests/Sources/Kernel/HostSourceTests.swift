import Events
import Host
import Model
import Rules
import Synchronization
import System
import Testing

@testable import Monitor

@Suite struct HostSourceTests {
  private struct Changes: EventHandler {
    let seen: Mutex<[String]>.Box

    mutating func handle(_ facts: borrowing LiveFacts) {
      let text: String
      switch facts.event.change {
      case .setting(let change):
        text =
          "\(Self.text(change.name)): \(Self.text(change.before)) -> \(Self.text(change.after))"
          + (change.isWeaker ? " weaker" : "")
      case .module(let module):
        text = "\(facts.event.kind) \(Self.text(module.name)) \(Self.text(module.taint))"
      default: text = "\(facts.event.kind)"
      }
      seen.value.withLock { $0.append(text) }
    }

    mutating func tick(time: UInt64, isLast: Bool) {}

    private static func text(_ bytes: [UInt8]?) -> String {
      bytes.map { String(decoding: $0, as: UTF8.self) } ?? "-"
    }
  }

  /// Runs the source on a tree until `isEnough`, and tells what the engine made of it.
  private func changes(
    of tree: HostTree, needs: Needs = [.settings, .modules], modules: Int = 0, _ deed: () throws -> Void,
    isEnough: ([String]) -> Bool
  ) throws -> [String] {
    let surroundings = try Surroundings()
    let source = try HostSource(SourceSetting(root: tree.host, needs: needs, surroundings: surroundings))
    let seen = Mutex<[String]>.Box([])
    let run = try SourceRun(source, surroundings, handler: Changes(seen: seen))
    // Every setting is stated once, though the tree lacks most, and every module that is there.
    let first = UInt64((needs.contains(.settings) ? KernelSetting.all.count : 0) + modules)
    for _ in 0..<60_000 where source.feed.recordCount < first {
      Clock.sleep(milliseconds: 1)
    }
    try deed()
    for _ in 0..<60_000 where !isEnough(seen.value.withLock { $0 }) { Clock.sleep(milliseconds: 1) }
    run.end()
    return seen.value.withLock { $0 }
  }

  @Test(
    "a setting that is changed in a tree is an event, with whether it protects less; what was there at first is none"
  )
  func settings() throws {
    let tree = try HostTree()
    try tree.write("core\n", to: "proc/sys/kernel/core_pattern")
    try tree.write("2\n", to: "proc/sys/kernel/randomize_va_space")
    try tree.write("1\n", to: "proc/sys/net/ipv4/ip_forward")
    let seen = try changes(of: tree) {
      try tree.write("|/tmp/evil %p\n", to: "proc/sys/kernel/core_pattern")
      try tree.write("0\n", to: "proc/sys/kernel/randomize_va_space")
      try tree.write("0\n", to: "proc/sys/net/ipv4/ip_forward")
    } isEnough: {
      $0.count >= 2
    }
    #expect(
      seen == ["kernel.core_pattern: core -> |/tmp/evil %p", "kernel.randomize_va_space: 2 -> 0 weaker"])
  }

  @Test("modules that come and go in a tree are events, each once")
  func modules() throws {
    let tree = try HostTree()
    let first = "ext4 1000000 1 - Live 0x0000000000000000\nloop 40960 0 - Live 0x0000000000000000\n"
    try tree.write(first, to: "proc/modules")
    let seen = try changes(of: tree, needs: .modules, modules: 2) {
      try tree.write(
        "ext4 1000000 1 - Live 0x0000000000000000\nrootkit 16384 0 - Live 0x0000000000000000 (OE)\n",
        to: "proc/modules")
    } isEnough: {
      $0.count >= 2
    }
    #expect(Set(seen) == ["moduleUnloaded loop ", "moduleLoaded rootkit OE"])
    #expect(seen.count == 2)
  }

  @Test("the source is opened only for rules that want something of it, and says what only root may read")
  func needs() throws {
    #expect(!HostSource.isNeeded(for: [.arguments, .exe]))
    #expect(HostSource.isNeeded(for: .settings))
    #expect(HostSource.isNeeded(for: .modules))
    let source = try HostSource(
      SourceSetting(root: .live, needs: [.settings, .modules], surroundings: Surroundings()))
    #expect(source.status.isActive)
    #expect(source.status.details.count == 2)
  }
}
