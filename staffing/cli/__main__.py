"""``python -m staffing.cli``."""

from staffing.cli.main import main

main()
