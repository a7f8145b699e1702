"""`python -m annolog`: the command line."""

from annolog.infra.cli.main import run

run()
