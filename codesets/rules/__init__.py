"""The coding rules: one rule a module, over one installed release, each with its section.

``engine.check`` runs them all; ``engine.RULES`` lists them; ``sequencing.sequence`` orders a list.
"""
