import Host
import Testing

@testable import Monitor

@Suite struct EarlyPlacesTests {
  private func place(_ path: String) -> DetailReader.Whereabouts {
    DetailReader.Whereabouts(cgroup: Array("0::\(path)\n".utf8), namespaces: ProcessNamespaces())
  }

  @Test("a place is found until it is forgotten, the latest of a process counts, and the oldest make room")
  func bounded() {
    var places = EarlyPlaces()
    #expect(places.place(of: 1) == nil)
    places.note(place("/a"), of: 1)
    places.note(place("/b"), of: 1)
    #expect(places.place(of: 1)?.cgroup == place("/b").cgroup)
    places.forget(1)
    places.forget(1)
    #expect(places.place(of: 1) == nil)
    for pid in 1...Int32(EarlyPlaces.limit + 2) { places.note(place("/\(pid)"), of: pid) }
    #expect(places.place(of: 1) == nil && places.place(of: 2) == nil)
    #expect((3...Int32(EarlyPlaces.limit + 2)).allSatisfy { places.place(of: $0) != nil })
  }
}
