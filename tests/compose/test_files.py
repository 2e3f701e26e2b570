# SPDX-License-Identifier: MIT
"""docker-compose.yml as it is written; no Engine is needed for it."""
import json
import os
import subprocess
import tempfile
import unittest

import jsonschema

from support.servers import ROOT


def configuration(**environment):
    """The file with everything filled in, as JSON."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("SLUICE_")}
    shown = subprocess.run(["docker-compose", "config"], cwd=ROOT, env={**clean, **environment}, check=True,
                           capture_output=True, text=True).stdout
    import yaml  # docker-compose depends on it
    return json.loads(json.dumps(yaml.safe_load(shown), default=str))


def specification():
    """What checks a file against the Compose Specification."""
    with tempfile.NamedTemporaryFile(prefix="sluice-") as file:
        subprocess.run([os.path.join(ROOT, "sluice"), "node", "tests/compose", "tests/compose/schema.mjs", file.name], cwd=ROOT, check=True)
        return jsonschema.Draft201909Validator(json.load(file))


class ComposeFile(unittest.TestCase):
    def test_only_one_port_of_this_machine_is_published(self):
        services = configuration()["services"]
        self.assertEqual({name: service["ports"] for name, service in services.items() if service.get("ports")},
                         {"app": ["127.0.0.1:8081:8081/tcp"]})

    def test_the_address_is_a_setting(self):
        app = configuration(SLUICE_PUBLISH="127.0.0.1:9000")["services"]["app"]
        self.assertEqual(app["ports"], ["127.0.0.1:9000:8081/tcp"])
        self.assertEqual(app["environment"]["SLUICE_PUBLISH"], "127.0.0.1:9000")

    def test_valid_for_compose_1_29_and_v2(self):
        """1.29 has just read it; v2 goes by the Compose Specification. Between the two: v2 warns of `version`, 1.29 refuses
        `name`."""
        import yaml
        with open(os.path.join(ROOT, "docker-compose.yml")) as file:
            written = yaml.safe_load(file)
        self.assertEqual({key for key in written if not key.startswith("x-")}, {"services", "volumes"})
        rules = specification()
        self.assertEqual([f"{'/'.join(map(str, error.path))}: {error.message}" for error in rules.iter_errors(written)], [])
        written["services"]["app"]["memory"] = "4g"
        self.assertFalse(rules.is_valid(written), "a word that nobody knows is found")

    def test_no_service_is_privileged(self):
        for name, service in configuration()["services"].items():
            self.assertEqual(service.get("security_opt"), ["no-new-privileges:true"], name)
            self.assertNotIn("privileged", service)
