import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
import redis

from linkwork import embedded
from linkwork.embedded import places, servers

FACTS = """
import json
from linkwork import embedded
from linkwork.embedded import places
print(json.dumps([embedded.database(), embedded.redis_url(), str(places.home()), str(places.socket_folder())]))
"""


class Checkout:
    """A folder with nothing in it but the package, and so with servers of its own."""

    def __init__(self, folder: Path):
        self.folder = folder
        shutil.copytree(places.BASE_DIR / "linkwork" / "embedded", folder / "linkwork" / "embedded")
        self.database, self.redis_url, home, sockets = json.loads(self.python("-c", FACTS).stdout)
        self.home, self.sockets = Path(home), Path(sockets)

    def python(self, *arguments: str) -> subprocess.CompletedProcess:
        env = {"PATH": os.environ["PATH"]}
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=120)

    def embedded(self, *arguments: str) -> subprocess.CompletedProcess:
        return self.python("-m", "linkwork.embedded", *arguments)

    @contextmanager
    def sql(self, **instead):
        """A cursor in autocommit."""
        names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
        connection = psycopg2.connect(**{names[key]: self.database[key] for key in names} | instead)
        connection.autocommit = True
        try:
            yield connection.cursor()
        finally:
            connection.close()

    def ask(self, query: str):
        with self.sql() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]

    def redis(self) -> redis.Redis:
        return redis.Redis.from_url(self.redis_url)

    def is_up(self) -> bool:
        try:
            return self.ask("SELECT 1") == 1 and self.redis().ping()
        except (psycopg2.OperationalError, redis.ConnectionError):
            return False

    def processes(self) -> list[int]:
        lock = self.sockets / ".s.PGSQL.5432.lock"
        return [int(lock.read_text().splitlines()[0]), int((self.home / "valkey.pid").read_text())]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    checkout = Checkout(tmp_path_factory.mktemp("link work") / ("a long folder name" * 5))
    yield checkout
    checkout.embedded("stop")
    for folder in {checkout.home, checkout.sockets}:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def started(made):
    result = made.embedded("start")
    assert (result.returncode, result.stderr) == (0, "")
    return made


@pytest.fixture
def stopped(made):
    made.embedded("stop")
    return made


def test_servers_answer_once_started_in_a_long_path_with_spaces(started):
    assert started.is_up() is True


def test_starting_twice_leaves_them_as_they_are(started):
    before = started.processes()

    assert (started.embedded("start").returncode, started.processes()) == (0, before)


def test_servers_do_not_listen_on_the_network(started):
    assert started.ask("SHOW listen_addresses") == ""
    assert started.redis().info("server")["tcp_port"] == 0


def test_folders_are_closed_to_others(started):
    folders = {started.home, started.sockets}

    assert {oct(folder.stat().st_mode & 0o777) for folder in folders} == {"0o700"}


def test_wrong_password_is_refused(started):
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"), started.sql(password="x"):
        pass
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(unix_socket_path=str(started.sockets / "valkey.sock"), password="x").ping()


def test_database_knows_capitals_outside_ascii(started):
    assert started.ask("SELECT upper('é')") == "É"


def test_killed_servers_come_back_with_what_they_held(started):
    with started.sql() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 7 AS number")
        cursor.execute("CHECKPOINT")
    started.redis().lpush("celery", "queued")
    started.redis().execute_command("WAITAOF", 1, 0, 5000)
    for pid in started.processes():
        os.kill(pid, signal.SIGKILL)

    result = started.embedded("start")

    assert (result.returncode, result.stderr) == (0, "")
    assert started.ask("SELECT number FROM kept") == 7
    assert started.redis().lrange("celery", 0, -1) == [b"queued"]


def test_process_number_that_is_now_anothers_does_not_prevent_a_start(stopped):
    data = next(stopped.home.glob("postgresql-*"))
    lines = [str(os.getpid()), str(data), "1", "5432", str(stopped.sockets), "", "0 0", "ready"]
    (data / "postmaster.pid").write_text("\n".join(lines))

    result = stopped.embedded("start")

    assert (result.returncode, stopped.is_up()) == (0, True)


def test_half_made_data_is_made_again(stopped):
    data = next(stopped.home.glob("postgresql-*"))
    data.rename(data.with_name(data.name + ".new"))

    stopped.embedded("start")

    assert stopped.ask("SELECT count(*) FROM pg_stat_user_tables") == 0


def test_command_has_them_up_and_leaves_them_stopped(stopped):
    result = stopped.embedded("with", sys.executable, "-c", "import sys; sys.exit(5)")

    assert (result.returncode, stopped.is_up()) == (5, False)


def test_command_leaves_kept_ones_up(started):
    started.embedded("with", "true")

    assert started.is_up() is True


def test_nothing_is_needed_when_both_addresses_are_set(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/linkwork")
    monkeypatch.setenv("REDIS_URL", "redis://somewhere")

    assert embedded.needed() == []


def test_only_what_has_no_address_is_needed(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/linkwork")
    monkeypatch.delenv("REDIS_URL", raising=False)

    assert [server.name for server in embedded.needed()] == ["Valkey"]


def test_nothing_is_embedded_in_production(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("LINKWORK_PRODUCTION", "1")

    assert embedded.needed() == []


@pytest.mark.parametrize(
    ("url", "as_celery_spells_it"),
    [
        ("redis://:secret@host:6379/2", "redis://:secret@host:6379/2"),
        ("unix://:secret@/run/valkey.sock?db=2", "redis+socket://:secret@/run/valkey.sock?virtual_host=2"),
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock?virtual_host=0"),
    ],
)
def test_celery_url_names_the_same_server(url, as_celery_spells_it):
    assert embedded.celery_url(url) == as_celery_spells_it


def test_folder_of_somebody_else_is_refused(monkeypatch, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setattr(places, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(places, "socket_folder", lambda: tmp_path / "home")

    with pytest.raises(embedded.NotAvailable, match="belongs to somebody else"):
        places.make_folders()


def test_statements_stay_out_of_the_log():
    kept_out = {key: servers.POSTGRES_SETTINGS[key] for key in ["log_min_error_statement", "log_error_verbosity"]}

    assert kept_out == {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
