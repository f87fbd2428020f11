"""The Cypher statements, one a file. No Python logic lives here: `graph.statements` reads the files."""
