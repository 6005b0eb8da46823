import Testing

@testable import Rules

@Suite struct CandidateMarksTests {
  @Test("places come back once each, the lowest first, however far apart")
  func order() {
    var marks = CandidateMarks(count: 10_000)
    for place in [9_999, 64, 0, 4_096, 63, 64, 4_095, 8_191] { marks.insert(place) }
    marks.insert(RuleIndex.Marks(word: 1, bits: 0b11))
    #expect(taken(&marks) == [0, 63, 64, 65, 4_095, 4_096, 8_191, 9_999])
    #expect(taken(&marks) == [])
  }

  @Test("what is left of one event is not there for the next")
  func leftovers() {
    var marks = CandidateMarks(count: 10_000)
    for place in [1, 70, 5_000] { marks.insert(place) }
    #expect(marks.takeFirst() == 1)
    marks.removeAll()
    marks.insert(6_000)
    #expect(taken(&marks) == [6_000])
  }

  private func taken(_ marks: inout CandidateMarks) -> [Int] {
    var places: [Int] = []
    while let place = marks.takeFirst() { places.append(place) }
    return places
  }
}
