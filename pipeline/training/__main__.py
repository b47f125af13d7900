"""`python -m pipeline.training COMMAND …`: makes the sample corpus and the models."""

from __future__ import annotations

import sys
from importlib import import_module

# One row a command: its module has `main(argv) -> int` and is imported only when it is called.
COMMANDS = {
    "claims": "pipeline.training.claims_encoder",
    "corpus": "pipeline.training.corpus",
    "encoder": "pipeline.training.encoder",
    "floors": "pipeline.training.floors",
    "pairs": "pipeline.training.pairs",
    "roles": "pipeline.training.roles",
    "tagger": "pipeline.training.tagger",
    "tagger-scores": "pipeline.training.tagger_report",
    "themes": "pipeline.training.themes",
    "themes-encoder": "pipeline.training.themes_encoder",
    "themes-teacher": "pipeline.training.themes_teacher",
}


def main(argv: list[str]) -> int:
    """Hand the rest of the line to the command that it starts with; the exit code comes back."""
    if not argv or argv[0] not in COMMANDS:
        sys.stderr.write("usage: python -m pipeline.training {" + ",".join(COMMANDS) + "} ...\n")
        return 2
    module = import_module(COMMANDS[argv[0]])
    return int(module.main(argv[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
