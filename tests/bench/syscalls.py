"""The system calls of a request on a connection that is kept, counted by strace."""
import os
import signal
import socket
import subprocess
import time

import machine
import measure
from peers import receive_some

REQUESTS = 1000


def ask(connection, question, body, times):
    for _ in range(times):
        connection.sendall(question)
        received = b""
        while not received.endswith(body):
            received += receive_some(connection)


def wait_until_traced(pid):
    """Every thread has a tracer."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        paths = [f"/proc/{pid}/task/{task}/status" for task in os.listdir(f"/proc/{pid}/task")]
        if not any("TracerPid:\t0\n" in machine.read_file(path) for path in paths):
            return
        time.sleep(0.02)
    raise machine.Failure("strace may not trace a process here")


def measure_calls(field):
    """{call: times a request}"""
    document = field.documents[0]
    server = field.summitd()
    question = f"GET {document.target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    path = os.path.join(field.folder, "calls")
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        ask(connection, question, document.body, 10)
        tracer = subprocess.Popen(["strace", "-f", "-c", "-o", path, "-p", str(server.pids[0])],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until_traced(server.pids[0])
            ask(connection, question, document.body, REQUESTS)
        finally:
            tracer.send_signal(signal.SIGINT)
            tracer.wait(20)
    calls = measure.parse_strace(machine.read_file(path))
    if not calls:
        raise machine.Failure("strace counted nothing")
    return {name: count / REQUESTS for name, count in calls.items()}
