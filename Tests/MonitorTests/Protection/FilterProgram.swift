/// Runs a seccomp filter as the kernel would, so that every row is tested for every architecture.
/// See seccomp(2) and the kernel's Documentation/networking/filter.rst.
struct FilterProgram {
  private let instructions: [UInt64]

  init(_ instructions: [UInt64]) { self.instructions = instructions }

  /// - Returns: the filter's verdict; `nil` for an instruction that is not known here.
  func verdict(architecture: UInt32, number: UInt32, arguments: [UInt64]) -> UInt32? {
    var accumulator: UInt32 = 0
    var index = 0
    while index < instructions.count {
      let instruction = instructions[index]
      index += 1
      // struct sock_filter, little-endian: u16 code, u8 jt, u8 jf, u32 k.
      let (ifTrue, ifFalse) = (Int(instruction >> 16 & 0xFF), Int(instruction >> 24 & 0xFF))
      let constant = UInt32(instruction >> 32)
      switch instruction & 0xFFFF {
      case 0x20: accumulator = Self.word(at: constant, architecture, number, arguments)
      case 0x54: accumulator &= constant
      case 0x05: index += Int(constant)
      case 0x15: index += accumulator == constant ? ifTrue : ifFalse
      case 0x25: index += accumulator > constant ? ifTrue : ifFalse
      case 0x35: index += accumulator >= constant ? ifTrue : ifFalse
      case 0x45: index += accumulator & constant != 0 ? ifTrue : ifFalse
      case 0x06: return constant
      default: return nil
      }
    }
    return nil
  }

  /// struct seccomp_data: number, architecture, instruction pointer, six arguments, each with its low word first.
  private static func word(
    at offset: UInt32, _ architecture: UInt32, _ number: UInt32, _ arguments: [UInt64]
  ) -> UInt32 {
    switch offset {
    case 0: return number
    case 4: return architecture
    case 16...:
      let argument = arguments[Int(offset - 16) / 8]
      return UInt32(truncatingIfNeeded: offset % 8 == 0 ? argument : argument >> 32)
    default: return 0
    }
  }
}
