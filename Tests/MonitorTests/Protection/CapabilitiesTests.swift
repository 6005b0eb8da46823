import Testing

@testable import Monitor

@Suite struct CapabilitiesTests {
  @Test(
    "a set is named as capabilities(7) names its members",
    arguments: [
      ([], "none"), ([.sysPtrace], "cap_sys_ptrace"),
      ([.dacReadSearch, .setGroup, .setUser], "cap_dac_read_search, cap_setgid, cap_setuid"),
      ([.setCapabilities, .netAdmin, .sysAdmin], "cap_setpcap, cap_net_admin, cap_sys_admin"),
      ([.sysNice, .sysResource], "cap_sys_nice, cap_sys_resource"),
      (Capabilities(rawValue: 1 << 63), "63"),
    ] as [(Capabilities, String)])
  func names(set: Capabilities, expected: String) {
    #expect(set.description == expected)
  }

  @Test("what is effective is permitted")
  func own() throws {
    #expect(try Capabilities.permitted().isSuperset(of: try Capabilities.effective()))
  }
}

@Suite struct IdentityTests {
  @Test("root is found by name, and a name that nobody has is nobody's")
  func accounts() throws {
    #expect(try Account.named("root") == Account(name: "root", user: 0, group: 0))
    #expect(try Account.named("no-such-account") == nil)
    #expect(try Account.named(String(repeating: "x", count: 100_000)) == nil)
  }

  @Test("started as root without the account, the agent stays root or does not run, as configured")
  func missingAccount() throws {
    #expect(
      try Identity.of(account: "no-such-account", whenMissing: .stayRoot, startedAs: 0)
        == .rootForWantOf(account: "no-such-account"))
    let refusing: () throws -> Identity = {
      try Identity.of(account: "no-such-account", whenMissing: .refuse, startedAs: 0)
    }
    #expect(throws: ProtectionError.noAccount(name: "no-such-account")) { try refusing() }
    #expect(try Identity.of(account: "root", whenMissing: .refuse, startedAs: 1000) == .starter)
  }
}
