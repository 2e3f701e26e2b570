# SPDX-License-Identifier: MIT
"""One more nginx in front of a stack, or beside its own: other limits, or a proxy that does what proxies do."""
import os
import shutil
import signal
import subprocess
import tempfile

from .stack import free_port, port_taken, stack_user
from .wait import wait_until

PROXY = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  access_log off;
  client_max_body_size 0;
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass {target}; proxy_http_version 1.1; proxy_set_header Host localhost; {directives} }}
  }}
}}
"""


class Front:
    """with Front.proxy(stack, "proxy_request_buffering on;") as front: front.url"""

    def __init__(self, configure):
        """configure(folder, port): writes nginx.conf into the folder."""
        self.folder = tempfile.mkdtemp(prefix="sluice-front-", dir="/tmp")
        self.port = free_port()
        configure(self.folder, self.port)
        for path, _, files in os.walk(self.folder):
            for name in [path, *(os.path.join(path, file) for file in files)]:
                shutil.chown(name, stack_user())

    @classmethod
    def proxy(cls, stack, directives=""):
        def configure(folder, port):
            with open(os.path.join(folder, "nginx.conf"), "w") as conf:
                conf.write(PROXY.format(folder=folder, port=port, target=stack.url, directives=directives))
        return cls(configure)

    @classmethod
    def beside(cls, stack, changes):
        """The stack's own configuration with texts changed, on another port."""
        def configure(folder, port):
            shutil.copytree(os.path.join(stack.state_dir, "conf", "nginx"), folder, dirs_exist_ok=True)
            changes_here = {f":{stack.port}": f":{port}", "/nginx.pid": f"/front-{port}.pid", **changes}
            for name in ("nginx.conf", "sluice.conf"):
                path = os.path.join(folder, name)
                with open(path) as conf:
                    text = conf.read()
                for old, new in changes_here.items():
                    text = text.replace(old, new)
                with open(path, "w") as conf:
                    conf.write(text)
        return cls(configure)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        words = ["nginx", "-p", self.folder + "/", "-e", "stderr", "-c", os.path.join(self.folder, "nginx.conf")]
        if os.getuid() == 0:
            words = ["runuser", "-u", stack_user(), "--", *words]
        log = os.path.join(self.folder, "log")
        with open(log, "ab") as out:
            self.process = subprocess.Popen(words, env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"},
                                            stdout=subprocess.DEVNULL, stderr=out, start_new_session=True)

        def answers():
            if self.process.poll() is not None:
                with open(log) as said:
                    raise AssertionError(f"nginx ended by itself: {said.read()}")
            return port_taken(self.port)
        wait_until(answers, 30, "the second nginx answers")
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)
