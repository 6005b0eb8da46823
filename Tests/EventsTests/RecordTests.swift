import Testing

@testable import Events

@Suite struct RecordTests {
  /// Pushes one record through a ring and hands its view to `body`.
  private func roundTrip(_ writer: borrowing RecordWriter, _ body: (borrowing RecordView) -> Void) {
    let ring = Ring(capacityBytes: 1 << 15)
    do {
      let pushed = ring.push(writer)
      #expect(pushed)
    }
    #expect(
      ring.drain { view in
        body(view)
        return true
      } == 1)
  }

  @Test("the header comes back as it was written")
  func header() {
    var writer = RecordWriter()
    writer.begin(.executed, from: .connector, stamp: 0x0102_0304_0506_0708, pid: -7, startTicks: .max)
    writer.insert(.incomplete)
    roundTrip(writer) { view in
      #expect(view.kind == .executed && view.source == .connector && view.flags == [.incomplete])
      #expect(view.stamp == 0x0102_0304_0506_0708 && view.pid == -7 && view.startTicks == .max)
    }
  }

  @Test("every parameter of every length from 0 to 17 comes back, in order")
  func parameters() {
    var writer = RecordWriter()
    writer.begin(.state, from: .procfs, stamp: 1, pid: 1)
    var expected: [(Parameter, [UInt8])] = []
    for (index, parameter) in Parameter.allCases.enumerated() {
      let bytes = [UInt8](repeating: UInt8(index), count: index % 18)
      writer.append(parameter, bytes.span)
      expected.append((parameter, bytes))
    }
    roundTrip(writer) { view in
      var seen: [(Parameter, [UInt8])] = []
      view.forEachParameter { parameter, span in
        seen.append((parameter, (0..<span.count).map { span[$0] }))
      }
      #expect(seen.map(\.0) == expected.map(\.0))
      #expect(seen.map(\.1) == expected.map(\.1))
    }
  }

  @Test("integers and arrays of integers come back, and an index past the end is nil")
  func integers() {
    var writer = RecordWriter()
    writer.begin(.state, from: .procfs, stamp: 1, pid: 1)
    writer.append(.parentPID, Int32(-1))
    writer.append(.capabilities, [1, 2, UInt64.max])
    writer.append(.noNewPrivileges, UInt8(1))
    roundTrip(writer) { view in
      view.forEachParameter { parameter, span in
        switch parameter {
        case .parentPID: #expect(span.integer(Int32.self) == -1)
        case .capabilities:
          #expect(span.integer(UInt64.self, at: 2) == .max)
          #expect(span.integer(UInt64.self, at: 3) == nil)
        default: #expect(span.integer(UInt8.self) == 1)
        }
      }
    }
  }

  @Test("what does not fit is cut, flagged, and never overruns the record")
  func clipping() {
    var writer = RecordWriter()
    writer.begin(.executed, from: .connector, stamp: 1, pid: 1)
    let long = [UInt8](repeating: 65, count: 200_000)
    writer.append(.arguments, long.span)
    for _ in 0..<5 { writer.append(.exePath, long.span, limit: .max) }
    writer.append(.userIDs, [UInt32](repeating: 7, count: 100_000))
    writer.append(.session, Int32(1))
    roundTrip(writer) { view in
      #expect(view.flags.contains(.clipped))
      var total = 0
      view.forEachParameter { _, span in total += span.count }
      #expect(total <= RecordWriter.capacity && total > RecordWriter.capacity - 64)
    }
  }

  @Test("a writer begun again forgets what was built before")
  func reuse() {
    var writer = RecordWriter()
    writer.begin(.executed, from: .connector, stamp: 1, pid: 1)
    writer.insert(.clipped)
    writer.append(.session, Int32(1))
    writer.begin(.exited, from: .procfs, stamp: 2, pid: 2)
    roundTrip(writer) { view in
      #expect(view.kind == .exited && view.flags == [])
      view.forEachParameter { _, _ in Issue.record("a parameter of the record before") }
    }
  }

  @Test("the parts of the header do not overlap and the parameters begin after it")
  func layout() {
    let parts = [
      (RecordLayout.size, 4), (RecordLayout.kind, 2), (RecordLayout.source, 1), (RecordLayout.flags, 1),
      (RecordLayout.stamp, 8), (RecordLayout.pid, 4), (RecordLayout.startTicks, 8),
    ]
    var used = Set<Int>()
    for (offset, width) in parts {
      #expect(offset % width == 0, "natural alignment")
      for byte in offset..<offset + width { #expect(used.insert(byte).inserted) }
    }
    #expect((used.max() ?? 0) < RecordLayout.header && RecordLayout.header % 8 == 0)
  }
}
