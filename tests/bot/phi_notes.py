"""Synthetic notes with planted identifiers: values of every Safe Harbor kind, in many formats.

Nothing here is anybody's: names are put together by chance, numbers are made up. A template's slots
are ``{kind}`` or ``{kind:label}``; the same label inside a note is the same value.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

FIRST = """Josephine Tremaine Oluwadamilola Kathleen Thaddeus Marisol Siobhan Hideo Wilhelmina Rashad
Guadalupe Ngozi Bartholomew Priyanka Cornelius Delphine Anneliese Muhammad Xiomara Leopold Jeanette
Yevgenia Darnell Philippa Suresh Charlene Ignatius Fatoumata Rosalind Terrence Concetta Vladimir
Beatrice Emmanuel Mei-Ling Clarence Saoirse Gwendolyn Ezekiel Parvati Lucille Demetrius Ingrid Harvey
Tatiana Reginald Aoife Marguerite Desmond Yolanda Frederick Chiamaka Norma Alejandro Winifred Carl
Susan Robert Deborah Kevin Michelle Gary Teresa Dennis Joyce Walter""".split()
LAST = """Abernathy-Cole Quintanilla Vandermolen Okonjo Fitzsimmons Petrosyan McAllister Zielinska
Castellano Nakagawa Oyelowo Rutherford-Hayes Lindstrom Baptiste Villanueva Chaudhuri Hawthorne
O'Sullivan Thibodeaux Wojciechowski Delacroix Mbeki Featherstone Gutierrez Hoang Kowalczyk Espinoza
Blankenship Yamashita Rosenbaum Stojanovic Underwood Pacheco Ramaswamy Haverford Ibarra Dvorak
MacDougall Tran Sutherland Cervantes Nwachukwu Holloway Kirkpatrick Szymanski Balasubramanian Peterson
Simmons Jenkins Patterson Hughes Coleman Powell Ramirez Sandoval Whitfield Crenshaw Dominguez
Fairbanks Lockhart Mendelson Niedermeyer Pritchard""".split()
# Names of the last held-back set: none of them was looked at while the recognizers were made.
OTHER_FIRST = """Annalise Okwudili Marcellus Bridget Tomoyuki Leticia Raymond Ginevra Hartmut Sunniva
Jacqueline Ebenezer Mirabel Quentin Rukhsana Stephen Ottoline Percival Anoushka Douglas Maribel Timothy
Zenobia Lawrence Oyindamola Patricia Ferdinando Heather Ivonne Gerald""".split()
OTHER_LAST = """Achterberg Bellweather Chukwueke D'Angelo Eisenberg Farquharson Gallagher Hashemi Ivanenko
Jablonski Kristoffersen Lovelace Montemayor Nightingale Obafemi Pendergast Quispe Ruggiero Stanhope
Tchaikovsky Uchida Valenzuela Winterbourne Yarborough Zubizarreta Duncan Freeman Gibson Hamilton
Spencer""".split()
STREETS = (
    "Juniper Hollow Rd", "Old Mill Lane", "North Halsted Street", "Sycamore Ave", "Rue Royale Drive",
    "Martin Luther King Jr Blvd", "W 43rd St", "Pinecrest Circle", "SE Hawthorne Boulevard",
    "Fourth Avenue", "Lakeshore Court", "Chestnut Ridge Way",
)  # fmt: skip
TOWNS = (
    ("Kalispell", "MT", "59901"), ("Sheboygan", "WI", "53081"), ("Duluth", "MN", "55802"),
    ("Albuquerque", "NM", "87109"), ("Poughkeepsie", "NY", "12601"), ("Boca Raton", "FL", "33432"),
    ("Terre Haute", "IN", "47807"), ("Coeur d'Alene", "ID", "83814"), ("Yonkers", "NY", "10701"),
    ("Tuscaloosa", "AL", "35401"), ("Grand Forks", "ND", "58201"), ("Walla Walla", "WA", "99362"),
)  # fmt: skip
STATES = {
    "MT": "Montana", "WI": "Wisconsin", "MN": "Minnesota", "NM": "New Mexico", "NY": "New York",
    "FL": "Florida", "IN": "Indiana", "ID": "Idaho", "AL": "Alabama", "ND": "North Dakota",
    "WA": "Washington",
}  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
TH = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


@dataclass(frozen=True)
class Planted:
    """One identifier put into a note: its slot's kind and half-open offsets."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Note:
    """A note with what was planted in it."""

    template: int
    text: str
    planted: tuple[Planted, ...]


