"""The HTTP face: resources to read, commands to write, problems with a documented type per refusal."""
