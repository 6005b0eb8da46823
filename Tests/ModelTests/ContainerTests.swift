import Testing
import Events
@testable import Model

@Test("the first twelve digits name a container with a full id, other names stay whole") func shortIDs() {
  let full = [UInt8](repeating: UInt8(ascii: "a"), count: 64)
  #expect(Container(id: full, type: .docker, standing: .vouched).shortID.count == 12)
  #expect(
    Array(Container(id: Array("web-1".utf8), type: .lxc, standing: .vouched).shortID)
      == Array("web-1".utf8))
}
