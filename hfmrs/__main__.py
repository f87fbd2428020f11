"""`python -m hfmrs` is the `hfmrs` command."""

from hfmrs.cli import main

main()
