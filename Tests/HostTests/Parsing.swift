import Host

// A span cannot go through `#expect`; an array can.

extension ProcStat { init?(_ bytes: [UInt8]) { self.init(parsing: bytes.span) } }
extension ProcStatus { init?(_ bytes: [UInt8]) { self.init(parsing: bytes.span) } }
extension Cmdline { init?(_ bytes: [UInt8]) { self.init(parsing: bytes.span) } }
extension CgroupFile { init?(_ bytes: [UInt8]) { self.init(parsing: bytes.span) } }
extension IDMap { init?(_ bytes: [UInt8]) { self.init(parsing: bytes.span) } }
extension LoginUID { init?(_ bytes: [UInt8]) { self.init(parsing: bytes.span) } }
extension NamespaceLink { init?(_ bytes: [UInt8]) { self.init(parsing: bytes.span) } }
extension LinkTarget { init?(_ bytes: [UInt8]) { self.init(parsing: bytes.span) } }
extension ProcAuxv { init?(_ bytes: [UInt8]) { self.init(parsing: bytes.span) } }
extension ModuleUEvent { init?(_ bytes: [UInt8]) { self.init(parsing: bytes.span) } }
extension Passwd { init(_ bytes: [UInt8]) { self.init(parsing: bytes.span) } }
extension Group { init(_ bytes: [UInt8]) { self.init(parsing: bytes.span) } }
extension ShimArguments { init?(_ bytes: [UInt8]) { self.init(parsing: bytes.span) } }
extension ContainerClaim {
  init?(_ bytes: [UInt8]) { self.init(parsing: bytes.span) }
  init?(candidateIn bytes: [UInt8]) { self.init(candidateIn: bytes.span) }
  func enclosing(in bytes: [UInt8]) -> ContainerClaim? { enclosing(in: bytes.span) }
  func shortID(in bytes: [UInt8]) -> Range<Int> { shortID(in: bytes.span) }
}
