import Testing

@testable import Alerts

@Suite struct UnsettledAlertsTests {
  @Test(
    "what is settled, kept away by the filter, or announced may be acknowledged, and nothing behind the first open alert"
  )
  func acknowledged() {
    var unsettled = UnsettledAlerts()
    unsettled.handOver(announcementOf: 1...3)
    for number in 4...6 as ClosedRange<UInt64> {
      #expect(unsettled.read(number))
      unsettled.handOver(number)
    }
    // 7 and 8 do not pass the filter.
    for number in 7...8 as ClosedRange<UInt64> { #expect(unsettled.read(number)) }
    #expect(unsettled.read(9))
    unsettled.handOver(9)
    #expect(unsettled.acknowledged == 0)
    #expect(unsettled.settle(through: 2) == 0 && unsettled.acknowledged == 0)
    #expect(unsettled.settle(through: 3) == 0 && unsettled.acknowledged == 3)
    #expect(unsettled.settle(through: 5) == 2 && unsettled.acknowledged == 5)
    #expect(unsettled.settle(through: 6) == 1 && unsettled.acknowledged == 8)
    #expect(unsettled.read(10))
    #expect(unsettled.settle(through: 9) == 1 && unsettled.acknowledged == 10 && unsettled.isEmpty)
  }

  @Test("what is read again is known") func again() {
    var unsettled = UnsettledAlerts()
    #expect(unsettled.read(1))
    #expect(unsettled.read(2))
    unsettled.handOver(2)
    unsettled.forget()
    #expect(unsettled.isEmpty && unsettled.acknowledged == 0)
    #expect(!unsettled.read(2))
    #expect(unsettled.read(3))
  }
}
