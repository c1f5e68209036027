#pragma once
/* The requests during which memory runs out. */

#define FIELDS "Host: test\r\nConnection: close\r\n"

static const char *const requests[] = {
    "GET /v1/summits/lakeside-2020?include=participants,proposals,areas HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/measures?include=areas&limit=1&modality=will,proposes HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/participants HTTP/1.1\r\n" FIELDS "Accept-Encoding: gzip\r\n\r\n",
    "GET /v1/participants HTTP/1.1\r\n" FIELDS "Accept-Encoding: br\r\n\r\n",
    "HEAD /v1/areas HTTP/1.1\r\n" FIELDS "Accept: application/json\r\nAccept: text/html\r\n\r\n",
    "GET /v1/statements HTTP/1.1\r\n" FIELDS "If-None-Match: *\r\n\r\n",
    "GET /v1/measures?area=trad&limit=1000 HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/measures?aera=trade&limit=%ff HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/measures?cursor=abc HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/sumits HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/summits/nowhere-1999 HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1 HTTP/1.1\r\n" FIELDS "\r\n",
    "POST /v1 HTTP/1.1\r\n" FIELDS "Content-Length: 0\r\n\r\n",
    "OPTIONS /v1 HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/export.sqlite HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/export.sqlite HTTP/1.1\r\n" FIELDS "Range: bytes=9-99\r\nIf-Range: \"x\"\r\n\r\n",
    "GET /v1/export.sqlite HTTP/1.1\r\n" FIELDS "Range: bytes=-9\r\n\r\n",
    "GET /v1/export.sqlite HTTP/1.1\r\n" FIELDS "Range: bytes=99999999-\r\n\r\n",
    "HEAD /v1/export.sqlite HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /readyz?why=1&how=2 HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /readyz HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /problems/not-found HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /.well-known/api-catalog HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /openapi.json HTTP/1.1\r\n" FIELDS "Accept-Encoding: gzip\r\n\r\n",
};

static const char *const row_requests[] = {
    "GET /v1/measures?q=boat&facet=area,modality&limit=1 HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/measures?sort=-number,modality&limit=1&fields=id&pretty HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/measures?format=csv&fields=id,text&limit=2 HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/measures?format=ndjson HTTP/1.1\r\n" FIELDS "Accept-Encoding: gzip\r\n\r\n",
    "GET /v1/measures?format=csv HTTP/1.1\r\n" FIELDS "Accept-Encoding: br\r\n\r\n",
    "GET /v1/measures?format=jsonld&include=areas HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/areas/trade HTTP/1.1\r\n" FIELDS "Accept: application/ld+json\r\n\r\n",
    "GET /v1/summits/lakeside-2020/measures?q=a&sort=idd HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/sources/lakeside-notes?include=coverage,proposals.measures HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/search?q=boats%20will&limit=2 HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/search HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/graph?summit=lakeside-2020 HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/summits/lakeside-2020/record HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/citations/areas/trade HTTP/1.1\r\n" FIELDS "\r\n",
    "GET /v1/citations/areas/trade?format=bibtex HTTP/1.1\r\n" FIELDS "\r\n",
};
