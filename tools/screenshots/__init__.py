"""Pictures of every page, light and dark, of the demo's project: `python -m tools.screenshots`."""
