"""A whole OpenStack Swift with its S3 API in one process, on loopback, for tests.

Usage: swift-server.py FOLDER ACCOUNT:USER SECRET. Prints its port; ends when its standard input does.
Needs Debian's python3-swift; FOLDER must lie on a file system with extended attributes.
"""

import logging
import os
import sys

import eventlet

eventlet.monkey_patch()

from eventlet import GreenPool, listen, spawn, tpool, wsgi  # noqa: E402
from swift.account.server import AccountController  # noqa: E402
from swift.common import utils  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402
from swift.common.wsgi import SwiftHttpProtocol, loadapp  # noqa: E402
from swift.container.server import ContainerController  # noqa: E402
from swift.obj.server import ObjectController  # noqa: E402

PIPELINE = ["catch_errors", "gatekeeper", "listing_formats", "bulk", "s3api", "tempauth", "copy", "slo", "dlo"]
STORAGE = {"account": AccountController, "container": ContainerController, "object": ObjectController}


class NoCache:
    """In memcached's place: it remembers nothing."""

    def get(self, *_, **__):
        return None

    def set(self, *_, **__):
        pass

    delete = set

    def incr(self, *_, **__):
        return 0

    decr = incr


class Quiet:
    """Access logs go nowhere."""

    def write(self, *_):
        pass

    def info(self, *_):
        pass

    debug = error = info


def save_ring(folder, kind, port):
    ring = RingBuilder(part_power=4, replicas=1, min_part_hours=0)
    ring.add_dev({"id": 0, "region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "disk", "weight": 1.0})
    ring.rebalance()
    ring.get_ring().save(os.path.join(folder, f"{kind}.ring.gz"))


def proxy_configuration(folder, user, secret):
    filters = "".join(f"[filter:{name}]\nuse = egg:swift#{name}\n" for name in PIPELINE if name != "tempauth")
    return f"""[DEFAULT]
swift_dir = {folder}
[pipeline:main]
pipeline = {" ".join(PIPELINE)} proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_{user.replace(":", "_")} = {secret} .admin
{filters}"""


def main(folder, user, secret):
    folder = os.path.abspath(folder)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    utils.HASH_PATH_SUFFIX = b"tests"
    os.makedirs(os.path.join(folder, "devices", "disk"))
    sockets = {kind: listen(("127.0.0.1", 0)) for kind in [*STORAGE, "proxy"]}
    for kind in STORAGE:
        save_ring(folder, kind, sockets[kind].getsockname()[1])
    configuration = os.path.join(folder, "proxy-server.conf")
    with open(configuration, "w", encoding="utf-8") as file:
        file.write(proxy_configuration(folder, user, secret))
    settings = {"devices": os.path.join(folder, "devices"), "mount_check": "false", "fallocate_reserve": "0"}
    logger = utils.get_logger({}, "tests")
    apps = {kind: controller(settings, logger=logger) for kind, controller in STORAGE.items()}
    proxy = loadapp(configuration, global_conf={"log_level": "WARNING"})
    cache = NoCache()

    def with_cache(environment, start):
        environment["swift.cache"] = cache
        return proxy(environment, start)

    apps["proxy"] = with_cache
    for kind, app in apps.items():
        spawn(wsgi.server, sockets[kind], app, log=Quiet(), protocol=SwiftHttpProtocol, custom_pool=GreenPool(100))
    print(sockets["proxy"].getsockname()[1], flush=True)
    tpool.execute(sys.stdin.buffer.read)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
