# SPDX-License-Identifier: MIT
"""The public images that Sluice's are made of and run beside, where no registry can be reached: debian:bookworm-slim by
debootstrap, and stand-ins for mariadb:10.11 and redis:7 made of Debian's packages. Images that are there are left alone.
"""
import glob
import os
import re
import shutil
import subprocess
import tempfile

from engine import Timed

HERE = os.path.dirname(os.path.abspath(__file__))
BASE = "debian:bookworm-slim"
STAND_INS = {"mariadb:10.11": "mariadb", "redis:7": "redis"}
LARGEST_CACHE = 1 << 30  # bytes of a compiler cache that are worth copying

# As in the public image: no fsync for each file, no documentation, no translations.
DPKG = "force-unsafe-io\n" + "".join(
    f"path-exclude=/usr/share/{folder}/*\n" for folder in ("doc", "man", "info", "locale"))
APT = 'Acquire::Languages "none";\n'


def provide(engine):
    if not engine.has_image(BASE):
        with Timed("base image by debootstrap"):
            make_base(engine)
    for tag, folder in STAND_INS.items():
        if not engine.has_image(tag):
            with Timed(f"stand-in for {tag}"):
                engine.docker("build", "--tag", tag, os.path.join(HERE, "stand-ins", folder))


def make_base(engine):
    folder = tempfile.mkdtemp(prefix="sluice-base-", dir="/var/tmp")
    root = os.path.join(folder, "root")
    try:
        os.makedirs(os.path.join(root, "etc/dpkg/dpkg.cfg.d"))
        write(root, "etc/dpkg/dpkg.cfg.d/image", DPKG)
        mirrors = debian_sources()
        done = subprocess.run(["debootstrap", "--variant=minbase", "bookworm", root, mirrors[0][0]],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise AssertionError(f"debootstrap:\n{done.stdout[-3000:]}")
        write(root, "etc/apt/sources.list", "".join(f"deb {uri} {suite} main\n" for uri, suite in mirrors))
        write(root, "etc/apt/apt.conf.d/image", APT + proxies())
        for pattern in ("var/cache/apt/archives/*.deb", "var/lib/apt/lists/*", "usr/share/doc/*", "usr/share/man/*",
                        "usr/share/locale/*"):
            for path in glob.glob(os.path.join(root, pattern)):
                shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.remove(path)
        trust_as_the_host(root)
        hand_over_compiler_cache(root)
        # the compiler cache tells languages apart
        language = [f"--change=ENV {name}={os.environ[name]}" for name in ("LANG", "LC_ALL") if os.environ.get(name)]
        engine.docker("import", *language, "-", BASE, stdin=subprocess.Popen(["tar", "-C", root, "-c", "."], stdout=subprocess.PIPE).stdout)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write(root, name, text):
    with open(os.path.join(root, name), "w") as file:
        file.write(text)


def debian_sources():
    """[(address, suite)] of Debian bookworm as the host's own apt has them, the main archive first."""
    form = "$(REPO_URI)|$(RELEASE)|$(CREATED_BY)|$(COMPONENT)|$(ORIGIN)"
    wanted = re.compile(r"^([^|]+)\|(bookworm[^|]*)\|Packages\|main\|Debian$", re.M)
    for prepare in (["true"], ["apt-get", "update", "-qq"]):
        subprocess.run(prepare, check=True)
        listed = subprocess.run(["apt-get", "indextargets", "--format", form], check=True, capture_output=True, text=True)
        found = set(wanted.findall(listed.stdout))
        if found:
            return sorted(found, key=lambda source: source[1])
    raise AssertionError(f"apt on this machine knows no Debian bookworm: {listed.stdout}")


def proxies():
    """The host's own way to the archive, if it has one."""
    dump = subprocess.run(["apt-config", "dump"], check=True, capture_output=True, text=True).stdout
    return "".join(f"{line}\n" for line in dump.split("\n") if re.match(r"Acquire::https?::Proxy ", line))


def trust_as_the_host(root):
    """Where registries of packages are reached through a private authority, the images must trust it too."""
    bundle = "/etc/ssl/certs/ca-certificates.crt"
    if not os.path.isfile(bundle):
        return
    own = "/usr/local/share/ca-certificates"
    if os.path.isdir(own):
        shutil.copytree(own, os.path.join(root, own[1:]), dirs_exist_ok=True)
    os.makedirs(os.path.join(root, "etc/ssl/certs"), exist_ok=True)
    shutil.copy(bundle, os.path.join(root, bundle[1:]))


def hand_over_compiler_cache(root):
    """./sluice build in the image finds what this machine has compiled already. Nothing but time depends on it."""
    shown = subprocess.run(["ccache", "--get-config", "cache_dir"], capture_output=True, text=True)
    cache = shown.stdout.strip() if shown.returncode == 0 else ""
    if os.path.isdir(cache) and bytes_of(cache) < LARGEST_CACHE:
        shutil.copytree(cache, os.path.join(root, "root/.cache/ccache"), dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("tmp", "*.lock"))


def bytes_of(folder):
    return int(subprocess.run(["du", "-sb", folder], check=True, capture_output=True, text=True).stdout.split()[0])


def print_sizes(engine, names):
    base = int(engine.docker("image", "inspect", "--format", "{{.Size}}", BASE))
    print(f"base image: {base / 1e6:.0f} MB", flush=True)
    for name in names:
        size = int(engine.docker("image", "inspect", "--format", "{{.Size}}", name))
        print(f"image {name}: {size / 1e6:.0f} MB, {(size - base) / 1e6:.0f} MB above the base", flush=True)
