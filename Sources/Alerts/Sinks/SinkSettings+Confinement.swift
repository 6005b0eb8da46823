import System
import SystemPackage

extension SinkSettings {
  /// What the sink's thread needs of the host: files to read and write, ports to connect to.
  ///
  /// A socket of the file system, as /dev/log and that of a resolver, can be connected to without.
  /// - Parameter journal: where the alerts lie that are no longer in memory.
  func confinement(journal: FilePath?) -> Confinement {
    var confinement = Confinement()
    // The C library's allocator counts the processors, once.
    confinement.readable = ["/sys/devices/system/cpu"] + (journal.map { [$0] } ?? [])
    switch self {
    case .stdout, .syslog, .journald: break
    case .file(let options):
      let directory = FilePath(options.path).removingLastComponent()
      confinement.changeable = [directory.isEmpty ? "." : directory]
    case .udp: confinement.addNetwork(ports: [])
    case .tcp(let options), .relp(let options, nil):
      confinement.addNetwork(ports: options.targets.map(\.port))
    case .tls(let options, let tls), .relp(let options, .some(let tls)):
      confinement.addNetwork(ports: options.targets.map(\.port))
      confinement.addTLS([tls.authorityFile, tls.certificateFile, tls.keyFile])
    case .http(let options):
      confinement.addNetwork(ports: options.ports)
      let tls = options.tls
      confinement.addTLS([tls.authorityFile, tls.certificateFile, tls.keyFile, options.tokenFile])
      confinement.readableWithLinks +=
        tls.authorityDirectory.isEmpty ? [] : [FilePath(tls.authorityDirectory)]
    }
    return confinement
  }
}

extension Confinement {
  /// Libraries that are loaded when they are needed, and what tells the C library how names become addresses.
  fileprivate mutating func addNetwork(ports: [UInt16]?) {
    readable += [
      "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/urandom", "/etc/resolv.conf", "/etc/hosts",
      "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/services", "/etc/hostname",
      "/etc/machine-id", "/etc/mdns.allow", "/var/lib/sss/mc",
    ]
    // DNS falls back to TCP when an answer is too large.
    self.ports = ports.map { Set($0).union([53]) }
  }

  /// OpenSSL's own configuration, and the authorities that the host trusts, wherever its distribution has them.
  fileprivate mutating func addTLS(_ files: [String]) {
    readable += [
      "/etc/ssl/openssl.cnf", "/etc/pki/tls/openssl.cnf", "/etc/pki/tls/openssl.d", "/etc/pki/tls/cert.pem",
      "/etc/pki/ca-trust", "/etc/crypto-policies", "/etc/ca-certificates", "/var/lib/ca-certificates",
    ]
    let named = ["OPENSSL_CONF", "SSL_CERT_FILE"].compactMap(Environment.value)
    readable += (named + files).filter { !$0.isEmpty }.map { FilePath($0) }
    // Their links may lead anywhere: to /usr/share/ca-certificates, to an operator's own.
    readableWithLinks += ["/etc/ssl/certs", "/etc/pki/tls/certs"]
    readableWithLinks += Environment.value(of: "SSL_CERT_DIR").map(Self.directories) ?? []
  }

  /// - Parameter list: directories with colons between them, as OpenSSL takes them.
  static func directories(inList list: String) -> [FilePath] {
    list.split(separator: ":").map { FilePath(String($0)) }
  }
}

extension HTTPOptions {
  /// The ports that connections go to; `nil` when they cannot be told.
  var ports: [UInt16]? {
    var ports: [UInt16] = []
    for url in proxy.isEmpty ? urls : [proxy] {
      guard let port = Self.port(of: url, isProxy: !proxy.isEmpty) else { return nil }
      ports.append(port)
    }
    return ports
  }

  /// - Parameter url: as libcurl takes it; a proxy may stand there without a scheme.
  static func port(of url: String, isProxy: Bool) -> UInt16? {
    let (scheme, rest) =
      url.firstRange(of: "://").map { (url[..<$0.lowerBound], url[$0.upperBound...]) }
      ?? ("", url[...])
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
    // Behind the brackets of an address of version 6.
    let tail = host.lastIndex(of: "]").map { host[host.index(after: $0)...] } ?? host
    if let colon = tail.lastIndex(of: ":") { return UInt16(tail[tail.index(after: colon)...]) }
    return switch scheme.lowercased() {
    case "https": 443
    // libcurl's own port of proxies.
    case "http", "", "socks4", "socks4a", "socks5", "socks5h": isProxy ? 1080 : 80
    default: nil
    }
  }
}
