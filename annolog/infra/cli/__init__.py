"""The command line: noun verb, `--json` everywhere, exit codes that scripts can rely on."""
