"""What is compared with what: the rows of the table."""
import json

import machine
from peers import LARGE_TARGET, ROWS_TARGET
from rounds import Case, Side

# A second is enough to see a factor of ten.
PEER_SECONDS = 1


class Cases:
    """Runs the cases by groups and keeps their results. Of nginx's two settings the one that takes
    less CPU for a document is the one that the document's other cases are measured against."""

    def __init__(self, field, runner):
        self.field = field
        self.runner = runner
        self.results = []
        self.best = {}  # "on" or "off" by document

    def run(self, what, peer, ours, theirs, **options):
        """A case whose peer may not be to be had: theirs makes its side."""
        side = self.runner.attempt(f"{what} against {peer}", theirs)
        result = side and self.runner.run(Case(what, peer, ours, side, **options))
        if result is not None:
            self.results.append(result)
        return result

    def ours(self, document, server=None):
        return Side(server or self.field.summitd(), document.target, document.body)

    def nginx(self, document, setting=None, **expected):
        server = self.field.nginx(setting or self.best.get(document.label, "off"))
        return Side(server, f"/{document.file}", **(expected or {"body": document.body}))

    def nginx_name(self, document):
        return f"nginx, sendfile {self.best.get(document.label, 'off')}"

    def hits(self, document):
        what = f"hit, {document.label}"
        ours = self.ours(document)
        cpu = {}
        for setting in ("off", "on"):
            result = self.run(what, f"nginx, sendfile {setting}", ours,
                              lambda setting=setting: self.nginx(document, setting))
            if result is not None:
                cpu[setting] = result.theirs.cpu
        if cpu:
            self.best[document.label] = min(cpu, key=cpu.get)
        self.run(what, "lighttpd", ours,
                 lambda: Side(self.field.lighttpd(), f"/{document.file}", document.body))
        self.run(what, "epoll loop", ours,
                 lambda: Side(self.field.epoll(document), document.target, document.body))
        self.run(what, "fastify", ours, lambda: self.fastify(document), seconds=PEER_SECONDS)
        self.run(what, "json-server", ours, lambda: self.json_server(document), seconds=PEER_SECONDS)

    def fastify(self, document):
        expected = json.loads(document.body)
        return Side(self.field.fastify(), document.target, same=lambda body: json.loads(body) == expected)

    def json_server(self, document):
        expected = json.loads(document.body)
        target = "/large" if document.target == LARGE_TARGET else ROWS_TARGET
        if target == ROWS_TARGET:
            expected = expected["data"]
        return Side(self.field.json_server(), target, same=lambda body: json.loads(body) == expected)

    def misses(self, document):
        what = f"miss, {document.label}"
        self.field.need("--cache-size")
        # The budget is the clock's: where others take the core away for long, it would be a 503.
        ours = self.ours(document, self.field.summitd("--cache-size", "0", "--statement-budget", "5000"))
        self.run(what, self.nginx_name(document), ours, lambda: self.nginx(document))
        self.run(what, "fastify", ours, lambda: self.fastify(document), seconds=PEER_SECONDS)

    def not_modified(self, document):
        what = f"304, {document.label}"
        load = self.field.load()
        ours = Side(self.field.summitd(), document.target, b"", {"If-None-Match": document.etag}, 304)

        def nginx():
            etag = machine.fetch(self.nginx(document).server.port, f"/{document.file}")[1]["ETag"]
            return self.nginx(document, body=b"", headers={"If-None-Match": etag}, status=304)
        self.run(what, "summitd, hit", ours, lambda: self.ours(document), client=load)
        self.run(what, self.nginx_name(document), ours, nginx, client=load)

    def coded(self, document, coding, name):
        """nginx has the very bytes that summitd makes, beside the file."""
        if coding not in document.coded:
            raise machine.Failure(f"this summitd does not answer in {name}")
        expected = {"body": document.coded[coding], "headers": {"Accept-Encoding": coding}}
        self.run(f"{name} hit, {document.label}", self.nginx_name(document),
                 Side(self.field.summitd(), document.target, **expected),
                 lambda: self.nginx(document, **expected))

    def access_log(self, document):
        """The log goes to a file on one side, and there is none on the other."""
        self.field.need("--access-log")
        self.run("access log, 2 kB hit", "summitd without it", self.ours(document),
                 lambda: self.ours(document, self.field.summitd("--access-log", "off")))

    def two_threads(self, document):
        """Server and client share all cores: who pins them to one each cannot see a second thread."""
        if len(machine.CORES) < 2:
            raise machine.Failure("there is one core only")
        one, two = (self.ours(document, self.field.summitd(threads=threads, cores=set(machine.CORES)))
                    for threads in (1, 2))
        self.run("two threads, 2 kB hit", "summitd with one", two, lambda: one, threads=2)

    def run_all(self):
        for document in self.field.documents:
            self.hits(document)
            for name, function, *rest in (("miss", self.misses), ("304", self.not_modified),
                                          ("gzip hit", self.coded, "gzip", "gzip"),
                                          ("brotli hit", self.coded, "br", "brotli")):
                self.runner.attempt(f"{name}, {document.label}", function, document, *rest)
        small = self.field.documents[0]
        self.runner.attempt("access log", self.access_log, small)
        self.runner.attempt("two threads", self.two_threads, small)
