/// Ports of well-known services, for constants such as `fd.port = https`. See services(5).
enum Services {
  static func port(_ name: String) -> UInt16? { ports[name] }

  private static let ports: [String: UInt16] = [
    "echo": 7, "discard": 9, "daytime": 13, "chargen": 19, "ftp-data": 20, "ftp": 21, "ssh": 22, "telnet": 23,
    "smtp": 25, "time": 37, "whois": 43, "tacacs": 49, "domain": 53, "bootps": 67, "bootpc": 68, "tftp": 69,
    "gopher": 70, "finger": 79, "http": 80, "kerberos": 88, "pop3": 110, "sunrpc": 111, "auth": 113,
    "nntp": 119,
    "ntp": 123, "epmap": 135, "netbios-ns": 137, "netbios-dgm": 138, "netbios-ssn": 139, "imap2": 143,
    "snmp": 161, "snmp-trap": 162, "bgp": 179, "irc": 194, "ldap": 389, "https": 443, "microsoft-ds": 445,
    "kpasswd": 464, "submissions": 465, "isakmp": 500, "exec": 512, "login": 513, "who": 513, "shell": 514,
    "syslog": 514, "printer": 515, "talk": 517, "route": 520, "uucp": 540, "rtsp": 554, "nntps": 563,
    "submission": 587, "nqs": 607, "ipp": 631, "ldaps": 636, "domain-s": 853, "rsync": 873, "ftps-data": 989,
    "ftps": 990, "telnets": 992, "imaps": 993, "pop3s": 995, "socks": 1080, "openvpn": 1194, "ms-sql-s": 1433,
    "ms-sql-m": 1434, "radius": 1812, "radius-acct": 1813, "nfs": 2049, "svn": 3690, "mysql": 3306,
    "iscsi-target": 3260, "sip": 5060, "sip-tls": 5061, "xmpp-client": 5222, "xmpp-server": 5269,
    "mdns": 5353,
    "postgresql": 5432, "amqps": 5671, "amqp": 5672, "x11": 6000, "redis": 6379, "ircs-u": 6697,
    "http-alt": 8080, "git": 9418, "zabbix-agent": 10050, "zabbix-trapper": 10051, "mongodb": 27017,
  ]
}
