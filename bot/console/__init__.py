"""The leads' console in a browser: server-rendered pages over the desk, on loopback by default."""
