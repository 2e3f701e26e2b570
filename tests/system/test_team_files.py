# SPDX-License-Identifier: MIT
"""Team files as people have them: other dialects, names written in other ways, the sample of every mistake mended; and the lists of
teams page by page."""
import csv
import io

from team_verbs import TeamTest, sample


class TeamFiles(TeamTest):
    def told(self, one):
        """Per row: what becomes of it, and the codes that it has."""
        return [[row["status"], *(error["code"] for error in row["errors"])] for row in self.rows(one["uid"])]

    def pages(self, path, items, limit):
        """All items of a list, page by page."""
        found, cursor = [], ""
        while True:
            page = self.stack.get(f"{path}{'&' if '?' in path else '?'}limit={limit}{cursor}").json
            self.assertLessEqual(len(page[items]), limit)
            found += page[items]
            if page["next"] is None:
                return found
            cursor = f"&cursor={page['next']}"

    def test_files_of_other_dialects_and_encodings(self):
        rows = [["E-Mail", "Mannschaft", "team", "Full Name"], ["jörg@größe.example", "x", "Größe {}", "Jörg; der Erste"],
                ["zoe@größe.example", "y", "Größe {}", 'Zoë "Z"']]
        for number, (delimiter, encoding) in enumerate(((";", "windows-1252"), ("\t", "utf-8-sig"), ("|", "utf-16"), (",", "utf-8"))):
            with self.subTest(delimiter=delimiter, encoding=encoding):
                out = io.StringIO(newline="")
                csv.writer(out, delimiter=delimiter).writerows([cell.format(number) for cell in row] for row in rows)
                one = self.send(out.getvalue().encode(encoding))
                self.assertEqual(one["team_import"]["columns"]["ignored"], ["Mannschaft"])
                self.assertEqual([(m["name"], m["email"]) for m in self.members(f"Gr%C3%B6%C3%9Fe%20{number}")],
                                 [("Jörg; der Erste", "jörg@größe.example"), ('Zoë "Z"', "zoe@größe.example")])

    def test_what_is_there_already_is_updated_or_left(self):
        self.send("team,name,email,role\nStanding,Ann,ann@standing.example,viewer\nStanding,Bob,bob@standing.example,member\n")
        one = self.send("team,name,email,role\nstanding,Annie,ANN@standing.example,admin\nStanding,Bob,bob@standing.example,\n"
                        "Standing,Cid,cid@standing.example,\n", "?dry_run=1", ("paused",))
        self.assertEqual(self.told(one), [["updated", "team.spelling"], ["unchanged"], ["created"]])
        counts = one["team_import"]["counts"]
        self.assertEqual((counts["created"], counts["updated"], counts["unchanged"], one["team_import"]["teams_created"]), (1, 1, 1, 0))
        self.stack.post(f"/team/{one['uid']}/commit")
        self.stack.wait_job(one["uid"], "succeeded")
        self.assertEqual([(m["name"], m["email"], m["role"]) for m in self.members("Standing")],
                         [("Annie", "ann@standing.example", "admin"), ("Bob", "bob@standing.example", "member"),
                          ("Cid", "cid@standing.example", "member")])

    def test_names_are_equal_after_normalisation_and_folding(self):
        one = self.send("team,email\nCafé Straße,a@folded.example\nCafe\u0301 Straße,A@FOLDED.example\nCafe\u0301 Straße,b@folded.example\n",
                        "?dry_run=1", ("paused",))
        self.assertEqual(self.told(one), [["created"], ["error", "team.duplicate_in_file"], ["created"]])
        self.assertEqual(one["team_import"]["teams_created"], 1)
        other = self.send("team,email\nCafé Straße,a@folded.example\nCAFÉ STRASSE,b@folded.example\n", "?dry_run=1", ("paused",))
        self.assertEqual(self.told(other), [["created"], ["error", "team.spelling"]])

    def test_a_near_miss_of_a_name_is_told(self):
        self.send("team,email\nNightingale,a@nightingale.example\n")
        one = self.send("team,email\nNightingail,b@nightingale.example\n", "?dry_run=1", ("paused",))
        [row] = self.rows(one["uid"])
        self.assertEqual((row["status"], row["errors"][0]["code"], row["errors"][0]["severity"]), ("created", "team.similar_name", "warning"))
        self.assertEqual(row["errors"][0]["hint"], "Did you mean 'Nightingale'?")

    def test_the_sample_of_every_mistake_uploads_clean_once_it_is_mended(self):
        one = self.send(sample("members-with-mistakes.csv"), "?dry_run=1", ("paused",))
        with_mistakes = one["team_import"]["counts"]
        self.assertGreater(with_mistakes["errors"], 9)
        header, *rows = csv.reader(io.StringIO(self.stack.get(f"/team/{one['uid']}/report").body.decode(), newline=""))
        self.assertEqual(header, ["team", "name", "email", "role", "_row", "_status", "_error"])
        self.assertEqual([row[4] for row in rows], [str(number) for number in range(1, len(rows) + 1)])
        for row in rows:
            self.assertEqual(bool(row[6]), row[5] == "error" or "Did you mean" in row[6] or "already" in row[6], row)
            if row[5] == "error":
                row[:4] = ["Mended sample", f"Mended {row[4]}", f"mended{row[4]}@sample.example", "member"]
                del row[7:]  # fields that the header has no names for
        out = io.StringIO(newline="")
        csv.writer(out).writerows([header, *rows])
        mended = self.send(out.getvalue(), "?dry_run=1", ("paused",))["team_import"]["counts"]
        self.assertEqual((mended["errors"], mended["total"]), (0, with_mistakes["total"]))

    def test_teams_and_members_page_by_page(self):
        teams = [f"Paged {letter}" for letter in "abcdefg"]
        self.send("team,email\n" + "".join(f"{team},{i}@paged.example\n" for team in teams for i in range(5)))
        found = self.pages("/team/groups?search=PAGED", "items", 3)
        self.assertEqual([(team["name"], team["member_count"]) for team in found], [(team, 5) for team in teams])
        self.assertEqual([team["name"] for team in self.pages("/team/groups?search=aged%20C", "items", 3)], ["Paged c"])
        members = self.pages(f"/team/groups/{found[2]['uid']}", "members", 2)
        self.assertEqual([member["email"] for member in members], [f"{i}@paged.example" for i in range(5)])
        self.assertEqual(self.stack.get("/team/groups/01234567-89ab-4def-8123-456789abcdef").json["code"], "team.group_not_found")

    def test_a_file_of_teams_can_be_made_harmless(self):
        self.send("team,name,email\nSafe,=1+1,a@safe.example\n")
        kept, escaped = (self.stack.get(f"/team/groups.csv?search=safe{query}").body.decode() for query in ("", "&formulas=escape"))
        self.assertIn("Safe,=1+1,a@safe.example,member", kept)
        self.assertEqual(list(csv.reader(io.StringIO(escaped, newline="")))[1], ["Safe", "'=1+1", "a@safe.example", "member"])
