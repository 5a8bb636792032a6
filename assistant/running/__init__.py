"""Getting the service to run: environment, processes, self-check, dictation."""
