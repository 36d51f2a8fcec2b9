"""Prints what ultimate-sitemap-parser sees: SERVED_AT SITE START, one JSON text a line.

URLs of SITE are fetched from SERVED_AT; nothing else is fetched at all.
"""

import json
import logging
import sys
from datetime import timezone

import requests
from usp.fetch_parse import SitemapFetcher
from usp.objects.sitemap import InvalidSitemap
from usp.web_client.abstract_client import AbstractWebClientSuccessResponse, WebClientErrorResponse
from usp.web_client.requests_client import RequestsWebClient


def say(**line):
    print(json.dumps(line))


class Renamed(AbstractWebClientSuccessResponse):
    """A response under the address that was asked for, not the one it came from."""

    def __init__(self, response, url):
        self._response = response
        self._url = url

    def status_code(self):
        return self._response.status_code()

    def status_message(self):
        return self._response.status_message()

    def header(self, case_insensitive_name):
        return self._response.header(case_insensitive_name)

    def raw_data(self):
        return self._response.raw_data()

    def url(self):
        return self._url


class SiteClient(RequestsWebClient):
    def __init__(self, served_at, site):
        session = requests.Session()
        session.trust_env = False  # a proxy of the environment cannot reach this machine's loopback
        super().__init__(session=session)
        self._served_at = served_at.rstrip("/") + "/"
        self._site = site.rstrip("/") + "/"

    def get(self, url):
        if not url.startswith(self._site):
            return WebClientErrorResponse(f"not of {self._site}", retryable=False)
        response = super().get(self._served_at + url[len(self._site) :])
        if isinstance(response, WebClientErrorResponse):
            return response
        return Renamed(response, url)


class Complaints(logging.Handler):
    """The parser goes on after most faults and only logs them."""

    def emit(self, record):
        say(problem=record.getMessage())


def lastmod_of(page):
    moment = page.last_modified
    if moment is None:
        return None
    # A date alone has no zone; sitemaps.org leaves it open, the other readers take UTC.
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).isoformat()


def main(served_at, site, start):
    logging.getLogger("usp").addHandler(Complaints(logging.WARNING))
    logging.getLogger("usp").propagate = False
    client = SiteClient(served_at, site)
    root = SitemapFetcher(f"{site.rstrip('/')}/{start}", recursion_level=0, web_client=client).sitemap()
    for sitemap in [root, *root.all_sitemaps()]:
        if isinstance(sitemap, InvalidSitemap):
            say(problem=f"{sitemap.url}: {sitemap.reason}")
    for page in root.all_pages():
        say(loc=page.url, lastmod=lastmod_of(page))


main(*sys.argv[1:])
