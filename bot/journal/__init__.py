"""The exchange journal: schema, migrations, append and read."""
