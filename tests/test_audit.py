"""What `make audit` makes of the answers of npm and pip-audit: faults, and that nobody knows."""

from __future__ import annotations

import pytest

from tools.audit import Unanswered, npm_faults, pip_faults


def test_a_registry_that_does_not_answer_is_said_in_a_sentence() -> None:
    refused = {
        "message": "405 Method Not Allowed - POST https://npm.example/advisories",
        "statusCode": 405,
        "error": {},
    }
    with pytest.raises(Unanswered, match=r"did not answer the audit: 405 Method Not Allowed .*npm_config_registry="):
        npm_faults(refused)
    with pytest.raises(Unanswered, match="1 of 2 locked packages were not audited: not found on PyPI"):
        pip_faults(
            {
                "dependencies": [
                    {"name": "flask", "version": "3.1", "vulns": []},
                    {"name": "numpy", "skip_reason": "not found on PyPI"},
                ]
            }
        )


def test_faults_are_named_with_what_mends_them() -> None:
    via = ["other", {"title": "Code injection", "url": "https://advisories.example/1"}]
    found = npm_faults({"vulnerabilities": {"json5": {"range": "<2.2.2", "severity": "high", "via": via}}})
    assert found == ["json5 <2.2.2: high, through other, Code injection (https://advisories.example/1)"]
    fault = {"id": "PYSEC-1", "fix_versions": ["3.2"], "aliases": [], "description": ""}
    assert pip_faults({"dependencies": [{"name": "flask", "version": "3.1", "vulns": [fault]}]}) == [
        "flask 3.1: PYSEC-1, mended in 3.2"
    ]
    assert npm_faults({"vulnerabilities": {}}) == pip_faults({"dependencies": []}) == []
