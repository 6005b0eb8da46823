extension FieldRegistry {
  /// `fd.*`: the file descriptor that an event is about.
  static let fd: [Field] =
    [
      Field("fd.num", .int64, "Number of the file descriptor."),
      Field(
        "fd.type", .charbuf,
        "Type: file, directory, ipv4, ipv6, unix, pipe, event, signalfd, eventpoll, inotify, timerfd, memfd and others."
      ),
      Field(
        "fd.types", .charbuf, "Types of all descriptors that the event names; with an index, of that one.",
        many: .list,
        argument: .optionalIndex),
      Field("fd.typechar", .charbuf, "Type as one letter: f, d, 4, 6, u, p, e, s, l, i, t, m and others."),
      Field("fd.name", .charbuf, "Full path of a file, or the connection of a socket."),
      Field("fd.nameraw", .charbuf, "Path as the caller wrote it, not normalised."),
      Field("fd.directory", .charbuf, "Directory of a file."),
      Field("fd.filename", .charbuf, "Name of a file without its directory."),
      Field("fd.containername", .charbuf, "Container id and name, joined by ':'."),
      Field("fd.containerdirectory", .charbuf, "Container id and directory, joined by ':'."),
      Field("fd.uid", .charbuf, "Process id and descriptor number, joined."),
      Field("fd.l4proto", .charbuf, "Transport protocol of a socket: tcp, udp, icmp, raw."),
      Field("fd.sockfamily", .charbuf, "Family of a socket: ip or unix."),
      Field("fd.is_server", .bool, "The process is the server of the connection."),
      Field("fd.connected", .bool, "The socket is connected."),
      Field("fd.name_changed", .bool, "The event changed the descriptor's name."),
      Field("fd.dev", .int32, "Device number of the file system that holds the file."),
      Field("fd.dev.major", .int32, "Major part of fd.dev."),
      Field("fd.dev.minor", .int32, "Minor part of fd.dev."),
      Field("fd.ino", .int64, "Inode number of the file."),
      Field("fd.is_upper_layer", .bool, "The file is in the upper layer of an overlay."),
      Field("fd.is_lower_layer", .bool, "The file is in a lower layer of an overlay."),
      Field(
        "fd.ip", .ipaddr, "Both addresses of the connection: = wants either, != wants both to differ.",
        many: .ends),
      Field(
        "fd.port", .port, "Both ports of the connection: = wants either, != wants both to differ.",
        many: .ends),
      Field("fd.net", .ipnet, "Both addresses, to compare with networks: = wants either in it.", many: .ends),
      Field("fd.proto", .port, "Both ports, to compare with names of services.", many: .ends),
    ]
    + [("c", "client"), ("s", "server"), ("l", "local"), ("r", "remote")].flatMap { letter, end in
      [
        Field("fd.\(letter)ip", .ipaddr, "Address of the \(end) end."),
        Field("fd.\(letter)ip.name", .charbuf, "Domain name of the \(end) end's address."),
        Field("fd.\(letter)port", .port, "Port of the \(end) end."),
        Field("fd.\(letter)proto", .charbuf, "Service name of the \(end) end's port."),
        Field("fd.\(letter)net", .ipnet, "Address of the \(end) end, to compare with networks."),
      ]
    }

  /// `fs.path.*`: the paths of events that name files without a descriptor.
  static let fs: [Field] = [
    Field("fs.path.name", .charbuf, "Path of the event, absolute; the target where there are two."),
    Field("fs.path.nameraw", .charbuf, "Path of the event as the caller wrote it."),
    Field("fs.path.source", .charbuf, "Source of a rename, link or copy, absolute."),
    Field("fs.path.sourceraw", .charbuf, "Source of a rename, link or copy as the caller wrote it."),
    Field("fs.path.target", .charbuf, "Target of a rename, link or copy, absolute."),
    Field("fs.path.targetraw", .charbuf, "Target of a rename, link or copy as the caller wrote it."),
  ]

  /// `fdlist.*`: the descriptors of poll and its like.
  static let fdlist: [Field] = [
    Field("fdlist.nums", .charbuf, "Numbers of the descriptors, joined by commas."),
    Field("fdlist.names", .charbuf, "Names of the descriptors, joined by commas."),
    Field("fdlist.cips", .charbuf, "Client addresses of the descriptors, joined by commas."),
    Field("fdlist.sips", .charbuf, "Server addresses of the descriptors, joined by commas."),
    Field("fdlist.cports", .charbuf, "Client ports of the descriptors, joined by commas."),
    Field("fdlist.sports", .charbuf, "Server ports of the descriptors, joined by commas."),
  ]
}
