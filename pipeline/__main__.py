"""`python -m pipeline` is the same as `candour`."""

from pipeline.cli.app import main

if __name__ == "__main__":
    main()