class Values:
    """Makes values; one of these a note, so that labelled slots repeat."""

    def __init__(
        self, chance: random.Random, first: list[str] = FIRST, last: list[str] = LAST
    ) -> None:
        self.chance = chance
        self.first, self.last = first, last
        self.people: dict[str, tuple[str, str]] = {}
        self.days: dict[str, tuple[int, int, int]] = {}

    def person(self, label: str) -> tuple[str, str]:
        if label not in self.people:
            self.people[label] = (self.chance.choice(self.first), self.chance.choice(self.last))
        return self.people[label]

    def day(self, label: str) -> tuple[int, int, int]:
        if label not in self.days:
            pick = self.chance.randint
            self.days[label] = (pick(2019, 2026), pick(1, 12), pick(1, 28))
        return self.days[label]

    def digits(self, count: int) -> str:
        return str(self.chance.randint(1, 9)) + "".join(
            str(self.chance.randint(0, 9)) for _ in range(count - 1)
        )

    def letters(self, count: int) -> str:
        return "".join(self.chance.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(count))

    # Names
    def full(self, label: str) -> str:
        return " ".join(self.person(label))

    def middle(self, label: str) -> str:
        first, last = self.person(label)
        return f"{first} {self.letters(1)}. {last}"

    def reversed(self, label: str) -> str:
        first, last = self.person(label)
        return f"{last}, {first}"

    def capitals(self, label: str) -> str:
        first, last = self.person(label)
        return f"{last}, {first}".upper()

    def surname(self, label: str) -> str:
        return self.person(label)[1]

    def given(self, label: str) -> str:
        return self.person(label)[0]

    # Dates
    def us(self, label: str) -> str:
        year, month, day = self.day(label)
        form = self.chance.choice(
            ("{m}/{d}/{y}", "{m:02}/{d:02}/{y}", "{m}/{d}/{s:02}", "{m:02}-{d:02}-{y}")
        )
        return form.format(m=month, d=day, y=year, s=year % 100)

    def iso(self, label: str) -> str:
        return "{}-{:02}-{:02}".format(*self.day(label))

    def written(self, label: str) -> str:
        year, month, day = self.day(label)
        th, name = TH.get(day, "th"), MONTHS[month - 1]
        return self.chance.choice(
            (f"{name} {day}, {year}", f"{name} {day}{th}, {year}", f"{day} {name} {year}",
             f"{name[:3]} {day} {year}", f"{day}-{name[:3]}-{year}", f"the {day}{th} of {name}, {year}")
        )  # fmt: skip

    def monthday(self, label: str) -> str:
        _, month, day = self.day(label)
        th, name = TH.get(day, "th"), MONTHS[month - 1]
        return self.chance.choice(
            (
                f"{name} {day}{th}",
                f"the {day}{th} of {name}",
                f"{name[:3]}. {day}" if month != 5 else f"May {day}",
            )
        )

    def monthyear(self, label: str) -> str:
        year, month, _ = self.day(label)
        return self.chance.choice((f"{MONTHS[month - 1]} {year}", f"{month:02}/{year}"))

    def slash(self, label: str) -> str:
        _, month, day = self.day(label)
        return f"{month}/{day}"

    def dob(self, label: str) -> str:
        pick = self.chance.randint
        year, month, day = pick(1936, 2008), pick(1, 12), pick(1, 28)
        return self.chance.choice(
            (
                f"{month}/{day}/{year}",
                f"{month:02}/{day:02}/{year % 100:02}",
                f"{year}-{month:02}-{day:02}",
                f"{MONTHS[month - 1]} {day}, {year}",
            )
        )

    def old(self, label: str) -> str:
        return str(self.chance.randint(90, 104))

    # Places
    def street(self, label: str) -> str:
        return f"{self.chance.randint(2, 9899)} {self.chance.choice(STREETS)}"

    def town(self, label: str) -> str:
        return self.chance.choice(TOWNS)[0]

    def zip(self, label: str) -> str:
        return self.chance.choice(TOWNS)[2]

    # Contacts
    def phone(self, label: str) -> str:
        a, b, c = (
            str(self.chance.randint(201, 989)),
            str(self.chance.randint(200, 999)),
            self.digits(4),
        )
        return self.chance.choice(
            (
                f"({a}) {b}-{c}",
                f"{a}-{b}-{c}",
                f"{a}.{b}.{c}",
                f"{a} {b} {c}",
                f"+1 {a} {b} {c}",
                f"1-{a}-{b}-{c}",
            )
        )

    def email(self, label: str) -> str:
        first, last = self.person(label)
        last = re.sub(r"\W", "", last)
        return self.chance.choice(
            (
                f"{first}.{last}@example.com",
                f"{first[0]}{last}{self.digits(2)}@mail.example.org",
                f"{last}_{first}@clinic.example.net",
            )
        ).lower()

    def url(self, label: str) -> str:
        return self.chance.choice(
            (
                f"https://mychart.example.org/patient/{self.digits(6)}",
                f"http://portal.example.com/u?id={self.digits(5)}",
                f"www.example-family-blog.com/{self.letters(5).lower()}",
            )
        )

    def ip(self, label: str) -> str:
        octet = self.chance.randint
        return self.chance.choice(
            (
                f"10.{octet(0, 255)}.{octet(0, 255)}.{octet(1, 254)}",
                f"192.168.{octet(0, 255)}.{octet(1, 254)}",
                f"2001:db8:85a3::8a2e:370:{octet(1000, 9999)}",
            )
        )

    # Numbers
    def ssn(self, label: str) -> str:
        d = self.chance.randint
        return f"{d(100, 665)}-{d(10, 99)}-{d(1000, 9999)}"

    def mrn(self, label: str) -> str:
        return self.chance.choice(
            (
                self.digits(7),
                self.digits(8),
                "00" + self.digits(6),
                f"{self.letters(1)}{self.digits(7)}",
                f"{self.digits(3)}-{self.digits(2)}-{self.digits(3)}",
            )
        )

    def plan(self, label: str) -> str:
        return self.chance.choice(
            (
                f"{self.letters(3)}{self.digits(9)}",
                self.digits(10),
                f"W{self.digits(8)}",
                f"1EG4-TE{self.chance.randint(1, 9)}-MK7{self.chance.randint(0, 9)}",
            )
        )

    def account(self, label: str) -> str:
        return self.chance.choice(
            (self.digits(9), f"{self.letters(2)}-{self.digits(6)}", self.digits(12))
        )

    def license(self, label: str) -> str:
        return self.chance.choice(
            (
                f"{self.letters(1)}{self.digits(7)}",
                f"{self.letters(2)}{self.digits(6)}",
                self.digits(8),
            )
        )

    def plate(self, label: str) -> str:
        return self.chance.choice(
            (
                f"{self.letters(3)}-{self.digits(4)}",
                f"{self.digits(1)}{self.letters(3)}{self.digits(3)}",
                f"{self.letters(3)} {self.digits(3)}",
            )
        )

    def serial(self, label: str) -> str:
        return self.chance.choice(
            (
                f"{self.letters(3)}{self.digits(6)}",
                f"{self.digits(4)}-{self.digits(5)}",
                f"{self.letters(2)}{self.digits(4)}{self.letters(1)}{self.digits(3)}",
            )
        )

    def accession(self, label: str) -> str:
        return self.chance.choice(
            (
                f"S26-{self.digits(5)}",
                f"SP-25-{self.digits(4)}",
                f"{self.letters(2)}{self.digits(8)}",
                self.digits(9),
            )
        )

    def biometric(self, label: str) -> str:
        return self.chance.choice((f"FP-{self.digits(6)}", f"BIO{self.digits(7)}"))

    def photo(self, label: str) -> str:
        return self.chance.choice(
            (
                f"IMG_{self.digits(4)}.jpg",
                f"face_{self.letters(4).lower()}_{self.digits(2)}.png",
                f"DSC{self.digits(5)}.JPG",
            )
        )


_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")


def write(template: int, source: str, chance: random.Random, *, other: bool = False) -> Note:
    """One note of a template; ``other`` takes the names of the last held-back set."""
    values = Values(chance, OTHER_FIRST, OTHER_LAST) if other else Values(chance)
    parts, planted, position, length = [], [], 0, 0
    for match in _SLOT.finditer(source):
        kind, label = match.group(1), match.group(2) or f"{match.group(1)}{match.start()}"
        value = getattr(values, kind)(label)
        parts += [source[position : match.start()], value]
        length += match.start() - position
        planted.append(Planted(kind, length, length + len(value)))
        length += len(value)
        position = match.end()
    parts.append(source[position:])
    return Note(template, "".join(parts), tuple(planted))


def notes(templates: tuple[str, ...], each: int, seed: int, *, other: bool = False) -> list[Note]:
    """``each`` notes of every template, always the same ones for a seed."""
    chance = random.Random(seed)
    return [
        write(number, source, chance, other=other)
        for number, source in enumerate(templates)
        for _ in range(each)
    ]
