"""The entry: ``python -m services`` runs the whole suite in one process; ``--help`` says what else there is."""

from services.cli import main

if __name__ == "__main__":
    main()
