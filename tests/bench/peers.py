"""The servers that are measured, and the documents that all of them serve.

The documents are fetched once from a running summitd. nginx, lighttpd and the epoll loop have them as
files, fastify makes them from the same database, json-server from a file of its own.
"""
import dataclasses
import grp
import gzip
import json
import os
import pwd
import shutil
import socket
import subprocess

import machine

HERE = os.path.dirname(os.path.abspath(__file__))
SMALL_TARGET = "/v1/measures?area=energy"
LARGE_TARGET = "/v1/measures?include=summits,proposals,areas,initiatives,mechanisms,sources"
# json-server has no filter for a member that is a list; these are the same rows.
ROWS_TARGET = "/measures?proposal_id=xian-2023-energy"
BROTLI_MODULE = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so"
UNPRIVILEGED = "nobody"


@dataclasses.dataclass
class Document:
    label: str
    target: str
    file: str
    body: bytes = b""
    etag: str = ""
    coded: dict = dataclasses.field(default_factory=dict)  # bodies by coding


def whole_answer(port, target):
    """The bytes of an answer on the wire, head and all."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += receive_some(connection)
        head = received.split(b"\r\n\r\n", 1)[0].decode("latin-1")
        length = next(int(line.split(":")[1]) for line in head.split("\r\n")
                      if line.lower().startswith("content-length:"))
        while len(received) < len(head) + 4 + length:
            received += receive_some(connection)
        return received


def receive_some(connection):
    piece = connection.recv(1 << 16)
    if not piece:
        raise machine.Failure("a connection is closed in the middle of an answer")
    return piece


class Field:
    """Who takes part: makes servers, and stops all that it started."""

    def __init__(self, program, builds, folder):
        self.program = program
        self.builds = builds
        self.folder = folder
        self.database = os.path.join(folder, "summit.db")
        self.options = subprocess.run([program, "serve", "--help"], capture_output=True, text=True,
                                      check=True).stdout
        self.documents = [Document("2 kB", SMALL_TARGET, "small.json"),
                          Document("30 kB", LARGE_TARGET, "large.json")]
        self.servers = {}

    def has(self, option):
        return f"{option} " in self.options

    def need(self, option):
        if not self.has(option):
            raise machine.Failure(f"this summitd has no {option}")

    def get(self, name, make, target=SMALL_TARGET):
        """The server of that name, started when first asked for."""
        if name not in self.servers:
            server = make()
            try:
                server.start(target)
            except BaseException:
                server.stop()
                raise
            self.servers[name] = server
        return self.servers[name]

    def stop(self):
        for server in self.servers.values():
            server.stop()

    def summitd_command(self, port, *options):
        return [self.program, "serve", "-d", self.database, "-l", f"127.0.0.1:{port}", *options]

    def summitd(self, *options, threads=1, cores=None, another=""):
        """The same server for the same arguments."""
        def make():
            port = machine.free_port()
            command = self.summitd_command(port, "--threads", str(threads), "--idle-timeout", "3600", *options)
            return machine.Server("summitd", command, port, self.folder, cores)
        return self.get(" ".join(["summitd", str(threads), str(cores), another, *options]), make)

    def fetch_documents(self):
        """Publishes the database as well, as there is none yet."""
        port = self.summitd().port
        documents = os.path.join(self.folder, "documents")
        os.mkdir(documents)
        for document in self.documents:
            status, headers, document.body, _ = machine.fetch(port, document.target)
            if status != 200:
                raise machine.Failure(f"{document.target} is answered with {status}")
            document.etag = headers["ETag"]
            write(os.path.join(documents, document.file), document.body)
            write(os.path.join(self.folder, f"{document.file}.http"), whole_answer(port, document.target))
            for coding, end in (("gzip", ".gz"), ("br", ".br")):
                _, headers, body, _ = machine.fetch(port, document.target, {"Accept-Encoding": coding})
                if headers["Content-Encoding"] != coding:
                    continue
                if coding == "gzip" and gzip.decompress(body) != document.body:
                    raise machine.Failure(f"{document.target} is another document in gzip")
                document.coded[coding] = body
                write(os.path.join(documents, document.file + end), body)

    def configured(self, name, template, command, **values):
        """A server with a configuration file, made from the template, and a folder of its own."""
        def make():
            port = machine.free_port()
            folder = os.path.join(self.folder, name.replace(" ", "-"))
            os.makedirs(folder, exist_ok=True)
            text = machine.read_file(os.path.join(HERE, template))
            values.update(port=port, folder=folder, documents=os.path.join(self.folder, "documents"))
            for key, value in values.items():
                text = text.replace(f"@{key}@", str(value))
            path = os.path.join(folder, "configuration")
            write(path, text.encode())
            if os.geteuid() == 0:
                shutil.chown(folder, UNPRIVILEGED)
            return machine.Server(name, [*command, path], port, folder)
        return self.get(name, make, f"/{self.documents[0].file}")

    def nginx(self, sendfile):
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin") or "nginx"
        group = grp.getgrgid(pwd.getpwnam(UNPRIVILEGED).pw_gid).gr_name
        brotli = os.path.exists(BROTLI_MODULE)
        return self.configured(
            f"nginx, sendfile {sendfile}", "nginx.conf.in", [program, "-e", "stderr", "-c"],
            sendfile=sendfile,
            modules=f"load_module {BROTLI_MODULE};" if brotli else "",
            brotli="brotli_static on;" if brotli else "",
            user=f"user {UNPRIVILEGED} {group};" if os.geteuid() == 0 else "")

    def lighttpd(self):
        program = shutil.which("lighttpd", path="/usr/sbin:/usr/bin") or "lighttpd"
        return self.configured("lighttpd", "lighttpd.conf.in", [program, "-D", "-f"])

    def epoll_command(self, port, document):
        return [os.path.join(self.builds, "epoll"), str(port),
                os.path.join(self.folder, f"{document.file}.http")]

    def epoll(self, document):
        def make():
            port = machine.free_port()
            return machine.Server("epoll loop", self.epoll_command(port, document), port, self.folder)
        return self.get(f"epoll {document.file}", make)

    def load(self):
        return os.path.join(self.builds, "load")

    def node_modules(self):
        path = os.path.join(HERE, "node_modules")
        if not os.path.exists(os.path.join(path, ".installed")):
            raise machine.Failure("its packages from npm are not installed; see above")
        return path

    def fastify(self):
        self.node_modules()

        def make():
            port = machine.free_port()
            command = ["node", os.path.join(HERE, "fastify.mjs"), str(port), self.database]
            return machine.Server("fastify", command, port, self.folder)
        return self.get("fastify", make)

    def json_server(self):
        def make():
            port = machine.free_port()
            path = os.path.join(self.folder, "db.json")
            rows = json.loads(machine.fetch(self.summitd().port, "/v1/measures")[2])["data"]
            write(path, json.dumps({"measures": rows, "large": json.loads(self.documents[1].body)}).encode())
            command = ["node", os.path.join(self.node_modules(), "json-server", "lib", "cli", "bin.js"),
                       "--quiet", "--read-only", "--host", "127.0.0.1", "--port", str(port), path]
            return machine.Server("json-server", command, port, self.folder)
        return self.get("json-server", make, ROWS_TARGET)


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)
