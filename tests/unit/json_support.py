"""Validating against the schema of the JSON trace."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator


def schema() -> dict[str, Any]:
    """The schema as it is installed."""
    text = resources.files("seize.strace").joinpath("schema.json").read_text()
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def _validator(definition: str) -> Draft202012Validator:
    whole = schema()
    Draft202012Validator.check_schema(whole)
    if not definition:
        return Draft202012Validator(whole)
    return Draft202012Validator({"$ref": f"#/$defs/{definition}", "$defs": whole["$defs"]})


def validate(definition: str, found: object) -> None:
    """Fail, with the place, unless an object is as a definition of the schema says.

    An empty definition stands for any line of a trace.
    """
    problem = next(iter(_validator(definition).iter_errors(found)), None)
    assert problem is None, f"{problem.json_path}: {problem.message}: {found}"
