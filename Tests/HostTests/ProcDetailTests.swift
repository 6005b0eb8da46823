import Glibc
@testable import Host
import Testing

@Suite struct EnvironTests {
  private func variables(_ bytes: [UInt8]) -> [String] {
    var variables: [String] = []
    Environ.forEachVariable(in: bytes.span) { name, value in
      variables.append("\(bytes.text(name)) is \(bytes.text(value))")
    }
    return variables
  }

  @Test(
    "a variable is what stands before and behind the first equals sign but one at the front",
    arguments: [
      ("", []), ("A=b\0", ["A is b"]), ("A=b", ["A is b"]), ("A=\0B=c=d\0", ["A is ", "B is c=d"]),
      ("\0\0A=1\0\0", ["A is 1"]), ("word\0A=1\0", ["A is 1"]), ("=x=y\0", ["=x is y"]), ("=x\0", []),
    ])
  func variables(text: String, expected: [String]) { #expect(variables(Array(text.utf8)) == expected) }

  @Test("a name is compared byte by byte")
  func names() {
    let bytes = Array("PATH=/bin".utf8)
    func isNamed(_ key: String) -> Bool { Environ.isNamed(0..<4, Array(key.utf8), in: bytes.span) }
    #expect(isNamed("PATH") && !isNamed("PAT") && !isNamed("PATHS") && !isNamed("path"))
  }

  @Test("spoilt input never traps")
  func fuzz() { Mutation.forEach(of: [Array("A=b\0PATH=/bin:/sbin\0=C=\0".utf8)]) { _ = variables($0) } }
}

@Suite struct DescriptorLinkTests {
  private func link(_ text: String) -> DescriptorLink? {
    let bytes = Array(text.utf8)
    return DescriptorLink(parsing: bytes.span)
  }

  @Test(
    "the kernel's words are told from paths",
    arguments: [
      ("/dev/pts/0", DescriptorLink.path), ("/a (deleted)", .path), ("/socket:[1]", .path),
      ("socket:[24128614]", .socket(24_128_614)), ("pipe:[5]", .pipe), ("/memfd:x (deleted)", .memoryFile),
      ("/memfd:x", .path), ("anon_inode:[eventfd]", .anonymous(11..<20)),
      ("anon_inode:inotify", .anonymous(11..<18)),
    ])
  func words(text: String, expected: DescriptorLink) { #expect(link(text) == expected) }

  @Test(
    "anything else is refused",
    arguments: ["", "socket:[]", "socket:[x]", "socket:[1", "socket:[1]x", "net:[4]"])
  func garbage(text: String) { #expect(link(text) == nil) }

  @Test(
    "a protocol's name tells the family of its sockets",
    arguments: [
      ("TCP", DescriptorType.ipv4), ("UDP", .ipv4), ("TCPv6", .ipv6), ("UDPLITEv6", .ipv6), ("UNIX", .unix),
      ("UNIX-STREAM", .unix), ("NETLINK", .netlink), ("PACKET", .packet), ("VSOCK", .other), ("", .other),
    ])
  func protocols(name: String, expected: DescriptorType) {
    #expect(DescriptorType(protocolName: name) == expected)
  }

  @Test(
    "what has no file has a type by the kernel's word",
    arguments: [
      ("[eventfd]", DescriptorType.event), ("inotify", .inotify), ("[io_uring]", .ioURing),
      ("bpf-prog", .bpf),
      ("[pidfd]", .pidfd), ("[userfaultfd]", .userfaultfd), ("dmabuf", .other), ("[", .other), ("", .other),
    ])
  func anonymous(word: String, expected: DescriptorType) {
    #expect(DescriptorType(anonymous: word) == expected)
  }

  @Test("spoilt input never traps")
  func fuzz() {
    Mutation.forEach(of: [Array("socket:[24128614]".utf8), Array("anon_inode:[eventfd]".utf8)]) {
      _ = DescriptorLink(parsing: $0.span)
    }
  }
}

@Suite struct OOMScoreAdjTests {
  @Test(
    "a number within the kernel's bounds",
    arguments: [("0\n", 0 as Int32), ("-1000\n", -1000), ("1000", 1000)])
  func reads(text: String, expected: Int32) throws {
    let bytes = Array(text.utf8)
    #expect(OOMScoreAdj(parsing: bytes.span)?.value == expected)
  }

  @Test("anything else is refused", arguments: ["", "\n", "x", "1001\n", "-1001", "99999999999", "1 2"])
  func garbage(text: String) {
    let bytes = Array(text.utf8)
    #expect(OOMScoreAdj(parsing: bytes.span)?.value == nil)
  }
}

@Suite struct SecurityLabelTests {
  @Test(
    "what ends a label is not part of it",
    arguments: [
      ("docker-default (enforce)\n", "docker-default (enforce)"), ("unconfined\n", "unconfined"),
      ("system_u:system_r:container_t:s0:c1,c2\0", "system_u:system_r:container_t:s0:c1,c2"),
      ("a//&b (complain)\n\0", "a//&b (complain)"), ("kernel", "kernel"),
    ])
  func labels(text: String, expected: String) {
    let bytes = Array(text.utf8)
    #expect(SecurityLabel(parsing: bytes.span).map { bytes.text($0.text) } == expected)
  }

  @Test("without a label there is nothing", arguments: ["", "\0", "\n", "\n\0\n"])
  func empty(text: String) {
    let bytes = Array(text.utf8)
    #expect(SecurityLabel(parsing: bytes.span)?.text == nil)
  }

  @Test("a process's own is read, or there is no security module")
  func own() {
    var directory = ProcessDirectory(root: .live)
    var buffer = ReadBuffer()
    directory.select(getpid())
    let outcome = directory.readSecurityLabel(into: &buffer)
    #expect(outcome == .complete || outcome == .absent)
  }
}
