"""Made-up people. British names are Faker's; the others are those of a Scottish city's other languages.

Nobody real can be hit: NHS numbers are of the 999 test range, telephone numbers of the ranges kept free for
drama, e-mail addresses of example.com. Of postcodes: linkwork/demo/places.py.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from faker.providers.person.en_GB import Provider as British
from nhs_number import calculate_checksum

from caseload.enums import Ethnicity, NumberKind, Sex
from linkwork.demo.words import ACCESS_NEEDS, SAFE_CONTACT

STRIDE = 611_953  # visits all of a million numbers once, in no order anyone would notice
PRONOUNS = {"f": "she/her", "m": "he/him"}
SEX = {"f": Sex.FEMALE, "m": Sex.MALE}
STREETS = ("Street", "Road", "Avenue", "Drive", "Crescent", "Gardens", "Place", "Terrace", "Lane", "Court")
SCOTTISH = {
    "f": ("Eilidh", "Mairi", "Isla", "Kirsty", "Catriona", "Morag", "Shona", "Ailsa", "Fiona", "Mhairi", "Agnes")
    + ("Senga", "Jean", "Moira", "Rhona", "Elspeth"),
    "m": ("Hamish", "Callum", "Angus", "Ewan", "Fergus", "Iain", "Lachlan", "Murdo", "Rory", "Archie", "Gregor")
    + ("Alasdair", "Finlay", "Hector", "Tam", "Jim"),
    "last": ("MacDonald", "Campbell", "Stewart", "Robertson", "Fraser", "Murray", "MacLeod", "Ross", "Kerr", "Boyle")
    + ("McGinty", "Docherty", "Gallacher", "O'Hara", "McAllister", "Buchanan", "Sinclair", "Rennie", "Paterson")
    + ("Cunningham", "MacKenzie", "Quinn", "Dunlop", "McBride", "Haggerty"),
}


@dataclass(frozen=True)
class Community:
    """Names of one language. A first name may be "Latin|as they write it themselves"."""

    language: str
    female: tuple[str, ...]
    male: tuple[str, ...]
    last: tuple[str, ...]
    ethnicity: Ethnicity


COMMUNITIES = (
    Community(
        "Urdu",
        ("Aisha|عائشہ", "Nasreen|نسرین", "Shazia", "Rukhsana", "Samina|ثمینہ", "Bushra", "Farzana", "Hina"),
        ("Imran|عمران", "Tariq|طارق", "Bilal", "Naveed", "Asif", "Kashif", "Waqar", "Zafar"),
        ("Malik", "Ahmed", "Hussain", "Khan", "Iqbal", "Chaudhry", "Mirza", "Sheikh", "Akhtar", "Butt"),
        Ethnicity.ASIAN,
    ),
    Community(
        "Punjabi",
        ("Harpreet|ਹਰਪ੍ਰੀਤ", "Gurpreet", "Manjit", "Jasleen", "Simran", "Kulwinder"),
        ("Rajinder|ਰਜਿੰਦਰ", "Balbir", "Gurdeep", "Harjit", "Sukhdev", "Amrit"),
        ("Singh", "Kaur", "Gill", "Sandhu", "Dhillon", "Bains", "Sohal"),
        Ethnicity.ASIAN,
    ),
    Community(
        "Polish",
        ("Agnieszka", "Małgorzata", "Katarzyna", "Zofia", "Bożena", "Łucja", "Grażyna"),
        ("Paweł", "Łukasz", "Krzysztof", "Sławomir", "Zbigniew", "Grzegorz", "Michał"),
        ("Wójcik", "Kowalczyk", "Zieliński", "Dąbrowska", "Szymański", "Woźniak", "Żak", "Mazur"),
        Ethnicity.WHITE,
    ),
    Community(
        "Arabic",
        ("Fatima|فاطمة", "Noor|نور", "Rania|رانيا", "Hala|هالة", "Zeinab", "Amal|أمل"),
        ("Yousef|يوسف", "Khaled|خالد", "Omar|عمر", "Mahmoud|محمود", "Tarek", "Hassan|حسن"),
        ("Al-Hassan", "Haddad", "Khoury", "Mansour", "Al-Sayed", "Ibrahim", "Saleh", "Nasser"),
        Ethnicity.OTHER,
    ),
    Community(
        "Cantonese",
        ("Mei|美", "Siu-ling|小玲", "Wai-yee|慧儀", "Ka-yan|嘉欣", "Suk-fong"),
        ("Chi-ming|志明", "Kwok-wah|國華", "Wing-kin|永健", "Ho-yin|浩然", "Siu-fai"),
        ("Wong", "Chan", "Leung", "Cheung", "Lau", "Ng", "Tsang", "Yip"),
        Ethnicity.ASIAN,
    ),
    Community(
        "Tigrinya",
        ("Selam|ሰላም", "Mehret", "Helen", "Abrehet", "Luwam", "Winta"),
        ("Yonas|ዮናስ", "Tesfay", "Kidane", "Filmon", "Haile", "Abel"),
        ("Tesfamariam", "Ghebremedhin", "Haile", "Kidane", "Berhane", "Tekle"),
        Ethnicity.BLACK,
    ),
    Community(
        "",
        ("Chidinma", "Folasade", "Adaeze", "Ngozi", "Ọlá", "Abena", "Efua"),
        ("Emeka", "Babatunde", "Kwame", "Chukwudi", "Kofi", "Olúṣẹ́gun"),
        ("Okafor", "Adeyemi", "Mensah", "Okonkwo", "Boateng", "Eze", "Balogun", "Owusu"),
        Ethnicity.BLACK,
    ),
    Community(
        "Ukrainian",
        ("Olena|Олена", "Iryna|Ірина", "Nataliia|Наталія", "Oksana"),
        ("Dmytro|Дмитро", "Andrii|Андрій", "Serhii", "Volodymyr"),
        ("Shevchenko", "Kovalenko", "Bondarenko", "Tkachenko", "Melnyk"),
        Ethnicity.WHITE,
    ),
)


@dataclass(frozen=True)
class Area:
    """Where a service works: districts to name places after, drama telephone numbers."""

    town: str
    phone_prefix: str
    postcode_area: str
    districts: tuple[str, ...]


GLASGOW = Area(
    "Glasgow",
    "0141 496 0",
    "G",
    ("Partick", "Govan", "Parkhead", "Easterhouse", "Maryhill", "Govanhill", "Drumchapel", "Dennistoun")
    + ("Springburn", "Pollok", "Castlemilk", "Possilpark", "Ibrox", "Shettleston", "Anderston", "Milton"),
)
GATESHEAD = Area(
    "Gateshead",
    "0191 498 0",
    "NE",
    ("Bensham", "Saltwell", "Felling", "Low Fell", "Dunston", "Teams", "Leam Lane", "Whickham"),
)


class People:
    """Draws people, each with the next number of the test range."""

    def __init__(self, rng: Random, today: date):
        self.rng, self.today = rng, today
        self.next_number = 481_516

    def nhs_number(self) -> str:
        while True:
            nine = f"999{self.next_number:06}"
            self.next_number = (self.next_number + STRIDE) % 1_000_000
            check = calculate_checksum(nine)
            if check != 10:
                return f"{nine}{check}"

    def person(self, area: Area, postcodes: list[str]) -> dict:
        """The details of one person: what PersonDetails.details would say of them."""
        rng = self.rng
        has_number = rng.random() > 0.05
        return {
            **self.name(),
            "date_of_birth": self.date_of_birth(),
            "number_kind": NumberKind.NHS if has_number else NumberKind.NONE,
            "number": self.nhs_number() if has_number else "",
            **self.home(area, postcodes),
            **self.ways_to_reach(area),
            "safe_contact_note": rng.choice(SAFE_CONTACT) if rng.random() < 0.06 else "",
            "access_needs": rng.choice(ACCESS_NEEDS) if rng.random() < 0.14 else "",
        }

    def somebody(self, area: Area, postcodes: list[str], name: str, **details) -> dict:
        """A person of this name, with nothing out of the ordinary but the details given."""
        given, family = name.split(" ", 1)
        usual = {"preferred_name": "", "pronouns": "", "interpreter_language": "", "may_call": True}
        usual |= {"safe_contact_note": "", "access_needs": "", "phone": f"07700 900{self.rng.randrange(1000):03}"}
        return self.person(area, postcodes) | usual | {"given_name": given, "family_name": family} | details

    def name(self) -> dict:
        rng = self.rng
        sex = rng.choices("fm", (60, 40))[0]
        community = rng.choice(COMMUNITIES) if rng.random() < 0.22 else None
        given, _, own = self.given_name(sex, community).partition("|")
        needs_interpreter = community and community.language and rng.random() < 0.45
        preferred = own if needs_interpreter else ""
        if not preferred and not community and rng.random() < 0.12 and len(given) > 4:
            preferred = given[:3]
        return {
            "given_name": given,
            "family_name": self.family_name(community),
            "preferred_name": preferred,
            "pronouns": rng.choice((PRONOUNS[sex], "they/them")) if rng.random() < 0.08 else "",
            "interpreter_language": community.language if needs_interpreter else "",
            "sex": rng.choices((SEX[sex], Sex.NOT_SAID, Sex.NOT_KNOWN), (90, 1, 9))[0],
            "ethnicity": self.ethnicity(community),
        }

    def ethnicity(self, community: Community | None) -> Ethnicity:
        """A name says little of it, and of one in six nobody asked."""
        own = community.ethnicity if community else Ethnicity.WHITE
        kinds = (own, Ethnicity.MIXED, Ethnicity.NOT_SAID, Ethnicity.NOT_KNOWN)
        return self.rng.choices(kinds, (79, 2, 3, 16))[0]

    def given_name(self, sex: str, community: Community | None) -> str:
        if community:
            return self.rng.choice(community.female if sex == "f" else community.male)
        if self.rng.random() < 0.4:
            return self.rng.choice(SCOTTISH[sex])
        return self.rng.choice(BRITISH[sex])

    def family_name(self, community: Community | None) -> str:
        if community:
            return self.rng.choice(community.last)
        return self.rng.choice(SCOTTISH["last"] if self.rng.random() < 0.4 else BRITISH["last"])

    def date_of_birth(self) -> date:
        """Adults, most between 35 and 75, some into their nineties."""
        age = min(max(self.rng.gauss(54, 18), 16.5), 97)
        return self.today - timedelta(days=int(age * 365.25) + self.rng.randrange(300))

    def home(self, area: Area, postcodes: list[str]) -> dict:
        rng = self.rng
        if rng.random() < 0.02:
            return {"no_fixed_abode": True, "address": "", "postcode": ""}
        flat = f"Flat {rng.randint(0, 3)}/{rng.randint(1, 3)}, " if rng.random() < 0.4 else ""
        street = f"{flat}{rng.randint(1, 180)} {rng.choice(BRITISH['last'])} {rng.choice(STREETS)}"
        return {
            "no_fixed_abode": False,
            "address": f"{street}\n{area.town}",
            "postcode": rng.choice(postcodes),
        }

    def ways_to_reach(self, area: Area) -> dict:
        rng = self.rng
        is_mobile = rng.random() < 0.7
        phone = f"07700 900{rng.randrange(1000):03}" if is_mobile else f"{area.phone_prefix}{rng.randrange(1000):03}"
        has_email = rng.random() < 0.35
        return {
            "phone": phone if rng.random() < 0.97 else "",
            "email": f"person{rng.randrange(10**6)}@example.com" if has_email else "",
            "may_call": rng.random() < 0.93,
            "may_text": is_mobile and rng.random() < 0.7,
            "may_voicemail": rng.random() < 0.45,
            "may_email": has_email and rng.random() < 0.6,
            "may_post": rng.random() < 0.7,
        }


BRITISH = {
    "f": sorted(British.first_names_female),
    "m": sorted(British.first_names_male),
    "last": sorted(British.last_names),
}
