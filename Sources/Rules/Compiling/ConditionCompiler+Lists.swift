extension ConditionCompiler {
  /// Turns `in`, `intersects` and `pmatch` into a row of the predicate table.
  mutating func membership(
    _ left: TypedOperand, _ check: Check, _ definition: Operator, _ literals: [Literal]
  ) throws(CompileFault) -> Expression {
    let test = try listTest(left, definition, literals)
    // Whatever is not there is in no list, and nothing is in an empty one.
    return literals.isEmpty ? .constant(false) : predicate(left, tests: [test], check)
  }

  /// The test against all constants of a list.
  mutating func listTest(
    _ left: TypedOperand, _ definition: Operator, _ literals: [Literal]
  ) throws(CompileFault) -> Test {
    if case .pathPrefix = definition.meaning {
      var paths: [ByteRange] = []
      for literal in literals { paths.append(builder.text(try bytes(literal, in: .asWritten))) }
      return Test(.path(builder.textList(paths)))
    }
    var all = false
    if case .membership(all: true) = definition.meaning { all = left.multiplicity == .list }
    var numbers: [UInt64] = []
    var texts: [ByteRange] = []
    var addresses: [IPAddress] = []
    var networks: [IPNetwork] = []
    for literal in literals {
      switch try constant(literal, for: left) {
      case .signed(let number):
        if left.type.valueClass == .signed { numbers.append(UInt64(bitPattern: number)) }
      case .unsigned(let number): numbers.append(number)
      case .double(let number): numbers.append(number.bitPattern)
      case .flag(let flag): numbers.append(flag ? 1 : 0)
      case .bytes(let bytes): texts.append(builder.text(bytes))
      case .address(let address): addresses.append(address)
      case .network(let network): networks.append(network)
      }
    }
    switch left.type.valueClass {
    case .text, .buffer:
      return Test(texts.count == 1 ? .text(texts[0]) : .textIn(builder.textSet(texts)), all: all)
    case .address: return Test(.addressIn(builder.addressList(addresses)), all: all)
    case .network: return Test(.networkIn(builder.networkList(networks)), all: all)
    case .signed, .unsigned, .real, .flag:
      let isOne = Set(numbers).count == 1
      return Test(isOne ? .number(numbers[0]) : .numberIn(builder.numberSet(numbers)), all: all)
    }
  }
}
