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

    def run(self, *arguments, **options):
        result = self.runner.run(Case(*arguments, **options))
        if result is not None:
            self.results.append(result)
        return result

    def attempt(self, what, make, *arguments):
        """A side, or None if its server cannot be had."""
        return self.runner.attempt(what, make, *arguments)

    def ours(self, document, server=None):
        return Side(server or self.field.summitd(), document.target, document.body)

    def nginx(self, document, setting=None, **expected):
        server = self.field.nginx(setting or self.best[document.label])
        return Side(server, f"/{document.file}", **(expected or {"body": document.body}))

    def nginx_name(self, document):
        return f"nginx, sendfile {self.best[document.label]}"

    def hits(self, document):
        what = f"hit, {document.label}"
        cpu = {}
        for setting in ("off", "on"):
            result = self.run(what, f"nginx, sendfile {setting}", self.ours(document),
                              self.nginx(document, setting))
            if result is not None:
                cpu[setting] = result.theirs.cpu
        if not cpu:
            raise machine.Failure("nginx cannot be measured")
        self.best[document.label] = min(cpu, key=cpu.get)
        self.run(what, "lighttpd", self.ours(document),
                 Side(self.field.lighttpd(), f"/{document.file}", document.body))
        self.run(what, "epoll loop", self.ours(document),
                 Side(self.field.epoll(document), document.target, document.body))
        self.node_peers(what, document)

    def node_peers(self, what, document):
        fastify = self.attempt(f"{what} against fastify", self.fastify, document)
        if fastify is not None:
            self.run(what, "fastify", self.ours(document), fastify, seconds=PEER_SECONDS)
        other = self.attempt(f"{what} against json-server", self.json_server, document)
        if other is not None:
            self.run(what, "json-server", self.ours(document), other, seconds=PEER_SECONDS)

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
        server = self.field.summitd("--cache-size", "0")
        self.run(what, self.nginx_name(document), self.ours(document, server), self.nginx(document))
        fastify = self.attempt(f"{what} against fastify", self.fastify, document)
        if fastify is not None:
            self.run(what, "fastify", self.ours(document, server), fastify, seconds=PEER_SECONDS)

    def not_modified(self, document):
        what = f"304, {document.label}"
        ours = Side(self.field.summitd(), document.target, b"", {"If-None-Match": document.etag}, 304)
        self.run(what, "summitd, hit", ours, self.ours(document), client=self.field.load())
        etag = machine.fetch(self.nginx(document).server.port, f"/{document.file}")[1]["ETag"]
        self.run(what, self.nginx_name(document), ours,
                 self.nginx(document, body=b"", headers={"If-None-Match": etag}, status=304),
                 client=self.field.load())

    def coded(self, document, coding, name):
        """nginx has the very bytes that summitd makes, beside the file."""
        if coding not in document.coded:
            raise machine.Failure(f"this summitd does not answer in {name}")
        expected = {"body": document.coded[coding], "headers": {"Accept-Encoding": coding}}
        self.run(f"{name} hit, {document.label}", self.nginx_name(document),
                 Side(self.field.summitd(), document.target, **expected), self.nginx(document, **expected))

    def access_log(self, document):
        """The log goes to a file on one side, and there is none on the other."""
        self.field.need("--access-log")
        self.run("access log, 2 kB hit", "summitd without it", self.ours(document),
                 self.ours(document, self.field.summitd("--access-log", "off")))

    def two_threads(self, document):
        """Server and client share all cores: who pins them to one each cannot see a second thread."""
        if len(machine.CORES) < 2:
            raise machine.Failure("there is one core only")
        cores = set(machine.CORES)
        two, one = (self.field.summitd(threads=threads, cores=cores) for threads in (2, 1))
        self.run("two threads, 2 kB hit", "summitd with one", self.ours(document, two),
                 self.ours(document, one), threads=2)

    def run_all(self):
        for document in self.field.documents:
            self.hits(document)
            for function, *rest in ((self.misses,), (self.not_modified,), (self.coded, "gzip", "gzip"),
                                    (self.coded, "br", "brotli")):
                what = " ".join([function.__name__.replace("_", " "), *rest[1:], document.label])
                self.attempt(what, function, document, *rest)
        small = self.field.documents[0]
        self.attempt("access log", self.access_log, small)
        self.attempt("two threads", self.two_threads, small)
