extension ProcessLink {
  /// `/proc/PID/fd/N` for the three that every program is given; see `DescriptorLink`. Absent when it is closed.
  public static func standardStream(_ number: Int) -> ProcessLink {
    switch number {
    case 0: ProcessLink(name: "fd/0")
    case 1: ProcessLink(name: "fd/1")
    default: ProcessLink(name: "fd/2")
    }
  }
}

/// What a link such as `/proc/PID/fd/0` says that it leads to. See proc_pid_fd(5).
///
/// A file can be called `socket:[1]` too, but its path begins with a slash.
public enum DescriptorLink: Equatable, Sendable {
  /// A socket; the number is its inode's.
  case socket(UInt64)
  case pipe
  /// A memory file, `/memfd:NAME (deleted)`.
  case memoryFile
  /// What has no file, by the kernel's word for it: `[eventfd]`, `inotify`.
  case anonymous(Range<Int>)
  /// A file, a directory or a device.
  case path

  /// - Returns: `nil` when the bytes are none of these.
  public init?(parsing bytes: Span<UInt8>) {
    if bytes.has("/memfd:", at: 0), bytes.has(" (deleted)", endOf: bytes.indices) {
      self = .memoryFile
    } else if bytes.has("/", at: 0) {
      self = .path
    } else if bytes.has("pipe:[", at: 0) {
      self = .pipe
    } else if bytes.has("anon_inode:", at: 0) {
      self = .anonymous("anon_inode:".utf8.count..<bytes.count)
    } else if bytes.has("socket:[", at: 0) {
      var cursor = ByteCursor("socket:[".utf8.count, bytes.count)
      guard let inode = cursor.decimal(bytes, as: UInt64.self), cursor.takes(UInt8(ascii: "]"), in: bytes),
        cursor.isAtEnd
      else { return nil }
      self = .socket(inode)
    } else {
      return nil
    }
  }
}

/// The type of an open file, by Falco's words.
public enum DescriptorType: String, CaseIterable, Sendable {
  case file, directory, ipv4, ipv6, unix, netlink, packet, pipe, event, eventpoll, inotify, signalfd, timerfd
  case memfd, pidfd, bpf, userfaultfd
  case ioURing = "io_uring"
  case fanotify
  /// Anything else: the kernel has others, and new ones.
  case other

  /// - Parameter protocolName: as the kernel calls a socket's protocol, such as `TCPv6`. See wh_socket_protocol.
  public init(protocolName name: String) {
    switch name {
    case "NETLINK": self = .netlink
    case "PACKET": self = .packet
    case "TCP", "UDP", "UDP-Lite", "RAW", "PING", "SCTP", "DCCP", "MPTCP": self = .ipv4
    case "TCPv6", "UDPv6", "UDPLITEv6", "RAWv6", "PINGv6", "SCTPv6", "DCCPv6", "MPTCPv6": self = .ipv6
    default: self = name.hasPrefix("UNIX") ? .unix : .other
    }
  }

  /// - Parameter word: the kernel's word for what has no file, with brackets or without.
  public init(anonymous word: String) {
    let bare = word.hasPrefix("[") && word.hasSuffix("]") ? word.dropFirst().dropLast() : word[...]
    switch bare {
    case "eventfd": self = .event
    case "eventpoll": self = .eventpoll
    case "inotify": self = .inotify
    case "fanotify": self = .fanotify
    case "signalfd": self = .signalfd
    case "timerfd": self = .timerfd
    case "pidfd": self = .pidfd
    case "userfaultfd": self = .userfaultfd
    case "io_uring": self = .ioURing
    default: self = bare.hasPrefix("bpf") ? .bpf : .other
    }
  }
}
