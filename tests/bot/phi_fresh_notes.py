"""Notes with planted identifiers, written without sight of the recognizers they are to try.

Templates stand in ``phi_fresh_templates.txt`` and go by turns to the sets ``A``, ``B`` and ``C``;
so do the people and cities, so that no set holds another's names. In a value the characters
between ``<`` and ``>`` must go: a year of four digits may stay, and so may a title.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
TEMPLATES = tuple((HERE / "phi_fresh_templates.txt").read_text("utf-8").split("\n%%\n"))
CLINICAL = tuple((HERE / "phi_fresh_clinical.txt").read_text("utf-8").splitlines())
SETS = "ABC"

FIRST = tuple(
    """Nkechi Oluwaseun Thandiwe Aarav Priyanka Venkatesh Xiuying Minh-Anh Thuy Haruto Sakiko
    Jae-won Soo-jin Bogdan Agnieszka Zbigniew Svetlana Dmitri Anoush Giorgi Ketevan Aino Jukka
    Siobhan Eoghan Niamh Rhys Gwyneth Iñaki Ximena Guadalupe Joaquín Esperanza Leocadia Marisol
    Jean-Luc Marie-Ève Anneliese Wolfgang Giuseppina Fatoumata Abdirahman Hodan Yusuf Khadija
    Mahmoud Laleh Farzaneh Shlomo Rivka Tevita Sione Leilani Kamaka Winona LaKeisha DeShawn Jaxon
    Brayleigh Mildred Clarence Harriet Otis Beulah Dwayne Courtney Megan Tyrone Rosalind Percival
    Robert Patricia Linda Michael Jennifer David Barbara Susan Karen Nancy Carlos José Luis Ana
    Wei Li Mohammed Fatima Olga Ivan Pierre Camille Ingrid Lars Grace Faith April Dawn Mark Bill
    Rose Summer Kim Tran""".split()
)
RARE = tuple(
    """Zubizarreta Etxeberria Okwuosa Ndlovu Tshabalala Wickramasinghe Balasubramanian
    Chattopadhyay Venkataraghavan Krzyzanowski Wojciechowska Hryhorenko Papadimitriou
    Kyriakopoulos Hovhannisyan Tsereteli Jokinen Väisänen Papanicolaidis O'Shaughnessy McIlwraith
    D'Agostino Dell'Orto Thibodeaux Fontenot Tsosie Yellowhorse Kealoha Tuiasosopo Fifita
    Abdulrahman Al-Masri El-Sayed Ghorbani Mirzakhani Rosenzweig Feigenbaum Oyelaran Gebreselassie
    Tesfaye Woldemariam Warsame Quiñones Szymborski Lindqvist Hallgrimsson Featherstonehaugh
    Cholmondeley Mbeki-Okonjo Adebayo-Smythe Nguyen-Torres Yamashiro Takahashi-Reyes""".split()
)
LAST = (
    *RARE,
    *"""Nguyen Xiong Vang Begay Haddad Patel Garcia Rodriguez Kowalski Schmidt Johnson Williams
    Martinez Thompson Brown Young Long Rice Bush Stone Payne Wolf Bishop Church Marsh Banks
    Winters Doolittle Pepper Cash Small Cohen Murphy Gomez Chen Wang Singh Khan Ali Kim Park Lee
    """.split(),
    "de la Cruz", "van der Westhuizen", "St. Cyr", "Di Benedetto", "von Hohenlohe", "Two Bulls",
)  # fmt: skip
CITIES = (
    "Poughkeepsie", "Chattanooga", "Kalamazoo", "Wenatchee", "Schenectady", "Tuscaloosa",
    "Bakersfield", "Sioux Falls", "Fort Wayne", "Las Cruces", "Eau Claire", "Baton Rouge",
    "Coeur d'Alene", "Winnemucca", "Ypsilanti", "Bemidji", "Natchitoches", "Hyannis", "Yakima",
    "Murfreesboro", "Sheboygan", "El Cajon", "Boise", "Council Bluffs", "Mechanicsburg",
    "West Lafayette", "San Luis Obispo", "Opelousas", "Kaneohe", "Mount Pleasant", "Truth or Consequences",
    "Elko", "Tulare",
)  # fmt: skip
STREETS = (
    "Sycamore", "Old Mill", "Wisteria", "Kaʻahumanu", "Camino Real", "Beauregard", "Juniper Hill",
    "Van Buren", "Peachtree", "MLK Jr", "Quarry", "Saddlebrook", "82nd", "Fulton", "Tecumseh",
)  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first "
    "twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh "
    "twenty-eighth"
).split()
DIGIT_WORDS = "oh one two three four five six seven eight nine".split()
FACILITIES = (
    "Mercy General", "St. Bartholomew Medical Center", "Pine Ridge Rehab", "Good Samaritan SNF",
    "Lakeshore Surgery Center", "County Hospital",
)  # fmt: skip

# Every # is a digit, every @ a letter; a leading digit is never 0 unless written so.
SHAPES = {
    "phone": ("(###) ###-####", "###-###-####", "1-###-###-####", "### ### ####", "###/###-####"),
    "phone_dot": ("###.###.####", "+1 ###.###.####", "###-####"),
    "phone_plain": ("##########", "(###)###-####"),
    "phone_intl": ("+52 55 #### ####", "+44 20 #### ####", "011-63-###-###-####"),
    "fax": ("(###) ###-####", "###-###-####", "1 (###) ###-####", "###.###.####"),
    "pager": ("#####", "###-####", "###-###-####"),
    "ext": ("####", "#####"), "ext5": ("#####",),
    "badge": ("#####", "@@####"), "num6": ("######",), "num7": ("#######",), "num8": ("0#######",),
    "mrn": ("########", "E#######", "00-##-##-##", "M00#####"), "mrn_dash": ("##-##-##", "###-##-##"),
    "member": ("@#########", "@@@############", "########## 01", "@@@###@#####"),
    "policy": ("POL-######-0#", "@##-#####-#", "##########"), "group": ("00#####", "GRP-#####"),
    "claim": ("2025#########", "CLM-########", "##-######-WC"), "auth": ("A00########", "PA-########"),
    "acct": ("H000########", "##########", "####-####"), "medicaid": ("########@", "@@#####@"),
    "mbi": ("1@@4@@5@@73", "1@#4-@@5-@@73", "###-##-####A"), "csn": ("#########",),
    "run": ("2025-00####", "E25-#####"), "serial": ("@@@######@", "SN-##-##@#", "0###@##@##"),
    "accession": ("S25-#####", "CT-25-00#####", "A#######"), "barcode": ("BC00########",),
    "trans": ("#######",), "subject": ("00##-00#", "10##-00##"), "passport": ("@#######", "#########"),
    "photo": ("IMG_####.jpg", "DSC0####.JPG", "face_front_##.png", "OD_fundus_###.tif"),
    "bio": ("FP-#####-@", "BIO#######", "TMPL-00###"), "plate": ("#@@@###", "@@@-####", "@@@ ####"),
    "vin": ("1HGCM82633A######", "5YJ3E1EA7KF######"), "dl": ("@#######", "@###-####-####", "@###########"),
    "dea": ("B@#######",), "npi": ("1#########",), "lic": ("MD-#####", "A #####", "RN ######", "036-######"),
    "rxnum": ("#######",), "order": ("ORD-######", "########"), "bank": ("000#########",),
    "band": ("B####-#",), "mac": ("00:1B:##:##:3A:B#",), "tin": ("##-#######",),
    "ssn": ("###-##-####", "### ## ####", "#########"), "zip": ("#####", "#####-####"),
    "ip": ("10.##.1#.2#", "192.168.#.1##"), "ip_hex": ("2001:db8:85a#::8a2e:370:####",),
    "pobox": ("P.O. Box ####", "PO Box ###"), "apt": ("Apt #@", "Unit ##", "Rm 30", "Ste ###"),
    "code": ("@#@#-##@@",),
}  # fmt: skip
# Words of a note that identify nobody: a state, an age below 90, a payer, a lot of vaccine.
SAFE = {
    "st": ("NY", "CA", "TX", "LA", "Ohio", "WI"), "age": ("34", "67", "58", "71", "45"),
    "age89": ("82", "85", "89"), "payer": ("Aetna", "Humana", "UHC", "BCBS"),
    "time": ("0345", "14:20", "2210"), "lot": ("EW0182", "J7722A"), "clia": ("05D0642827",),
    "facility": FACILITIES, "school": ("Lincoln Elementary", "Jefferson Middle School"),
    "place_store": ("grocery store", "gas station"),
}  # fmt: skip


@dataclass(frozen=True)
class Planted:
    """One identifier: the slot that made it and the half-open offsets of what must go."""

    slot: str
    start: int
    end: int


@dataclass(frozen=True)
class Note:
    """A note and what was planted in it."""

    template: int
    text: str
    planted: tuple[Planted, ...]


class Values:
    """Makes one note's values; a slot that repeats a label means the same person."""

    def __init__(self, chance: random.Random, turn: int) -> None:
        self.chance, self.turn = chance, turn
        self.people: dict[str, tuple[str, str]] = {}
        self.rare = False

    def pick(self, *choices: str) -> str:
        return self.chance.choice(choices)

    def person(self, label: str, *, rare: bool = False) -> tuple[str, str]:
        if label not in self.people:
            last = (RARE if rare else LAST)[self.turn :: 3]
            self.people[label] = (self.pick(*FIRST[self.turn :: 3]), self.pick(*last))
        return self.people[label]

    def shape(self, slot: str) -> str:
        def fill(match: re.Match[str]) -> str:
            if match.group() == "@":
                return self.pick(*"ABCDEFGHJKLMNPRSTUVWXYZ")
            return self.pick(*"23456789") if match.start() == 0 else self.pick(*"0123456789")

        return f"<{re.sub('[#@]', fill, self.pick(*SHAPES[slot]))}>"

    def name(self, slot: str, label: str) -> str | None:
        first, last = self.person(label, rare=slot == "rare")
        middle = self.pick(*"ABCDEGHJKLMRST")
        spellings: dict[str, tuple[str, ...]] = {
            "first": (f"<{first}>",), "last": (f"<{last}>",), "rare": (f"<{last}>",),
            "full": (f"<{first} {last}>", f"<{first} {last}>", f"<{first} {middle}. {last}>"),
            "full_diff": (f"<{first} {last}>", f"<{first} {middle}. {last}>"),
            "full_mi": (f"<{first} {middle}. {last}>", f"<{first} {last}> Jr."),
            "FULL": (f"<{first} {last}>".upper(), f"<{first} {middle} {last}>".upper()),
            "lastfirst": (f"<{last}, {first}>", f"<{last}, {first} {middle}.>", f"<{last},{first}>"),
            "LASTFIRST": (f"<{last}, {first} {middle}>".upper(), f"<{last},{first}>".upper()),
            "hon_last": (f"Mr. <{last}>", f"Mrs. <{last}>", f"Ms <{last}>", f"Mx. <{last}>"),
            "hon_full": (f"Mrs. <{first} {last}>", f"Ms. <{first} {last}>"),
            "initial_last": (f"<{first[0]}. {last}>", f"<{first[0]} {last}>"),
            "initials": (f"<{first[0]}.{middle}.{last[0]}.>".upper(), f"<{first[0]}{last[0]}>".upper()),
            "initials_sig": (f"<{first[0]}{last[0]}>".upper() + ", RN", f"<{first[0]}. {last}> RN"),
            "lower_full": (f"<{first} {last}>".lower(),), "lower_first": (f"<{first}>".lower(),),
            "lower_last": (f"<{last}>".lower(),), "last_c": (f"<{last}>".upper(), f"<{last}>"),
            "org_person": (f"Dr. <{first} {last}>", f"Attn: <{first} {last}>", f"<{first} {last}>, MD"),
            "first_nick": (f'<{first}> "<{first[:3]}>"',), "sig_slash": (f"/s/ <{first} {last}>",),
            "spelled": ("<" + "-".join(c for c in last.upper() if c.isalpha()) + ">",),
        }  # fmt: skip
        return self.pick(*spellings[slot]) if slot in spellings else None

    def date(self, slot: str) -> str | None:
        pick = self.chance.randint
        year, month, day = pick(2019, 2026), pick(1, 12), pick(1, 28)
        if slot in ("dob", "dt_spoken", "dt_spoken2"):
            year = pick(1938, 2012)
        long, short = MONTHS[month - 1], MONTHS[month - 1][:3]
        two, weekday, word = f"{year % 100:02d}", self.pick(*DAYS), ORDINALS[day - 1]
        th = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}.get(day, "th")
        slash = (
            f"<{month}/{day}/>{year}", f"<{month}/{day}/{two}>", f"<{month:02d}/{day:02d}/>{year}",
            f"<{month:02d}-{day:02d}->{year}", f"<{month}-{day}-{two}>",
        )  # fmt: skip
        clock = f"{pick(0, 23):02d}:{pick(0, 59):02d}"
        spellings: dict[str, tuple[str, ...]] = {
            "dt_slash": slash, "dt_slashtime": (f"{slash[0]} {clock}", f"{slash[1]} @ {clock}"),
            "dob": (*slash, f"<{long} {day}>, {year}", f"<{day:02d}-{short}->{year}"),
            "dt_time": (f"{slash[1]} 0315", f"{clock} on <{month}/{day}>"),
            "dt_iso": (f"{year}-<{month:02d}-{day:02d}>",),
            "dt_iso_t": (f"{year}-<{month:02d}-{day:02d}>T{clock}:07Z",),
            "dt_short": (f"<{month}/{day}/{two}>", f"<{short} {day}>", f"<{day} {short}>", f"<{long} {day}{th}>"),
            "dt_md": (f"<{month}/{day}>", f"<{long} {day}>", f"<{short} {day}>", f"<{short}. {day}>"),
            "dt_weekday": (weekday,), "dt_weekday_md": (f"{weekday[:3]} <{month}/{day}>", f"{weekday}, <{long} {day}>"),
            "dt_weekday_long": (f"{weekday}, <{long} {day}>, {year}", f"{weekday[:3]} <{short} {day}>, {year}"),
            "dt_long": (f"<{long} {day}>, {year}", f"<{long} {day}{th}>, {year}", f"<{day} {long}> {year}"),
            "dt_mon": (f"<{day:02d}-{short.upper()}->{year}", f"<{short} {day}>, {year}", f"<{day} {short}> {year}"),
            "dt_mon_up": (f"<{day:02d}{short.upper()}{year}>", f"<{short.upper()} {day:02d}> {year}"),
            "dt_dmy": (f"<{day:02d}.{month:02d}.>{year}", f"<{day}-{short}->{year}", f"<{day}{th} {long}> {year}"),
            "dt_dot": (f"<{month:02d}.{day:02d}.>{year}", f"<{month}.{day}.{two}>"),
            "dt_month": (f"<{long}> {year}", f"<{short}> {year}"),
            "dt_my": (f"<{long}> {year}", f"<{short}> {year}", f"<{month}>/{year}", f"<{short} '{two}>"),
            "dt_ord": (f"the <{day}{th} of {long}>", f"<{long} {day}{th}>", f"<{day} {long}>"),
            "dt_spoken": (f"<{long.lower()} {word}> {year}", f"the <{word} of {long.lower()}>"),
            "dt_spoken2": (f"<{long} {day}{th}, '{two}>", f"<{long} the {word}>, {year}"),
        }  # fmt: skip
        return self.pick(*spellings[slot]) if slot in spellings else None

    def place(self, slot: str) -> str | None:
        street = self.pick(*STREETS)
        kind = self.pick("St", "Ave", "Ln", "Road", "Blvd.", "Court", "Pkwy", "Drive", "Terrace")
        number = self.chance.randint(2, 19999)
        city = self.pick(*CITIES[self.turn :: 3])
        makers: dict[str, Callable[[], str]] = {
            "street": lambda: self.pick(
                f"<{number} {street} {kind}>", f"<{number} {self.pick('N', 'W.', 'SE')} {street} {kind}>"
            ),
            "street_name": lambda: f"<{street} {kind}>",
            "city": lambda: f"<{city}>", "city2": lambda: f"<{city}>",
            "county": lambda: f"<{self.pick('Kern', 'Outagamie', 'St. Tammany', 'Yavapai')}> County",
        }  # fmt: skip
        return makers[slot]() if slot in makers else None

    def web(self, slot: str) -> str | None:
        first, last = (re.sub(r"\W", "", part.lower()) for part in self.person("web"))
        host = self.pick("gmail.com", "ridgehealth.org", "mail.county.gov", "yahoo.co.uk")
        handle = f"{first[:4]}{self.chance.randint(10, 99)}"
        spellings: dict[str, tuple[str, ...]] = {
            "email": (f"<{first}.{last}@{host}>", f"<{first[0]}{last}77@{host}>", f"<{last}_{first}+rx@{host}>"),
            "url": (f"<https://mychart.ridgehealth.org/p/{handle}>", f"<www.facebook.com/{handle}>",
                    f"<instagram.com/{handle}>", f"<http://10.4.4.9:8080/view?id={handle}>"),
            "age90": (f"<{self.chance.randint(90, 104)}>",),
        }  # fmt: skip
        return self.pick(*spellings[slot]) if slot in spellings else None

    def value(self, slot: str, label: str) -> str:
        if slot in SAFE:
            return self.pick(*SAFE[slot])
        if slot in SHAPES:
            return self.shape(slot)
        if slot == "phone_spoken":
            groups = (3, 3, 4)
            return f"<{', '.join(' '.join(self.pick(*DIGIT_WORDS) for _ in range(n)) for n in groups)}>"
        if slot == "MRNLONG":
            return self.pick("MRN ", "Med Rec #", "MR# ") + self.shape("num8")
        for maker in (self.date, self.place, self.web):
            if (made := maker(slot)) is not None:
                return made
        made = self.name(slot, label)
        assert made is not None, slot
        return made


_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")


def write(number: int, chance: random.Random, turn: int) -> Note:
    """One note of a template, with the people of its set."""
    values = Values(chance, turn)
    source, text, planted, position = TEMPLATES[number].strip("\n"), "", [], 0
    for match in _SLOT.finditer(source):
        text += source[position : match.start()]
        slot = match.group(1)
        for part in re.split(
            r"(<[^<>]*>)", values.value(slot, match.group(2) or str(match.start()))
        ):
            if part.startswith("<"):
                planted.append(Planted(slot, len(text), len(text) + len(part) - 2))
            text += part.strip("<>")
        position = match.end()
    return Note(number, text + source[position:], tuple(planted))


def notes(name: str, each: int = 6, seed: int = 41) -> list[Note]:
    """``each`` notes of every template of set ``A``, ``B`` or ``C``; the same ones for a seed."""
    turn = SETS.index(name)
    chance = random.Random(f"{seed}{name}")
    return [
        write(number, chance, turn)
        for number in range(turn, len(TEMPLATES), 3)
        for _ in range(each)
    ]


def clinical(name: str) -> tuple[str, ...]:
    """The clinical lines of a set."""
    return CLINICAL[SETS.index(name) :: 3]
