"""Who signs in to the demo, and with what."""

from dataclasses import dataclass

PASSWORD = "a-cup-of-tea"  # noqa: S105  Printed for everyone to use. The demo is refused in production.


@dataclass(frozen=True)
class SignIn:
    name: str
    email: str
    what: str


AMINA = SignIn("Amina Yusuf", "amina@linkwork.example", "Link worker, with a day worth looking at")
BEN = SignIn("Ben Taylor", "ben@linkwork.example", "Link worker in the same team")
MO = SignIn("Mo Farrell", "mo@linkwork.example", "Manager of that team")
PRIYA = SignIn("Priya Nair", "priya@linkwork.example", "Practice staff: refers, and sees what became of it")
STRANGER = SignIn("Stella Robson", "stranger@linkwork.example", "Link worker of another organisation")
EILIDH = SignIn("Eilidh Ross", "eilidh@linkwork.example", "Manager of both organisations, switching in the header")
OPERATOR = SignIn("Olu Adeyemi", "operator@linkwork.example", "Operator: organisations and accounts, at /operator/")
SIGN_INS = [AMINA, BEN, MO, PRIYA, STRANGER, EILIDH, OPERATOR]
