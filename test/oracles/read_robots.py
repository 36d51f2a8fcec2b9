"""Prints what urllib.robotparser sees in the robots.txt on stdin: for each AGENT URL pair of the arguments whether it
may be visited, and the sitemaps, as one JSON text."""

import json
import sys
from urllib.robotparser import RobotFileParser

parser = RobotFileParser()
parser.parse(sys.stdin.read().splitlines())
parser.modified()
questions = sys.argv[1:]
print(
    json.dumps(
        {
            "allowed": [parser.can_fetch(*pair) for pair in zip(questions[::2], questions[1::2])],
            "sitemaps": parser.site_maps() or [],
        }
    )
)
