"""Where nobody may have us call: what the dialler's tests, and those of everything that dials, are tried with."""

from collections.abc import Mapping, Sequence

INWARD = [
    "http://93.184.216.34/", "ftp://93.184.216.34/", "file:///etc/passwd", "gopher://93.184.216.34/",
    "//93.184.216.34/", "https:93.184.216.34/", "https:///93.184.216.34/",
    "javascript:alert(1)", "https:", "https://", "", "crm.example.org/hook",
    "https://user@93.184.216.34/", "https://user:secret@93.184.216.34/", "https://:secret@93.184.216.34/",
    "https://@93.184.216.34/", "https://93.184.216.34@10.0.0.1/", "https://93.184.216.34#@10.0.0.1/",
    "https://93.184.216.34\\@10.0.0.1/", "https://93.184.216.34/\r\nHost: x", "https://93.184.216.34/ x",
    "https://93.184.216.34/#part", "https://93.184.216.34:0/", "https://93.184.216.34:99999/",
    "https://localhost./", "https://crm.example.org./", "https://a..b/", "https://[fe80::1%25eth0]/",
    "https://93.184.216.34/" + "a" * 2048,
    # Loopback and metadata in every spelling that a URL parser or a resolver understands.
    "https://127.0.0.1/", "https://127.1/", "https://0/", "https://0x7f.1/", "https://0x7f000001/",
    "https://2130706433/", "https://017700000001/", "https://0177.0.0.1/", "https://127.0.0.1.:443/",
    "https://127。0。0。1/", "https://①②⑦.0.0.1/", "https://%31%32%37.0.0.1/", "https://[::1]/",
    "https://[0:0:0:0:0:0:0:1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/",
    "https://[::]/", "https://[64:ff9b::7f00:1]/", "https://[64:ff9b:1::a9fe:a9fe]/", "https://[2002:7f00:1::]/",
    "https://[fd00:ec2::254]/", "https://169.254.169.254/latest/meta-data/", "https://0xa9fea9fe/",
    "https://2852039166/", "https://100.100.100.200/", "https://168.63.129.16/", "https://10.0.0.1/",
    "https://192.168.1.1:8443/", "https://172.16.0.1/", "https://100.64.0.1/", "https://224.0.0.1/",
    "https://255.255.255.255/",
]  # fmt: skip
"""URLs that lead inside, or are no plain https, in every spelling that a URL parser or a resolver understands."""

LOOPBACK = [
    "127.0.0.1", "127.1", "127.255.255.254", "0", "0.0.0.0", "0x7f.1", "0x7f000001", "2130706433", "017700000001",
    "0177.0.0.1", "127。0。0。1", "①②⑦.0.0.1", "%31%32%37.0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[::]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "localhost", "user@127.0.0.1",
    "93.184.216.34@127.0.0.1", "inside.example.org",
]  # fmt: skip
"""This machine's own addresses as hosts, and names of it: where a connection would be seen."""

INWARD_NAMES: Mapping[str, Sequence[str]] = {
    "inside.example.org": ["10.0.0.1"],
    "mixed.example.org": ["93.184.216.34", "127.0.0.1"],
    "mixed6.example.org": ["2606:4700::1111", "::1"],
    "metadata.example.org": ["::ffff:169.254.169.254"],
    "zone.example.org": ["fe80::1%eth0"],
    "nat64.example.org": ["64:ff9b::a00:1"],
}
"""Names with an address that is not global, alone or among others, as a resolver of our own answers them."""
