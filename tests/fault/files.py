# SPDX-License-Identifier: MIT
"""The files that jobs work on, and what has to come of them."""
import hashlib

BATCH = 5000      # records of one commit of an import
RECORDS = 30_000
BAD = tuple(range(1111, RECORDS, 4567))  # records with a field too many: rejects


def csv_file(records=RECORDS, bad=BAD):
    lines = ["id,name,amount,day"]
    for n in range(1, records + 1):
        lines.append(f"{n},name {n * 7919 % 10007},{n % 9973}.{n % 100:02d},20{10 + n % 10}-{1 + n % 12:02d}-{1 + n % 28:02d}")
        if n in bad:
            lines[-1] += ",surplus"
    return ("\n".join(lines) + "\n").encode()


def exported(data, bad=BAD):
    """What an export of the loaded file is: its good records, with the line ends of RFC 4180."""
    lines = data.decode().splitlines()
    return "".join(line + "\r\n" for n, line in enumerate(lines) if n not in bad).encode()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


TEAMS, MEMBERS = 40, 2000


def team_file(tag, members=MEMBERS):
    """Members of teams that no other file names."""
    lines = ["team,name,email,role"]
    for n in range(members):
        role = ("admin", "member", "viewer")[n % 3]
        lines.append(f"{tag} {n % TEAMS},Person {n},p{n}@{tag}.example,{role}")
    return ("\n".join(lines) + "\n").encode()
