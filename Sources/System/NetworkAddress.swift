// Unsafe: getaddrinfo and its list, which is freed in the same function.

import Glibc

/// An address and port of the Internet, version 4 or 6.
public struct NetworkAddress: Equatable, Sendable {
  /// A `sockaddr_in` or `sockaddr_in6`, as the kernel takes it.
  let bytes: [UInt8]
  let family: Int32

  /// Why a name has no address, in the words of the resolver.
  public struct ResolutionFailure: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// The addresses of a host, in the order in which they should be tried (RFC 6724). Asks the resolver, which may
  /// take its time. See getaddrinfo(3).
  /// - Parameter host: a name, or an address as text.
  public static func resolve(_ host: String, port: UInt16) throws(ResolutionFailure) -> [NetworkAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_family = AF_UNSPEC
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV
    if host.utf8.allSatisfy({ $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") || isHexadecimal($0) }) {
      // An address as text is one, also where no network is configured yet.
      unsafe hints.ai_flags = AI_NUMERICSERV
    }
    var list: UnsafeMutablePointer<addrinfo>?
    let result = unsafe getaddrinfo(host, String(port), &hints, &list)
    guard result == 0 else {
      throw ResolutionFailure(description: unsafe String(cString: gai_strerror(result)))
    }
    defer { unsafe freeaddrinfo(list) }
    var addresses: [NetworkAddress] = []
    var next = unsafe list
    while let info = unsafe next?.pointee {
      // SAFETY: the resolver gives an address and its length; it is copied before the list is freed.
      let bytes = unsafe UnsafeRawBufferPointer(start: info.ai_addr, count: Int(info.ai_addrlen))
      addresses.append(NetworkAddress(bytes: unsafe Array(bytes), family: unsafe info.ai_family))
      unsafe next = info.ai_next
    }
    return addresses
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
  }
}
