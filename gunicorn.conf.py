"""The web server, wherever it runs: `gunicorn` reads this file by its name."""

import os

import environ

from linkwork import logs

wsgi_app = "linkwork.wsgi"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 10
max_requests = 5000  # a new process now and then, should anything leak
max_requests_jitter = 500
control_socket_disable = True
logconfig_dict = logs.configuration(json=environ.Env().bool("LINKWORK_PRODUCTION", default=False))
