#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the sample files beside this script; the same bytes on every run. All names and numbers are invented.

data-sample/make.py [folder]    (default: where the script lies)
"""
import csv
import datetime
import os
import random
import sys

FIRST_DAY = datetime.date(2016, 1, 1)
LAST_DAY = datetime.date(2017, 12, 31)
DAYS = (LAST_DAY - FIRST_DAY).days + 1


def write(path, rows, **dialect):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, **{"lineterminator": "\n", **dialect}).writerows(rows)


def sales(rng):
    """100,000 orders of a furniture shop over two years, in the order of their dates, busier before Christmas."""
    products = [("Oak table", 34900), ("Pine shelf", 8950), ("Desk lamp", 2499), ("Office chair", 18900), ("Sofa, two seats", 59900),
                ("Wool rug", 12900), ("Mirror 60x90", 6450), ("Bed frame", 27900), ("Cushion", 1295), ("Wall clock", 3990)]
    regions = ["North", "South", "East", "West"]
    weights = [1 + (day.month in (11, 12)) + 0.4 * (day.weekday() >= 5) for day in days()]
    per_day = [0] * DAYS
    for index in rng.choices(range(DAYS), weights, k=100_000):
        per_day[index] += 1
    yield ["order_id", "order_date", "region", "product", "quantity", "unit_price", "paid"]
    order = 100_000
    for day, count in zip(days(), per_day):
        for _ in range(count):
            order += 1
            product, cents = products[min(int(rng.expovariate(0.35)), 9)]
            cents = cents * rng.choice((100, 100, 100, 95, 90, 80)) // 100
            yield [order, day.isoformat(), rng.choice(regions), product, 1 + int(rng.expovariate(0.9)),
                   f"{cents // 100}.{cents % 100:02}", "no" if rng.random() < 0.03 else "yes"]


def tickets(rng):
    """3,000 calls for help, with quoted texts over several lines, doubled quotes, empty cells, times."""
    openings = ["The drawer of my “Oak table” does not close.", "Where is my order?", "The lamp flickers.",
                "I was sent the wrong colour.", "Größe und Maße stimmen nicht.", "Le tapis est arrivé abîmé."]
    details = ["It says \"out for delivery\" since Monday.", "I tried:\n- another socket\n- another bulb", "Please call, do not write.",
               "Picture 1: front\nPicture 2: back", "Thank you; best regards", "Serial no.: 0042,17"]
    yield ["ticket", "opened_at", "closed_on", "customer", "rating", "text"]
    moment = datetime.datetime(2016, 1, 4, 8, 0, 0)
    for number in range(1, 3001):
        moment += datetime.timedelta(seconds=rng.randrange(60, 41_000))
        closed = moment.date() + datetime.timedelta(days=rng.randrange(0, 20))
        is_open = rng.random() < 0.06
        text = "\n".join([rng.choice(openings)] + rng.sample(details, rng.randrange(0, 3)))
        yield [f"T-{number:05}", moment.isoformat(sep=" "), "" if is_open else closed.isoformat(), f"c{rng.randrange(1, 900):04}",
               "" if is_open or rng.random() < 0.4 else rng.randrange(1, 6), text]


def meters(rng):
    """A reading of each of six heat meters every day: semicolons, d/m/Y, decimal commas, CR LF."""
    yield ["Zähler", "Datum", "Stand kWh", "Vorlauf °C", "Bemerkung"]
    stands = [rng.randrange(10_000, 90_000) for _ in range(6)]
    for day in days():
        winter = abs(((day.timetuple().tm_yday + 10) % 365) - 182) / 182
        for meter in range(6):
            stands[meter] += int(rng.uniform(5, 20) + 90 * winter)
            temperature = 45 + 25 * winter + rng.uniform(-3, 3)
            remark = "abgelesen; Sonderfall" if rng.random() < 0.01 else ""
            yield [f"HM-{meter + 1}", day.strftime("%d/%m/%Y"), stands[meter], f"{temperature:.1f}".replace(".", ","), remark]


def deliveries(rng):
    """500 deliveries of which some lines have a field too many or too few, as exports by hand do."""
    yield ["delivery", "delivered_on", "weight_kg", "town"]
    towns = ["Aldermoor", "Birkfeld", "Cresthaven", "Dunmere", "Eastwick"]
    for number in range(1, 501):
        day = FIRST_DAY + datetime.timedelta(days=rng.randrange(DAYS))
        row = [number, day.isoformat(), f"{rng.uniform(0.2, 60):.2f}", rng.choice(towns)]
        if number % 97 == 0:
            row.append("left with a neighbour")
        if number % 149 == 0:
            row = row[:2]
        yield row


def members(rng):
    """200 people in 12 teams, without a mistake."""
    first = ["Ada", "Ben", "Chloé", "Dana", "Emil", "Fatima", "Grace", "Hugo", "Ines", "Jonas", "Kira", "Luca", "Mei", "Noor", "Ole", "Petra"]
    last = ["Ahlberg", "Baker", "Costa", "Dvořák", "Eriksen", "Fischer", "García", "Hansen", "Ito", "Jones", "Keller", "Lindqvist", "Moreau"]
    plain = str.maketrans("éřáí", "erai")
    teams = ["Blue", "Green", "Red", "Orange", "Finance", "Support", "Warehouse", "Café", "Night shift", "Web", "Data", "Field"]
    names = rng.sample([f"{a} {b}" for a in first for b in last], 200)
    yield ["team", "name", "email", "role"]
    for index, name in enumerate(names):
        role = "admin" if index < len(teams) else rng.choice(("member", "member", "member", "viewer", ""))
        yield [teams[index % len(teams)], name, name.lower().translate(plain).replace(" ", ".") + "@example.com", role]


def members_with_mistakes():
    """One line for each kind of mistake, between lines that are right."""
    yield ["team", "name", "email", "role"]
    yield ["Blue", "Ann Right", "ann.right@example.com", "admin"]
    yield ["Blue", "Bob Twosigns", "bob@@example.com", "member"]           # no address
    yield ["Blue", "Cid Nosign", "cid.example.com", "member"]              # no address
    yield ["Blue", "Dee Noaddress", "", "member"]                          # e-mail missing
    yield ["", "Eve Noteam", "eve@example.com", "member"]                  # team missing
    yield ["Blue", "", "nameless@example.com", "member"]                   # name missing
    yield ["Blue", "Fay Strangerole", "fay@example.com", "owner"]          # no such role
    yield ["Blue", "Ann Again", "Ann.Right@Example.com", "member"]         # same e-mail, same team, above
    yield ["Blue", "Gus Linebreak", "gus@example.com\r\nBcc: all@example.com", "member"]  # line break in the e-mail
    yield ["Blue", "H" * 300, "long.name@example.com", "member"]           # name too long
    yield ["T" * 300, "Ivy Longteam", "ivy@example.com", "member"]         # team too long
    yield ["Blue", "Jim Toofew", "jim@example.com"]                        # a field too few: role left out
    yield ["Blue", "Kim Toomany", "kim@example.com", "member", "extra"]    # a field too many
    yield ["Café", "Lea Composed", "lea@example.com", "member"]
    yield ["Cafe\u0301", "Max Decomposed", "max@example.com", "member"]    # the same team, written otherwise
    yield ["Green", "Zoe Right", "zoe.right@example.com", "viewer"]


def days():
    return [FIRST_DAY + datetime.timedelta(days=index) for index in range(DAYS)]


def make(folder):
    upload, team = os.path.join(folder, "upload"), os.path.join(folder, "team")
    write(f"{upload}/sales.csv", sales(random.Random(2016)))
    write(f"{upload}/support-tickets.csv", tickets(random.Random(2017)))
    write(f"{upload}/heat-meters.csv", meters(random.Random(42)), delimiter=";", lineterminator="\r\n")
    write(f"{upload}/deliveries-with-mistakes.csv", deliveries(random.Random(7)))
    write(f"{team}/members.csv", members(random.Random(12)))
    write(f"{team}/members-with-mistakes.csv", members_with_mistakes())


if __name__ == "__main__":
    make(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__)))
