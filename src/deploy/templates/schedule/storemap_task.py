"""Starts Storemap from the Celery beat that the shop already has.

Copy this file into the shop's image beside saleor/ (for example as saleor/storemap_task.py), and give the image Node,
Storemap, git and an ssh client, by these lines of its Dockerfile:

    COPY --from={{image|comment}} /usr/local/bin/node /usr/local/bin/node
    COPY --from={{image|comment}} /app /opt/storemap
    RUN apt-get update && apt-get install -y --no-install-recommends git openssh-client && rm -rf /var/lib/apt/lists/*

and register the task in the settings:

    CELERY_IMPORTS = [*globals().get("CELERY_IMPORTS", []), "saleor.storemap_task"]
    from saleor.storemap_task import STOREMAP_BEAT
    CELERY_BEAT_SCHEDULE.update(STOREMAP_BEAT)
"""

import os
import subprocess

from celery import shared_task
from celery.schedules import crontab

COMMAND = os.environ.get("STOREMAP_COMMAND", "node /opt/storemap/dist/main.js").split()
CONFIG = os.environ.get("STOREMAP_CONFIG", "/etc/storemap/storemap.config.yaml")
# A run that takes longer hangs.
LONGEST_SECONDS = int(os.environ.get("STOREMAP_LONGEST_SECONDS", "3600"))
# 75: another run is under way, or was faster. There is nothing left to do.
DONE = (0, 75)


@shared_task(name="storemap.run", ignore_result=True, soft_time_limit=LONGEST_SECONDS + 60)
def run_storemap():
    """One run. Fails with the last lines of what it said, for the shop's own error reports."""
    result = subprocess.run(
        [*COMMAND, "run", "--quiet", "--no-color", "--config", CONFIG],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=LONGEST_SECONDS,
        text=True,
        check=False,
    )
    if result.returncode not in DONE:
        said = "\n".join(result.stdout.strip().splitlines()[-20:])
        raise RuntimeError(f"storemap run ended with {result.returncode}\n{said}")
    return result.returncode


STOREMAP_BEAT = {
    "storemap-run": {
        "task": "storemap.run",
        "schedule": crontab(
            minute={{minute|python}},
            hour={{hour|python}},
            day_of_month={{day|python}},
            month_of_year={{month|python}},
            day_of_week={{weekday|python}},
        ),
    },
}
