import Testing

@testable import Rules

@Suite struct IPAddressTests {
  @Test(
    "an address of RFC 4291 is read wherever its zeros are left out",
    arguments: [
      ("1:2:3:4:5:6:7:8", 0x0001_0002_0003_0004, 0x0005_0006_0007_0008), ("::", 0, 0), ("::1", 0, 1),
      ("1::", 0x0001_0000_0000_0000, 0), ("1::8", 0x0001_0000_0000_0000, 8),
      ("fe80::a:b", 0xFE80_0000_0000_0000, 0x000A_000B),
      ("1:2:3:4:5:6:7::", 0x0001_0002_0003_0004, 0x0005_0006_0007_0000),
      ("::2:3:4:5:6:7:8", 0x0000_0002_0003_0004, 0x0005_0006_0007_0008),
      ("::ffff:1.2.3.4", 0, 0xFFFF_0102_0304),
      ("1:2:3:4:5:6:1.2.3.4", 0x0001_0002_0003_0004, 0x0005_0006_0102_0304),
      ("1::1.2.3.4", 0x0001_0000_0000_0000, 0x0102_0304),
    ] as [(String, UInt64, UInt64)])
  func version6(text: String, high: UInt64, low: UInt64) {
    #expect(IPAddress(parsing: Array(text.utf8).span) == IPAddress(v6: high, low))
  }

  @Test(
    "what is no address is none",
    arguments: [
      "", ":", "1:", ":1", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:1.2.3.4",
      "1:2:3:4:5:6:7:8::",
      "1::2::3", ":::", "12345::", "g::", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.4:",
      "::1.2.3",
      "1:2:3:4:5:6:7:8:1.2.3.4", "::1%eth0",
    ])
  func none(text: String) {
    #expect(IPAddress(parsing: Array(text.utf8).span) == nil)
  }
}
