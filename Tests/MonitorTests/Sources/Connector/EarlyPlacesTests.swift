import Host
import Testing

@testable import Monitor

@Suite struct EarlyPlacesTests {
  private func place(_ path: String) -> DetailReader.Whereabouts {
    DetailReader.Whereabouts(
      cgroup: Array("0::\(path)\n".utf8), namespaces: ProcessNamespaces(), startTicks: 700)
  }

  @Test("a place is found until it is forgotten, the latest of a process counts, and the oldest make room")
  func bounded() {
    var places = EarlyPlaces()
    #expect(places.place(of: 1, startedAt: nil) == nil)
    places.note(place("/a"), of: 1)
    places.note(place("/b"), of: 1)
    #expect(places.place(of: 1, startedAt: nil)?.cgroup == place("/b").cgroup)
    places.forget(1)
    places.forget(1)
    #expect(places.place(of: 1, startedAt: nil) == nil)
    for pid in 1...Int32(EarlyPlaces.limit + 2) { places.note(place("/\(pid)"), of: pid) }
    #expect(places.place(of: 1, startedAt: nil) == nil && places.place(of: 2, startedAt: nil) == nil)
    #expect((3...Int32(EarlyPlaces.limit + 2)).allSatisfy { places.place(of: $0, startedAt: nil) != nil })
  }

  @Test("a process that has the pid of another is not where that one was")
  func reused() {
    var places = EarlyPlaces()
    places.note(place("/a"), of: 1)
    #expect(places.place(of: 1, startedAt: 700) != nil)
    #expect(places.place(of: 1, startedAt: 701) == nil)
  }
}
