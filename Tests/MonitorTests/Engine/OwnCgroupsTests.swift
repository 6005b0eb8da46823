import Host
import Model
import Testing

@testable import Monitor

@Suite struct OwnCgroupsTests {
  private static let second: UInt64 = 1_000_000_000
  private let tree: HostTree

  init() throws { tree = try HostTree() }

  private func stat(throttled: Int) -> String {
    "usage_usec 5\nnr_periods 9\nnr_throttled 3\nthrottled_usec \(throttled)\n"
  }

  private func writeUnified(throttled: Int, frozen: Int) throws {
    try tree.mountUnified()
    try tree.write("0::/system.slice/windhover.service\n", to: "proc/self/cgroup")
    try tree.write(stat(throttled: throttled), to: "cg/system.slice/windhover.service/cpu.stat")
    try tree.write(stat(throttled: 7), to: "cg/system.slice/cpu.stat")
    try tree.write("frozen_usec \(frozen)\n", to: "cg/system.slice/windhover.service/cgroup.stat.local")
    try tree.write("frozen_usec 999\n", to: "cg/system.slice/cgroup.stat.local")
  }

  @Test("throttling of the own cgroup and of those above it adds up; of freezing the own one knows all")
  func unified() throws {
    try writeUnified(throttled: 100, frozen: 40)
    #expect(OwnCgroups(root: tree.host).look() == OwnCgroups.Restraint(throttled: 107_000, frozen: 40_000))
  }

  @Test(
    "what cannot be read is nothing: no file, a cgroup out of sight, an older kernel",
    arguments: ["", "0::/\n", "0::/../other\n", "0::/gone\n", "nonsense\n", "0:\n"])
  func unknown(own: String) throws {
    try writeUnified(throttled: 100, frozen: 40)
    try tree.write(own, to: "proc/self/cgroup")
    #expect(OwnCgroups(root: tree.host).look() == OwnCgroups.Restraint())
    #expect(OwnCgroups(root: HostRoot("/nonexistent")).look() == OwnCgroups.Restraint())
  }

  @Test("what came since is a difference; in another cgroup, whose figures are smaller, all of it")
  func difference() {
    let before = OwnCgroups.Restraint(throttled: 10, frozen: 5)
    #expect(
      OwnCgroups.Restraint(throttled: 12, frozen: 5).since(before)
        == OwnCgroups.Restraint(throttled: 2, frozen: 0))
    #expect(
      OwnCgroups.Restraint(throttled: 3, frozen: 4).since(before)
        == OwnCgroups.Restraint(throttled: 3, frozen: 4))
  }

  @Test(
    "a pause for most of which the own cgroup was frozen or throttled has that reason",
    arguments: [
      (0, 0, AgentRestraint?.none), (0, 6_000_000, .frozen), (6_000_000, 0, .throttled),
      (1_000_000, 1_000_000, nil),
    ])
  func reason(throttled: Int, frozen: Int, expected: AgentRestraint?) throws {
    try writeUnified(throttled: 100, frozen: 40)
    var watch = SelfWatch(now: 100 * Self.second, cgroups: OwnCgroups(root: tree.host))
    try writeUnified(throttled: 100 + throttled, frozen: 40 + frozen)
    let pause = watch.runs(at: 108 * Self.second)
    #expect(pause?.restraint == expected)
    // Told once: the next pause has reasons of its own.
    let later = watch.runs(at: 116 * Self.second)
    #expect(later != nil && later?.restraint == nil)
  }

  @Test("a delay in whose last seconds the own cgroup was throttled for a quarter has that reason")
  func delay() throws {
    try writeUnified(throttled: 0, frozen: 0)
    var watch = SelfWatch(now: 100 * Self.second, cgroups: OwnCgroups(root: tree.host))
    try writeUnified(throttled: 1_000_000, frozen: 0)
    #expect(watch.restraint(at: 108 * Self.second) == nil)
    try writeUnified(throttled: 4_500_000, frozen: 0)
    #expect(watch.restraint(at: 109 * Self.second) == .throttled)
  }
}
