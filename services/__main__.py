"""The entry: ``python -m services`` runs the whole suite in one process, ``python -m services --help`` says what else."""

from services.cli import main

if __name__ == "__main__":
    main()
