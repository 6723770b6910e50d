"""Settings, read from the environment (docs/operating.md lists every variable).

Unset, they give a working service on this machine alone: embedded PostgreSQL and
Valkey, plain http. LINKWORK_PRODUCTION=1 refuses to start without real ones.
"""

from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.urls import reverse_lazy

from linkwork import embedded, logs

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
PRODUCTION = env.bool("LINKWORK_PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)

if PRODUCTION:
    SECRET_KEY = env("SECRET_KEY")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
    DATABASES = {"default": env.db("DATABASE_URL")}
    REDIS_URL = env("REDIS_URL")
else:
    SECRET_KEY = env("SECRET_KEY", default="for-this-machine-only-" + "x" * 40)
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
    DATABASES = {"default": env.db("DATABASE_URL") if env("DATABASE_URL", default="") else embedded.database()}
    REDIS_URL = env("REDIS_URL", default="") or embedded.redis_url()

DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Compiling a page's queries takes longer than answering them.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "linkwork.apps.LinkworkConfig",
    "accounts",
    "assets",
    "caseload",
    "referrals",
    "insight",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "django_celery_beat",
    "django_filters",
    "django_htmx",
    "health_check",
    "pgtrigger",
    "pghistory",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "linkwork.logs.RequestLogMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "linkwork.private.PrivatePagesMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.CurrentMembershipMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "linkwork.htmx.RedirectWholePageMiddleware",
    "linkwork.drafts.ForgetSentDraftsMiddleware",
]

ROOT_URLCONF = "linkwork.urls"
WSGI_APPLICATION = "linkwork.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linkwork.context_processors.frame",
            ],
            "builtins": ["linkwork.templatetags.plain_english"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "nhsuk"
CRISPY_TEMPLATE_PACK = "nhsuk"

# Time: stored in UTC, shown and counted in local days.
USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"
USE_I18N = True

# Where this service is found, for links in messages.
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")

# Sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("accounts:home")
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Linkwork: "
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Linkwork"
MFA_PASSKEY_LOGIN_ENABLED = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False

# Security
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION and env.bool("SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION  # files are looked for when asked for, not all of them at the start

LOGGING = logs.configuration(json=PRODUCTION)

# E-mail: to the console unless a server is named.
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 15  # seconds: a mail server that hangs must not hold up an alarm
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Linkwork <no-reply@linkwork.example>")

# Texts and emails to people: a class with send(…), see caseload/messages.py.
MESSAGES_BACKEND = env("MESSAGES_BACKEND", default="caseload.messages.Console")
MESSAGES_DIR = env("MESSAGES_DIR", default=str(BASE_DIR / "var" / "messages"))

# Cache and jobs
CACHES = {
    "default": {
        "BACKEND": "linkwork.cache.CacheThatMayBeAway",
        "LOCATION": env("CACHE_URL", default="") or REDIS_URL,
        "KEY_PREFIX": "linkwork",
        # Seconds: a page does not wait long for a cache that hangs.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}
CELERY_BROKER_URL = embedded.celery_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "unacked_restore_throttle": 1}
CELERY_TIMEZONE = TIME_ZONE
# Of what waits, alarms are taken first: 0 is the most urgent.
CELERY_TASK_DEFAULT_PRIORITY = 6
CELERY_TASK_ROUTES = {
    task: {"priority": 0} for task in ("caseload.tasks.look_for_alarms", "caseload.tasks.send_alarm")
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "caseload.tasks.sweep_every_organisation", "schedule": crontab(hour=3, minute=15)},
    "sweep overdue": {"task": "caseload.tasks.sweep_overdue_organisations", "schedule": crontab(minute=45)},
    "forget old drafts": {"task": "caseload.tasks.forget_old_drafts", "schedule": crontab(hour=2, minute=40)},
    "go on with intakes": {"task": "assets.tasks.go_on_with_intakes", "schedule": crontab(minute="*/10")},
    "review ladder": {
        "task": "assets.tasks.remind_every_contact",
        "schedule": crontab(hour=9, minute=20, day_of_week="mon-fri"),
    },
    "messages waiting": {"task": "caseload.tasks.deliver_waiting_messages", "schedule": crontab(minute="*/5")},
    # An alarm not looked for in time is looked for by the next one: old ones do not queue up behind a worker at rest.
    "lone visits": {"task": "caseload.tasks.look_for_alarms", "schedule": 30.0, "options": {"expires": 60}},
    "close months": {"task": "insight.tasks.close_months_everywhere", "schedule": crontab(hour=4, minute=10)},
    "exports": {"task": "insight.tasks.go_on_with_exports", "schedule": crontab(minute="*/10")},
    "answers missed": {"task": "referrals.tasks.tell_practices_of_answers_missed", "schedule": crontab(minute=15)},
}

# The sweep asks each of these modules for its RULES (caseload/sweep.py).
SWEEP_RULES = ["caseload.rules", "referrals.rules"]

# Called with the id of an entry of the directory whose facts have changed (assets/actions/keep.py).
ASSET_WATCHERS = ["caseload.sweep.recheck_everywhere"]
