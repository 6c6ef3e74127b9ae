"""A Slack workspace on loopback, for tests and for `codecite demo`."""
