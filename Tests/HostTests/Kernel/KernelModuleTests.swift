import Testing

@testable import Host

@Suite struct KernelModulesTests {
  private func modules(_ text: String) -> [KernelModule] {
    let bytes = Array(text.utf8)
    return KernelModules(parsing: bytes.span).modules
  }

  @Test("each line is a module with its size and its taint")
  func lines() {
    let found = modules(
      """
      nf_tables 372736 593 nft_ct,nft_chain_nat, Live 0xffffffffc0a42000
      loop 40960 0 - Live 0x0000000000000000
      rootkit 16384 0 - Live 0x0000000000000000 (OE)
      coming 16384 1 - Loading 0x0000000000000000 (POE+)
      going 16384 0 - Unloading 0x0000000000000000 (-)

      """)
    #expect(
      found == [
        KernelModule(name: Array("nf_tables".utf8), size: 372_736, taint: []),
        KernelModule(name: Array("loop".utf8), size: 40960, taint: []),
        KernelModule(name: Array("rootkit".utf8), size: 16384, taint: Array("OE".utf8)),
        KernelModule(name: Array("coming".utf8), size: 16384, taint: Array("POE".utf8)),
      ])
  }

  @Test("the modules of a real host are all read")
  func host() {
    var buffer = ReadBuffer()
    let outcome = Fixture.root("v2-host").read("/proc/modules", limit: 64 << 10, into: &buffer)
    #expect(outcome == .complete)
    let found = modules(buffer.text())
    #expect(found.count == 34)
    #expect(found.first == KernelModule(name: Array("xt_addrtype".utf8), size: 16384, taint: []))
    #expect(found.allSatisfy { $0.taint.isEmpty })
  }

  @Test(
    "a line that makes no sense is none",
    arguments: ["", "\n", "loop", "loop x 0 - Live 0x0", "loop 1 0 -\n"])
  func garbage(text: String) { #expect(modules(text).isEmpty) }

  @Test("spoilt input never traps")
  func fuzz() {
    Mutation.forEach(of: [Array("loop 40960 0 - Live 0x0 (OE)\nnf 1 2 a,b, Unloading 0x0 (-)\n".utf8)]) {
      _ = KernelModules(parsing: $0.span).modules.count
    }
  }
}

@Suite struct ModuleUEventTests {
  @Test(
    "a module that comes or goes is told by name",
    arguments: [
      ("add@/module/loop\0ACTION=add\0DEVPATH=/module/loop\0SUBSYSTEM=module\0SEQNUM=7\0", "loop", true),
      ("remove@/module/loop\0ACTION=remove\0", "loop", false), ("add@/module/a b\0", "a b", true),
    ])
  func told(text: String, name: String, isAdded: Bool) throws {
    let bytes = Array(text.utf8)
    let event = try #require(ModuleUEvent(bytes))
    #expect(event.name == Array(name.utf8))
    #expect(event.isAdded == isAdded)
  }

  @Test(
    "any other message is none",
    arguments: [
      "", "add@/module/loop", "add@/module/\0", "add@/module/loop/holders\0", "change@/module/loop\0",
      "add@/devices/virtual/net/veth0\0", "libudev\0", "remove@/module\0",
    ])
  func others(text: String) {
    let bytes = Array(text.utf8)
    #expect(ModuleUEvent(bytes) == nil)
  }

  @Test("the kernel's socket opens without privilege, and has nothing to say of what is no module")
  func socket() throws {
    var events = try ModuleUEvents()
    let receipt = events.receive()
    #expect(receipt == .none)
  }

  @Test("spoilt input never traps")
  func fuzz() {
    Mutation.forEach(of: [Array("add@/module/loop\0ACTION=add\0".utf8), Array("remove@/module/loop\0".utf8)])
    {
      _ = ModuleUEvent(parsing: $0.span)
    }
  }
}
