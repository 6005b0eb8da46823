import Testing

@testable import Host

@Suite struct KernelSettingTests {
  private func setting(_ name: String) throws -> KernelSetting {
    try #require(KernelSetting.all.first { $0.name == name })
  }

  private func strength(_ name: String, _ value: String) throws -> Int64? {
    let bytes = Array(value.utf8)
    return try setting(name).strength(of: bytes.span)
  }

  @Test("each setting has a name of its own, as sysctl spells it where it can")
  func names() {
    let names = KernelSetting.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.contains("kernel.core_pattern"))
    #expect(names.contains("net.core.bpf_jit_harden"))
    #expect(names.contains("/sys/kernel/uevent_helper"))
    #expect(!names.contains { $0.contains("ip_forward") })
  }

  @Test(
    "a value that protects less is weaker",
    arguments: [
      ("kernel.randomize_va_space", "0", "2"), ("kernel.kptr_restrict", "1", "2"),
      ("kernel.perf_event_paranoid", "-1", "3"), ("kernel.unprivileged_bpf_disabled", "0", "2"),
      ("kernel.unprivileged_bpf_disabled", "2", "1"), ("kernel.yama.ptrace_scope", "0", "1"),
      ("fs.suid_dumpable", "1", "2"), ("fs.suid_dumpable", "2", "0"), ("kernel.sysrq", "1", "438"),
      ("kernel.sysrq", "438", "176"), ("kernel.sysrq", "16", "0"), ("user.max_user_namespaces", "1", "0"),
      ("kernel.unprivileged_userns_clone", "1", "0"), ("vm.mmap_min_addr", "4096", "65536"),
      ("/sys/fs/selinux/enforce", "0", "1"), ("/sys/module/apparmor/parameters/mode", "complain", "enforce"),
    ])
  func weaker(name: String, weak: String, strong: String) throws {
    let (weak, strong) = (try strength(name, weak), try strength(name, strong))
    #expect(try #require(weak) < #require(strong))
  }

  @Test(
    "numbers between which there is no difference are alike",
    arguments: [("user.max_user_namespaces", "100", "96343"), ("kernel.sysrq", "4", "8")])
  func alike(name: String, one: String, other: String) throws {
    #expect(try strength(name, one) == strength(name, other))
  }

  @Test(
    "a value that is not understood has no strength, nor has one of a setting without an order",
    arguments: [
      ("kernel.randomize_va_space", ""), ("kernel.randomize_va_space", "two"), ("fs.suid_dumpable", "3"),
      ("kernel.kptr_restrict", "99999999999999999999"), ("kernel.core_pattern", "1"),
      ("/sys/module/apparmor/parameters/mode", "1"), ("/sys/module/apparmor/parameters/mode", "enforcement"),
    ])
  func unordered(name: String, value: String) throws {
    #expect(try strength(name, value) == nil)
  }

  @Test("values are read below another root, without the line feed; one that is missing is absent")
  func scratch() throws {
    let scratch = Scratch()
    try scratch.write(Array("|/usr/lib/dump %p\n".utf8), to: "/proc/sys/kernel/core_pattern")
    try scratch.write([], to: "/proc/sys/kernel/hotplug")
    var reader = KernelSettingReader(root: HostRoot(scratch.path))
    let pattern = try reader.read(setting("kernel.core_pattern"))
    #expect(pattern.outcome == .complete)
    #expect(pattern.value == Array("|/usr/lib/dump %p".utf8))
    let empty = try reader.read(setting("kernel.hotplug"))
    #expect(empty.outcome == .complete && empty.value.isEmpty)
    #expect(try reader.read(setting("kernel.modprobe")).outcome == .absent)
  }

  @Test("registered interpreters are one value, in the order of their names")
  func interpreters() throws {
    let scratch = Scratch()
    let entry = "enabled\ninterpreter /usr/bin/qemu\nflags: \noffset 0\nmagic 7f45\n"
    try scratch.write(Array(entry.utf8), to: "/proc/sys/fs/binfmt_misc/qemu-arm")
    try scratch.write(Array("disabled\n".utf8), to: "/proc/sys/fs/binfmt_misc/jar")
    try scratch.write([], to: "/proc/sys/fs/binfmt_misc/register")
    try scratch.write(Array("enabled\n".utf8), to: "/proc/sys/fs/binfmt_misc/status")
    var reader = KernelSettingReader(root: HostRoot(scratch.path))
    let (outcome, value) = try reader.read(setting("fs.binfmt_misc"))
    #expect(outcome == .complete)
    #expect(String(decoding: value, as: UTF8.self).hasPrefix("jar= qemu-arm=/usr/bin/qemu hash="))
    #expect(try reader.read(setting("fs.binfmt_misc")).value == value)
    // Set-uid programs hand their rights to an interpreter with the flag C.
    let stronger = "enabled\ninterpreter /usr/bin/qemu\nflags: OC\noffset 0\nmagic 7f45\n"
    try scratch.write(Array(stronger.utf8), to: "/proc/sys/fs/binfmt_misc/qemu-arm")
    #expect(try reader.read(setting("fs.binfmt_misc")).value != value)
  }

  @Test("of very many interpreters some are listed, and one that is not counts all the same")
  func manyInterpreters() throws {
    let scratch = Scratch()
    let entry = Array("enabled\ninterpreter /usr/bin/an/interpreter\nflags: \n".utf8)
    for number in 100..<300 { try scratch.write(entry, to: "/proc/sys/fs/binfmt_misc/\(number)") }
    var reader = KernelSettingReader(root: HostRoot(scratch.path))
    let (outcome, value) = try reader.read(setting("fs.binfmt_misc"))
    #expect(outcome == .complete)
    #expect(value.count < 2200)
    try scratch.write(
      Array("enabled\ninterpreter /tmp/x\nflags: \n".utf8), to: "/proc/sys/fs/binfmt_misc/299")
    #expect(try reader.read(setting("fs.binfmt_misc")).value != value)
  }

  @Test(
    "an ordinary directory, and one that is missing, is no place where something is mounted once it is opened"
  )
  func automount() throws {
    #expect(!HostRoot.live.isAutomount("/proc/sys/kernel"))
    #expect(!HostRoot.live.isAutomount("/no/such/place"))
  }

  @Test("this host has some of the settings, and reading none of them fails")
  func live() {
    var reader = KernelSettingReader(root: .live)
    var outcomes: [ReadOutcome] = []
    for setting in KernelSetting.all {
      let (outcome, value) = reader.read(setting)
      outcomes.append(outcome)
      if case .failed(let error) = outcome { Issue.record("\(setting.name): \(error)") }
      // From the file that stays open.
      let again = reader.read(setting)
      #expect(again.outcome == outcome && again.value == value, "\(setting.name)")
    }
    #expect(outcomes.contains(.complete))
  }
}
