import Glibc
import Testing

@testable import Events

@Suite struct RingTests {
  private static let capacity = 512

  /// Sizes of records in bytes, header included, for a count of 8-byte steps.
  private func write(_ writer: inout RecordWriter, number: UInt64, padding: Int) {
    writer.begin(.state, from: .procfs, stamp: number, pid: Int32(truncatingIfNeeded: number))
    if padding > 0 {
      writer.append(.arguments, [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: padding).span)
    }
  }

  @Test("at every capacity, start and count, records come out whole and in order")
  func everyPosition() {
    var writer = RecordWriter()
    for capacity in [128, 256, 512] {
      for start in stride(from: 0, to: capacity, by: 8) {
        // A ring holds at least two records of the greatest size, so that one fits wherever it falls.
        for payload in [0, 8, 24, 56, 88] where (payload > 0 ? payload + 40 : 32) * 2 <= capacity {
          let ring = Ring(capacityBytes: capacity, startingAt: UInt64(start))
          var pushed: UInt64 = 0
          var drained: UInt64 = 0
          for _ in 0..<3 {
            while true {
              write(&writer, number: pushed, padding: payload)
              guard ring.push(writer) else { break }
              pushed += 1
            }
            while ring.drain(
              limit: 1,
              { view in
                #expect(view.stamp == drained)
                view.forEachParameter { _, span in
                  #expect(span.count == payload)
                  for index in 0..<span.count { #expect(span[index] == UInt8(truncatingIfNeeded: drained)) }
                }
                return true
              }) == 1
            { drained += 1 }
            #expect(drained == pushed && pushed > 0)
            #expect(ring.waitingBytes == 0)
          }
        }
      }
    }
  }

  @Test("a full ring refuses the record and keeps what it holds")
  func full() {
    let ring = Ring(capacityBytes: Self.capacity, startingAt: 0)
    var writer = RecordWriter()
    write(&writer, number: 1, padding: 0)
    var count = 0
    while ring.push(writer) { count += 1 }
    #expect(count == Self.capacity / 32)
    do {
      let pushed = ring.push(writer)
      #expect(!pushed)
    }
    #expect(ring.drain { _ in true } == count)
    do {
      let pushed = ring.push(writer)
      #expect(pushed)
    }
  }

  @Test("a record that the reader declines stays for the next time")
  func declined() {
    let ring = Ring(capacityBytes: Self.capacity, startingAt: 0)
    var writer = RecordWriter()
    for number in 0..<4 as Range<UInt64> {
      write(&writer, number: number, padding: 0)
      do {
        let pushed = ring.push(writer)
        #expect(pushed)
      }
    }
    #expect(ring.drain { $0.stamp < 2 } == 2)
    var rest: [UInt64] = []
    _ = ring.drain {
      rest.append($0.stamp)
      return true
    }
    #expect(rest == [2, 3])
  }

  @Test("two threads: every record arrives once, whole and in order")
  func twoThreads() {
    let ring = Ring(capacityBytes: 1 << 16)
    let total: UInt64 = 50_000
    var thread = pthread_t()
    let context = unsafe Unmanaged.passRetained(ring)
    // SAFETY: the retained ring is taken over by the thread.
    let started = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let ring = unsafe Unmanaged<Ring>.fromOpaque(argument).takeRetainedValue()
        var writer = RecordWriter()
        for number in 0..<50_000 as Range<UInt64> {
          writer.begin(.state, from: .procfs, stamp: number, pid: 0)
          let size = Int(number % 97)
          writer.append(.arguments, [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: size).span)
          while !ring.push(writer) { sched_yield() }
        }
        return nil
      }, context.toOpaque())
    #expect(started == 0)
    var expected: UInt64 = 0
    var wrong = 0
    while expected < total {
      let taken = ring.drain { view in
        if view.stamp != expected { wrong += 1 }
        view.forEachParameter { _, span in
          if span.count != Int(expected % 97) { wrong += 1 }
          for index in 0..<span.count where span[index] != UInt8(truncatingIfNeeded: expected) { wrong += 1 }
        }
        expected += 1
        return true
      }
      if taken == 0 { sched_yield() }
    }
    #expect(wrong == 0)
    pthread_join(thread, nil)
  }
}
