import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_every_control_of_the_hazard_log_is_shown_by_a_test_that_is_there():
    log = (ROOT / "docs" / "hazard-log.md").read_text()
    written = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", log))
    files = set(re.findall(r"`(tests/\S+\.py)`", log))
    assert named and [name for name in sorted(named) if f"def {name}(" not in written] == []
    assert [file for file in sorted(files) if not (ROOT / file).exists()] == []
