"""Many connections on which nothing moves: what they take in memory, and whether others notice."""
import contextlib
import resource
import socket

import machine
from peers import receive_some
from rounds import Case, Side

COUNT = 10_000
# A source address has some 28,000 ports, and other connections' remains lie on them.
A_SOURCE = 5_000
IP_BIND_ADDRESS_NO_PORT = 24


def raise_file_limit():
    """For ourselves and for the server, which inherits it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = COUNT + 1000
    if soft < needed:
        if hard != resource.RLIM_INFINITY:
            hard = max(hard, needed)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
        except (ValueError, OSError) as error:
            raise machine.Failure(f"no more than {soft} files may be open: {error}") from error


def open_connections(stack, port, document):
    """Each of them has been answered once."""
    question = f"GET {document.target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    for number in range(COUNT):
        connection = stack.enter_context(socket.socket())
        connection.settimeout(10)
        connection.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        connection.bind((f"127.0.0.{2 + number // A_SOURCE}", 0))
        connection.connect(("127.0.0.1", port))
        connection.sendall(question)
        received = b""
        while not received.endswith(document.body):
            received += receive_some(connection)


def measure_idle(field, runner):
    """(KiB before, KiB with the connections, Result of the rate with them against without)"""
    raise_file_limit()
    document = field.documents[0]
    options = ("--max-connections", str(COUNT + 500))
    crowded = field.summitd(*options)
    alone = field.summitd(*options, another="without")
    with contextlib.ExitStack() as stack:
        before = crowded.memory_kib("VmRSS")
        open_connections(stack, crowded.port, document)
        after = crowded.memory_kib("VmRSS")
        sides = [Side(server, document.target, document.body) for server in (crowded, alone)]
        result = runner.run(Case(f"{COUNT:,} idle, 2 kB hit", "summitd without them", *sides))
    return before, after, result
