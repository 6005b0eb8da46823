import Testing

@testable import Alerts

@Suite struct UnsettledAlertsTests {
  @Test(
    "what is settled, kept away by the filter, or announced may be acknowledged, and nothing behind the first open one"
  )
  func acknowledged() {
    var unsettled = UnsettledAlerts()
    unsettled.handOver(announcementOf: 1...3)
    // 7, 8 and 10 do not pass the filter.
    for number in 4...10 as ClosedRange<UInt64> {
      _ = unsettled.read(number)
      if ![7, 8, 10].contains(number) { unsettled.handOver(number) }
    }
    var steps = [[0, unsettled.acknowledged]]
    for sequence in [2, 3, 5, 6, 8, 9] as [UInt64] {
      steps.append([unsettled.settle(through: sequence), unsettled.acknowledged])
    }
    #expect(steps == [[0, 0], [0, 0], [0, 3], [2, 5], [1, 8], [0, 8], [1, 10]])
    #expect(unsettled.isEmpty)
  }

  @Test("what is read again is known") func again() {
    var unsettled = UnsettledAlerts()
    var isNew = [unsettled.read(1), unsettled.read(2)]
    unsettled.handOver(2)
    unsettled.forget()
    #expect(unsettled.isEmpty && unsettled.acknowledged == 0)
    isNew += [unsettled.read(2), unsettled.read(3)]
    #expect(isNew == [true, true, false, true])
  }
}
